"""Opening a round, naming its people, convening and withdrawing it."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from projects import ledger, lifecycle, notices
from projects.access import locked, seat
from projects.blocker import Blocked, Refused
from projects.holders import holders
from projects.models import ArtifactStatus, ArtifactVersion, Involvement, Project, User
from reviews import additions, gates, signing, terms
from reviews.access import RoomSeat, locked_review, room_seat
from reviews.actions.carrying import carry_over
from reviews.actions.changes import content_changed
from reviews.actions.invitations import keep_invited
from reviews.carried import last_decided
from reviews.catalog import REVIEW_TYPES, VERSION, items_for, rigor
from reviews.models import (
    OPEN_STATES,
    Mode,
    Participant,
    PinnedInput,
    Review,
    ReviewItem,
    ReviewKind,
    Section,
)
from reviews.terms import Terms


class UnfitChair(Refused):
    """The person cannot chair this review (EXT-11)."""


class NotNamed(Refused):
    """The person cannot be named for this group."""


class UnknownCandidate(Refused):
    """No release candidate of the project has this name (SEED-31)."""


@transaction.atomic
def open_round(
    *,
    project_id: int,
    kind: ReviewKind,
    by: User,
    chair: User,
    now: datetime,
    mode: str = "",
    scheduled_for: datetime | None = None,
    place: str = "",
    candidate: str = "",
    delta: bool = False,
) -> Review:
    """A round is prepared: its items are frozen from the catalog, its people pre-filled (SEED-56, SEED-80).

    Args:
        chair: decides; never the project's program manager.
        mode: meeting or async; what the category's profile says when empty.
        scheduled_for: aware moment of the meeting or of closing.
        place: room, telephone number or address of a call; for a meeting.
        candidate: reference of the release candidate under review, as registered for the project; only for a release,
            and may be empty while the project is not yet in Stabilize.
        delta: answers of the last decided round that no change has touched are carried over when it is convened.

    Raises: NotAllowed, Blocked, UnfitChair, UnknownCandidate.
    """
    project = locked(project_id)
    opener = seat(by, project)
    opener.require(opener.manages, _("A review is opened by the program manager or a solution manager."))
    found = gates.opening_blockers(project, kind)
    if found:
        raise Blocked(found)
    _check_chair(project, chair)
    candidate = _candidate(project, kind, candidate)
    if delta and last_decided(project, kind) is None:
        raise Refused(_("A delta review stands on an earlier round that was decided."))
    rounds = Review.objects.filter(project=project, kind=kind)
    review = Review.objects.create(
        project=project,
        kind=kind,
        round=(rounds.aggregate(last=Max("round"))["last"] or 0) + 1,
        mode=mode or rigor(kind, project.category).mode,
        catalog_version=VERSION,
        category=project.category,
        delta=delta,
        policy=terms.version_in_force(kind, project.category),
        signer_roles=additions.signer_roles(kind, project.category),
        candidate=candidate,
        chair=chair,
        scheduled_for=scheduled_for,
        place=place.strip(),
        created_at=now,
        created_by=by,
    )
    _freeze_items(review)
    ledger.record(
        project=project,
        by=by,
        event="review.opened",
        obj=review,
        now=now,
        after=ledger.row(review),
    )
    _involve(project, chair)
    _prefill(review, by=by, now=now)
    return review


def _check_chair(project: Project, chair: User) -> None:
    if not chair.is_active or chair.is_auditor:
        raise UnfitChair(_("%(person)s cannot chair: not active, or an auditor.") % {"person": chair})
    if project.roles.filter(user=chair, role="R-PGM", ends_on__isnull=True).exists():
        raise UnfitChair(_("%(person)s is the program manager and cannot chair.") % {"person": chair})


def _candidate(project: Project, kind: str, named: str) -> str:
    """The candidate that a round is about: a registered one for a release, none for a plan (SEED-31).

    A round that is prepared ahead may be without one: the entrance check asks for it.
    """
    named = named.strip()
    if kind != ReviewKind.RR or (not named and project.stage not in gates.HELD_IN[ReviewKind.RR]):
        return ""
    if not named:
        raise UnknownCandidate(_("Say which release candidate is reviewed."))
    if not project.releasecandidates.filter(ref=named).exists():
        raise UnknownCandidate(
            _("%(candidate)s is not a release candidate of this project: register it first.") % {"candidate": named}
        )
    return named


def _freeze_items(review: Review) -> None:
    kinds = items_for(review.kind, review.category, conversion_applies=review.project.conversion_applies)
    ReviewItem.objects.bulk_create(
        ReviewItem(
            review=review,
            code=item.code,
            section=item.section,
            element=item.element,
            text=item.text,
            must=item.must and item.section != Section.OUTPUT.value,
            protected=item.protected,
            may_be_na=item.may_be_na,
            position=position,
            source=item.source,
        )
        for position, item in enumerate(kinds)
    )
    ReviewItem.objects.bulk_create(
        ReviewItem(
            review=review,
            code=own.code,
            section=own.section,
            element=own.element,
            text=own.text,
            must=own.must,
            position=position,
            source=own.source,
        )
        for position, own in enumerate(additions.questions(review.kind, review.category), start=len(kinds))
    )


def _involve(project: Project, person: User) -> None:
    Involvement.objects.get_or_create(project=project, user=person, reason="review")


def _prefill(review: Review, *, by: User, now: datetime) -> None:
    """People of the last round of this kind, else the holders of the roles that each group is made of."""
    last = (
        Review.objects.filter(project=review.project, kind=review.kind, round__lt=review.round)
        .order_by("-round")
        .first()
    )
    held = terms.of(review)
    must_sign = {*rigor(review.kind, review.category).signer_roles, *review.signer_roles}
    named: set[int] = set()
    wanted = _again(review, held, last) if last is not None else []
    people, there = holders(review.project), {group for group, _person, _signs in wanted}
    taken = {person.pk for _group, person, _signs in wanted}
    for group in REVIEW_TYPES[review.kind].groups:
        if last is not None and (group.code in there or group.code not in held.groups):
            continue  # of a later round only what its rules ask for and the last one had nobody for
        voices = _voices(held, review, group.code)  # so many voices are enough; more can be named
        for role in group.roles:
            for person in people.get(role, []):
                fit = person.is_active and not person.is_auditor and person.pk not in taken
                taken.add(person.pk)
                wanted.append((group.code, person, fit and (voices > 0 or role in must_sign)))
                voices -= fit
    for group_code, person, signs in wanted:
        if person.is_active and person.pk not in named:
            named.add(person.pk)
            _name(review, group_code, person, signs=signs and not person.is_auditor, by=by, now=now)


def _again(review: Review, held: Terms, last: Review) -> list[tuple[str, User, bool]]:
    """Who took part in the last round; where more of a group must sign than did, the first of the others sign too."""
    earlier = list(last.participants.filter(removed_at__isnull=True).select_related("user"))
    signing_again = Counter(each.group for each in earlier if each.signs and each.user.is_active)
    found = []
    for each in earlier:
        free = each.user.is_active and not each.user.is_auditor and each.recused_at is None
        asked = free and not each.signs and signing_again[each.group] < _voices(held, review, each.group)
        signing_again[each.group] += asked
        found.append((each.group, each.user, each.signs or asked))
    return found


def _voices(held: Terms, review: Review, group: str) -> int:
    """How many of the group sign; without a meeting, as many as its quorum asks for."""
    if group not in held.signer_groups:
        return 0
    return held.quorum[group] if review.mode == Mode.ASYNC else 1


def _name(review: Review, group: str, person: User, *, signs: bool, by: User, now: datetime) -> Participant:
    recused_at = now if person.pk in review.recused else None  # named again or not: it stands for the round
    participant = Participant.objects.create(
        review=review, group=group, user=person, signs=signs, recused_at=recused_at
    )
    _involve(review.project, person)
    ledger.record(
        project=review.project,
        by=by,
        event="participant.named",
        obj=participant,
        now=now,
        after=ledger.row(participant, leave_out=("asked_at",)),
    )
    return participant


def _prepared_room(review_id: int, by: User) -> tuple[Review, RoomSeat]:
    project, review = locked_review(review_id, load=signing.load_people)
    found = lifecycle.status_blockers(project)
    if found:
        raise Blocked(found)
    room = room_seat(by, review)
    room.require(room.prepares, _("People and facts of a review are set by its chair or the program manager."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    return review, room


@transaction.atomic
def name_participant(*, review_id: int, by: User, group: str, person: User, signs: bool, now: datetime) -> Participant:
    """The person takes part for this group; the content that signers sign changes with it.

    Raises: NotAllowed, NotNamed, Refused.
    """
    review, _room = _prepared_room(review_id, by)
    if group not in {known.code for known in REVIEW_TYPES[review.kind].groups}:
        raise NotNamed(_("There is no group %(group)s.") % {"group": group})
    if not person.is_active:
        raise NotNamed(_("%(person)s has left.") % {"person": person})
    if signs and person.is_auditor:
        raise NotNamed(_("An auditor observes and does not sign."))
    if signs and person.pk in review.recused:
        raise NotNamed(_("%(person)s has declared a conflict of interest in this round.") % {"person": person})
    if any(other.user_id == person.pk for other in review.participants.all()):
        raise NotNamed(_("%(person)s takes part already.") % {"person": person})
    participant = _name(review, group, person, signs=signs, by=by, now=now)
    content_changed(review.pk, by=by, now=now)
    keep_invited(review.pk, by=by, now=now)
    return participant


@transaction.atomic
def remove_participant(*, review_id: int, participant_id: int, by: User, now: datetime) -> None:
    """The person no longer takes part; a signature already given stays in the record. Raises: NotAllowed, Refused."""
    review, _room = _prepared_room(review_id, by)
    participant = next((person for person in review.participants.all() if person.pk == participant_id), None)
    if participant is None:
        raise NotNamed(_("That person does not take part."))
    participant.removed_at = now
    participant.save(update_fields=["removed_at"])
    notices.cancel(about=participant)
    ledger.record(
        project=review.project,
        by=by,
        event="participant.removed",
        obj=participant,
        now=now,
        after=ledger.snapshot(participant, "group", "user", "removed_at"),
    )
    content_changed(review.pk, by=by, now=now)
    keep_invited(review.pk, by=by, now=now)


@transaction.atomic
def set_facts(
    *,
    review_id: int,
    by: User,
    chair: User,
    mode: str,
    scheduled_for: datetime | None,
    candidate: str,
    now: datetime,
    place: str = "",
) -> Review:
    """Chair, form, date, place and release candidate of the round are as given; who was called to it is told.

    Raises: NotAllowed, UnfitChair, UnknownCandidate, Refused.
    """
    review, _room = _prepared_room(review_id, by)
    if mode not in Mode.values:
        raise Refused(_("A review is held as a meeting or asynchronously."))
    candidate = _candidate(review.project, review.kind, candidate)
    new = {
        "chair": chair,
        "mode": mode,
        "scheduled_for": scheduled_for,
        "place": place.strip(),
        "candidate": candidate,
    }
    changed = [name for name, value in new.items() if getattr(review, name) != value]
    if "chair" in changed:
        _check_chair(review.project, chair)
        if chair.pk in review.recused:
            raise UnfitChair(_("%(person)s has declared a conflict of interest in this round.") % {"person": chair})
        _involve(review.project, chair)
    before = ledger.snapshot(review, *changed)
    for name in changed:
        setattr(review, name, new[name])
    if changed:
        review.save(update_fields=changed)
        ledger.record(
            project=review.project,
            by=by,
            event="review.facts_set",
            obj=review,
            now=now,
            before=before,
            after=ledger.snapshot(review, *changed),
        )
        content_changed(review.pk, by=by, now=now)
        keep_invited(review.pk, by=by, now=now)
    return review


@transaction.atomic
def convene(*, review_id: int, by: User, now: datetime) -> Review:
    """The round begins: the entrance check holds and each input is pinned to its newest approved version (SEED-40).

    Raises: NotAllowed, Blocked with what the entrance check lacks.
    """
    _project, review = locked_review(review_id)
    room = room_seat(by, review)
    room.require(room.prepares, _("A review is convened by its chair or the program manager."))
    found = gates.entrance_blockers(review, now)
    if found:
        raise Blocked(found)
    pinned = _pin_inputs(review, by=by, now=now)
    carried = carry_over(review, by=by, now=now) if review.delta else []
    review.convene()
    review.convened_at, review.convened_by = now, by
    review.save(update_fields=["state", "convened_at", "convened_by"])
    ledger.record(
        project=review.project,
        by=by,
        event="review.convened",
        obj=review,
        now=now,
        after={**ledger.snapshot(review, "state", "convened_at", "convened_by"), "pinned": pinned, "carried": carried},
    )
    for participant in review.participants.all():
        if participant.user_id != by.pk:
            notices.queue(
                kind="review.convened",
                to=participant.user,
                subject=_("%(ref)s of %(project)s is convened") % {"ref": review.ref, "project": review.project},
                body=_("You take part. Look at the questions and give the answers that are yours."),
                dedupe_key=f"review.convened:{review.pk}:{participant.pk}",
                now=now,
                project=review.project,
                path=review.get_absolute_url(),
                about=participant,
            )
    keep_invited(review.pk, by=by, now=now)
    return review


def _pin_inputs(review: Review, *, by: User, now: datetime) -> list[dict[str, str]]:
    wanted = {
        item.code: item.artifacts
        for item in items_for(review.kind, review.category, conversion_applies=review.project.conversion_applies)
        if item.section == Section.INPUT.value
    }
    approved: dict[str, ArtifactVersion] = {}
    for version in (
        ArtifactVersion.objects.filter(artifact__project=review.project, status=ArtifactStatus.APPROVED)
        .select_related("artifact")
        .order_by("number")
    ):
        approved[version.artifact.kind] = version
    pinned = []
    for item in review.items.all():
        kind = next((kind for kind in wanted.get(item.code, ()) if kind in approved), None)
        if kind is not None:
            version = approved[kind]
            PinnedInput.objects.create(item=item, version=version, pinned_at=now, pinned_by=by)
            pinned.append({"item": item.code, "artifact": kind, "version": version.label, "digest": version.digest})
    return pinned


@transaction.atomic
def withdraw(*, review_id: int, by: User, reason: str, now: datetime) -> Review:
    """The round ends without a decision and stays readable. Raises: NotAllowed, Refused."""
    _project, review = locked_review(review_id)
    room = room_seat(by, review)
    room.require(room.prepares, _("A round is withdrawn by its chair or the program manager."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    if not reason.strip():
        raise Refused(_("Give a reason: it stays in the record."))
    _withdraw(review, by=by, reason=reason.strip(), now=now)
    return review


def _withdraw(review: Review, *, by: User, reason: str, now: datetime) -> None:
    before = ledger.snapshot(review, "state")
    review.withdraw()
    review.save(update_fields=["state"])
    for participant in review.participants.all():
        notices.cancel(about=participant)
    ledger.record(
        project=review.project,
        by=by,
        event="review.withdrawn",
        obj=review,
        now=now,
        before=before,
        after=ledger.snapshot(review, "state"),
        reason=reason,
    )
    keep_invited(review.pk, by=by, now=now)


def withdraw_open_rounds(*, project: Project, by: User, reason: str, now: datetime) -> None:
    """Rework or cancellation ends what is open; called by the lower app through its port, under its row lock."""
    for review in Review.objects.filter(project=project, state__in=OPEN_STATES).select_related("project"):
        _withdraw(review, by=by, reason=reason, now=now)
