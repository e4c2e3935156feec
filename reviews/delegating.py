"""Who signs in whose place: derived from one loaded review. No clock of its own; `now` comes in.

A delegation lends one signature of one round and nothing else: not the answers, not the waivers, not the chair.
Whether the delegate is fit is asked when it is granted and again when he signs, for things change in between.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import role_name
from projects.catalog.segregation import conflicts
from projects.models import ArtifactVersion, User
from reviews import signing
from reviews.catalog import REVIEW_TYPES, Group
from reviews.models import Delegation, Participant, Review

LONGEST = timedelta(days=14)
"""A signature is lent for an absence: who is away for longer has somebody else named."""


@dataclass(frozen=True)
class Hand:
    """A person who may sign: for himself, or for the participant whose signature he was lent."""

    participant: Participant
    delegation: Delegation | None = None


def delegations(review: Review) -> list[Delegation]:
    """All of the round, revoked and ended ones too, as they were granted."""
    found = [each for person in review.participants.all() for each in person.delegations.all()]
    return sorted(found, key=lambda each: each.pk)


def live(participant: Participant, now: datetime) -> Delegation | None:
    """The delegation of this signature that holds or will hold; there is one at most."""
    return next((each for each in participant.delegations.all() if each.is_live(now)), None)


def in_force(participant: Participant, now: datetime) -> Delegation | None:
    """The delegation of this signature that holds now."""
    return next((each for each in participant.delegations.all() if each.holds(now)), None)


def hand_of(review: Review, user: User, now: datetime) -> Hand | None:
    """As whom this person signs now. His own signature goes before one that was lent to him."""
    for person in review.participants.all():
        if person.user_id == user.pk and person.signs:
            return Hand(person)
    for person in review.participants.all():
        held = in_force(person, now)
        if held is not None and held.delegate_id == user.pk and person.signs:
            return Hand(person, held)
    return None


def not_asked(review: Review, user: User, now: datetime) -> str:
    """Why this person does not sign, as a sentence: a delegation that is over or has not begun is named."""
    if user.pk in review.recused:
        return _("You have a conflict of interest on record: you do not sign %(ref)s.") % {"ref": review.ref}
    held = [each for each in delegations(review) if each.delegate_id == user.pk]
    if not held:
        return _("You are not asked to sign %(ref)s.") % {"ref": review.ref}
    last = held[-1]
    if last.revoked_at is not None:
        text = _("%(owner)s's delegation to you was revoked: you no longer sign %(ref)s.")
    elif now < last.starts_at:
        text = _("%(owner)s's delegation to you begins %(from)s: you do not sign %(ref)s before.")
    else:
        text = _("%(owner)s's delegation to you ended %(until)s: you no longer sign %(ref)s.")
    moments = {"from": f"{last.starts_at:%Y-%m-%d %H:%M} UTC", "until": f"{last.ends_at:%Y-%m-%d %H:%M} UTC"}
    return text % {"owner": last.participant.user, "ref": review.ref, **moments}


def group_of(participant: Participant) -> Group:
    groups = REVIEW_TYPES[participant.review.kind].groups
    return next(group for group in groups if group.code == participant.group)


def obstacle(participant: Participant, delegate: User, now: datetime) -> str:
    """Why this person cannot sign for that participant, as a sentence; empty when he can (EXT-11, EXT-24).

    Args:
        participant: of a review as `signing.load` gives it.
    """
    review, told = participant.review, {"person": delegate, "ref": participant.review.ref}
    if group_of(participant).in_person:
        return _("For %(group)s a person accepts for himself: this signature is not delegated.") % {
            "group": group_of(participant).name
        }
    if delegate.pk == participant.user_id:
        return _("%(person)s signs anyway: name somebody else.") % told
    if not delegate.is_active:
        return _("%(person)s has left: name somebody else.") % told
    if delegate.is_auditor:
        return _("%(person)s is an auditor, who observes and does not sign: name somebody else.") % told
    if delegate.pk == review.chair_id:
        return _("%(person)s chairs %(ref)s and decides it: the chair signs for nobody else.") % told
    if delegate.pk in review.recused:
        return _("%(person)s has declared a conflict of interest in %(ref)s: name somebody else.") % told
    if any(held.role == "R-PGM" and held.user_id == delegate.pk for held in review.project.roles.all()):
        return _("%(person)s is the program manager, whose plan is judged: name somebody else.") % told
    for other in review.participants.all():
        if other.user_id == delegate.pk and other.signs:
            return _("%(person)s signs for %(group)s already: name somebody else.") % {
                **told,
                "group": group_of(other).name,
            }
        lent = live(other, now)
        if other.pk != participant.pk and lent is not None and lent.delegate_id == delegate.pk:
            return _("%(person)s signs for %(other)s already: one person gives one signature.") % {
                **told,
                "other": other.user,
            }
    if apart := _kept_apart(participant, delegate):
        return _("%(person)s is %(held)s: this project separates that from %(role)s. Name somebody else.") % {
            **told,
            "held": role_name(apart[0]),
            "role": role_name(apart[1]),
        }
    written = next((version for version in stood_on(review) if version.author_id == delegate.pk), None)
    if written is not None:
        return _("%(person)s wrote %(artifact)s %(version)s, which is judged here: name somebody else.") % {
            **told,
            "artifact": artifact_name(written.artifact.kind),
            "version": written.label,
        }
    return ""


def _kept_apart(participant: Participant, delegate: User) -> tuple[str, str] | None:
    """A role of the delegate and one of the participant that the project keeps apart (SEED-51)."""
    project = participant.review.project
    if not project.role_segregation:
        return None
    held = [(assigned.role, assigned.user_id) for assigned in project.roles.all() if assigned.ends_on is None]
    mine = [role for role, person in held if person == delegate.pk]
    lent = [role for role, person in held if person == participant.user_id]
    pairs = ((one, other) for one in mine for other in lent)
    return next((pair for pair in pairs if conflicts(*pair, project.category) == "refuse"), None)


def stood_on(review: Review) -> list[ArtifactVersion]:
    """The versions that the round stands on: its pinned inputs, and the evidence of the answers that count."""
    found = [pin.version for item in review.items.all() for pin in item.pins.all()]
    for item in review.items.all():
        answer = signing.current_answer(item)
        found += list(answer.evidence_versions.all()) if answer else []
    return found


def one_hand(review: Review, one: int, other: int, now: datetime) -> bool:
    """Whether one of these two signs for the other in this round, now or later: neither approves the other's work.

    Args:
        one, other: ids of people.
    """
    return any(
        {lent.participant.user_id, lent.delegate_id} == {one, other} and lent.is_live(now)
        for lent in delegations(review)
    )
