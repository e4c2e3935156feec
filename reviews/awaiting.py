"""What waits for a person in reviews, and what a person asked for and still waits: for the inbox and its badge.

Plugged into `projects.ports` by `reviews.apps`. Each function costs a fixed number of queries; each kind is bounded.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import RoleAssignment, Status, User
from projects.ports import InboxEntry
from projects.workdays import zone_of
from reviews import owed, policy_desk, tally
from reviews.access import WAIVER_AUTHORITIES
from reviews.models import (
    GO_DECISIONS,
    OPEN_STATES,
    Condition,
    Delegation,
    Disposition,
    Finding,
    Participant,
    RemediationItem,
    Review,
    ReviewState,
    Waiver,
)

BOUND = 100
"""So many things of one kind are shown to one person at most."""


def _in_hand(prefix: str) -> Q:
    """Of projects that are active: one that rests or has ended chases nobody."""
    return Q(**{f"{prefix}project__status": Status.ACTIVE})


def _mine_to_sign(user: User) -> "QuerySet[Participant]":
    return Participant.objects.filter(_in_hand("review__"), user=user, user__is_auditor=False)


def _chaired(user: User) -> "QuerySet[Review]":
    return Review.objects.filter(_in_hand(""), chair=user, state=ReviewState.SIGNING).order_by("sign_off_due_at", "id")


def _waivers(user: User) -> "QuerySet[Waiver]":
    """Waivers that nobody has answered and this person may: as chair, or by a role on the project."""
    held = RoleAssignment.objects.filter(user=user, ends_on__isnull=True)
    return (
        Waiver.objects.filter(
            _in_hand("item__review__"),
            Q(item__review__chair=user)
            | Q(item__review__project__in=held.filter(role__in=["R-SM", *WAIVER_AUTHORITIES]).values("project")),
            item__review__state__in=[ReviewState.CONVENED, ReviewState.SIGNING],
            approved_at__isnull=True,
            refused_at__isnull=True,
        )
        .exclude(requested_by=user)
        .exclude(item__review__project__in=held.filter(role="R-PGM").values("project"))
    )


def _conditions(user: User) -> "QuerySet[Condition]":
    return owed.binding().filter(_in_hand("review__"), owner=user)


def _lapsed(user: User, now: datetime) -> "QuerySet[Condition]":
    """Overdue conditions of others, which this person may close: their go is on hold until somebody does (EXT-06)."""
    managed = RoleAssignment.objects.filter(user=user, role__in=["R-SM", "R-PGM"], ends_on__isnull=True)
    mine = Q(review__chair=user) | Q(review__project__in=managed.values("project"))
    return owed.overdue(now).filter(_in_hand("review__"), mine).exclude(owner=user)


def _held(user: User) -> "QuerySet[Review]":
    return owed.to_look_at_again().filter(_in_hand(""), chair=user)


def _remediation(user: User) -> "QuerySet[RemediationItem]":
    return RemediationItem.objects.filter(_in_hand("review__"), owner=user, done_at__isnull=True)


def _findings(user: User) -> "QuerySet[Finding]":
    """Findings to settle: while the round is open, and after its go."""
    live = Q(review__state__in=OPEN_STATES) | Q(review__decision__in=GO_DECISIONS)
    mine = Finding.objects.filter(_in_hand("review__"), owner=user, disposition=Disposition.OPEN)
    return mine.filter(live, merged_into__isnull=True)


def _lent_to(user: User, now: datetime) -> "QuerySet[Delegation]":
    """Signatures that this person may give for others now."""
    held = Delegation.objects.in_force(now).filter(_in_hand("participant__review__"), delegate=user)
    return held.filter(participant__review__state=ReviewState.SIGNING, delegate__is_auditor=False)


def _signing_of(user: User, now: datetime) -> dict[int, tally.Tally]:
    """Tallies of the rounds that this person chairs or signs in, for himself or for another."""
    asked = _mine_to_sign(user).filter(signs=True, removed_at__isnull=True, review__state=ReviewState.SIGNING)
    concerned = Q(review__in=_chaired(user).values("pk")[:BOUND]) | Q(
        review__in=asked.order_by("asked_at", "id").values("review")[:BOUND]
    )
    concerned |= Q(review__in=_lent_to(user, now).order_by("ends_at", "id").values("participant__review")[:BOUND])
    return tally.of_signing(Participant.objects.filter(concerned), lent_at=now)


def _decidable(user: User, tallies: dict[int, tally.Tally]) -> list[int]:
    """Rounds that this person chairs and everybody has signed."""
    return [key for key, stands in tallies.items() if stands.chair_id == user.pk and not stands.waiting]


def count(user: User, now: datetime) -> int:
    """How many things of reviews wait for this person. Two queries."""
    tallies = _signing_of(user, now)
    signatures = sum(waits.asks(user.pk) for stands in tallies.values() for waits in stands.waiting)
    others = [_waivers(user), _conditions(user), _lapsed(user, now), _findings(user), _remediation(user), _held(user)]
    others += policy_desk.kinds(user)
    first, *rest = (kind.order_by().values("pk") for kind in others)
    return signatures + len(_decidable(user, tallies)) + first.union(*rest, all=True).count()


def inbox(user: User, now: datetime) -> Iterator[InboxEntry]:
    """What waits for this person in reviews. Eight queries, and four more for whoever keeps the policy."""
    tallies = _signing_of(user, now)
    reviews = {review.pk: review for review in Review.objects.filter(pk__in=tallies).select_related("project")}
    return chain(
        _to_sign(user, tallies, reviews),
        _to_decide(user, tallies, reviews),
        (_waiver_entry(row) for row in _waivers(user).select_related("item__review__project")[:BOUND]),
        (
            _condition_entry(row)
            for row in _conditions(user)
            .select_related("review__project")
            .order_by(Coalesce("moved_to", "due_on"))[:BOUND]
        ),
        (
            _lapsed_entry(row)
            for row in _lapsed(user, now)
            .select_related("review__project")
            .order_by(Coalesce("moved_to", "due_on"))[:BOUND]
        ),
        (
            _finding_entry(row)
            for row in _findings(user).select_related("review__project").order_by("due_on", "id")[:BOUND]
        ),
        (
            _remediation_entry(row)
            for row in _remediation(user).select_related("review__project").order_by("due_on")[:BOUND]
        ),
        (_held_entry(row) for row in _held(user).select_related("project").order_by("next_review_on", "id")[:BOUND]),
        policy_desk.inbox(user),
    )


def _to_sign(user: User, tallies: dict[int, tally.Tally], reviews: dict[int, Review]) -> Iterator[InboxEntry]:
    for key, stands in tallies.items():
        for waits in stands.waiting:
            if not waits.asks(user.pk):
                continue
            review = reviews[key]
            text = (
                _("Sign %(ref)s: %(review)s") if waits.user_id == user.pk else _("Sign %(ref)s for %(who)s: %(review)s")
            )
            yield InboxEntry(
                kind="sign_off",
                text=text % {"ref": review.ref, "review": review.get_kind_display(), "who": waits.name},
                project=review.project,
                url=reverse("sign", args=[review.project.code, review.ref]),
                since=waits.since or review.created_at,
                due=_day(review.sign_off_due_at, user),
            )


def _to_decide(user: User, tallies: dict[int, tally.Tally], reviews: dict[int, Review]) -> Iterator[InboxEntry]:
    for key in _decidable(user, tallies):
        review = reviews[key]
        yield InboxEntry(
            kind="decide",
            text=_("Decide %(ref)s: all %(signers)d have signed")
            % {"ref": review.ref, "signers": tallies[key].signers},
            project=review.project,
            url=reverse("decide", args=[review.project.code, review.ref]),
            since=tallies[key].last_signed or review.sign_offs_requested_at or review.created_at,
            due=_day(review.scheduled_for or review.sign_off_due_at, user),
        )


def _waiver_entry(waiver: Waiver) -> InboxEntry:
    review = waiver.item.review
    return InboxEntry(
        kind="waiver",
        text=_("Approve or refuse the waiver of %(item)s in %(ref)s") % {"item": waiver.item.code, "ref": review.ref},
        project=review.project,
        url=reverse("review", args=[review.project.code, review.ref]) + f"#{waiver.item.code}",
        since=waiver.requested_at,
    )


def _condition_entry(condition: Condition) -> InboxEntry:
    review = condition.review
    return InboxEntry(
        kind="condition",
        text=_("Meet condition %(number)s of %(ref)s: %(text)s")
        % {"number": condition, "ref": review.ref, "text": condition.text},
        project=review.project,
        url=reverse("review", args=[review.project.code, review.ref]) + "#conditions",
        since=review.decided_at or condition.created_at,
        due=condition.day,
    )


def _lapsed_entry(condition: Condition) -> InboxEntry:
    entry = _condition_entry(condition)
    facts = {"number": condition, "ref": condition.review.ref, "text": condition.text}
    return replace(
        entry,
        kind="condition_overdue",
        text=_("%(number)s is overdue and the go of %(ref)s on hold: %(text)s") % facts,
    )


def _finding_entry(finding: Finding) -> InboxEntry:
    review = finding.review
    return InboxEntry(
        kind="finding",
        text=_("Settle %(number)s of %(ref)s: %(text)s") % {"number": finding, "ref": review.ref, "text": finding.text},
        project=review.project,
        url=reverse("review", args=[review.project.code, review.ref]) + "#findings",
        since=finding.raised_at,
        due=finding.due_on,
    )


def _remediation_entry(row: RemediationItem) -> InboxEntry:
    review = row.review
    return InboxEntry(
        kind="remediation",
        text=_("Address %(number)s of %(ref)s: %(area)s") % {"number": row, "ref": review.ref, "area": row.area},
        project=review.project,
        url=reverse("review", args=[review.project.code, review.ref]) + "#remediation",
        since=review.decided_at or review.created_at,
        due=row.due_on,
    )


def _held_entry(review: Review) -> InboxEntry:
    return InboxEntry(
        kind="look_again",
        text=_("Look at %(review)s again: %(ref)s was decided %(decision)s")
        % {
            "review": review.get_kind_display(),
            "ref": review.ref,
            "decision": review.get_decision_display().lower(),
        },
        project=review.project,
        url=reverse("review", args=[review.project.code, review.ref]) + "#decided",
        since=review.decided_at,
        due=review.next_review_on,
    )


def requests(user: User, now: datetime) -> Iterator[InboxEntry]:
    """What this person asked for in reviews and still waits: signatures, answers to waivers. Three queries."""
    rounds_of_mine = (
        Review.objects.filter(
            _in_hand(""), Q(chair=user) | Q(created_by=user) | Q(convened_by=user), state=ReviewState.SIGNING
        )
        .select_related("project")
        .order_by("sign_off_due_at", "id")[:BOUND]
    )
    reviews = {review.pk: review for review in rounds_of_mine}
    tallies = tally.of_signing(Participant.objects.filter(review__in=list(reviews)))
    asked = (
        Waiver.objects.filter(
            _in_hand("item__review__"), requested_by=user, approved_at__isnull=True, refused_at__isnull=True
        )
        .select_related("item__review__project")
        .order_by("id")[:BOUND]
    )
    return chain(
        _waits_for_signatures(user, tallies, reviews),
        (_waits_for_waiver(waiver) for waiver in asked),
    )


def _waits_for_signatures(
    user: User, tallies: dict[int, tally.Tally], reviews: dict[int, Review]
) -> Iterator[InboxEntry]:
    """What others still owe: one's own signature is asked for elsewhere on the page."""
    for key, stands in tallies.items():
        oldest = next((waits for waits in stands.waiting if waits.user_id != user.pk), None)
        if oldest is None:
            continue
        review = reviews[key]
        yield InboxEntry(
            kind="signatures",
            text=_("%(ref)s: %(signed)d of %(signers)d signed, waiting longest for %(person)s")
            % {"ref": review.ref, "signed": stands.signed, "signers": stands.signers, "person": oldest.name},
            project=review.project,
            url=reverse("review", args=[review.project.code, review.ref]),
            since=oldest.since or review.created_at,
            due=_day(review.sign_off_due_at, user),
        )


def _waits_for_waiver(waiver: Waiver) -> InboxEntry:
    review = waiver.item.review
    return InboxEntry(
        kind="waiver_asked",
        text=_("Your waiver of %(item)s in %(ref)s waits for an answer")
        % {"item": waiver.item.code, "ref": review.ref},
        project=review.project,
        url=reverse("review", args=[review.project.code, review.ref]) + f"#{waiver.item.code}",
        since=waiver.requested_at,
    )


def _day(moment: datetime | None, user: User) -> date | None:
    return moment.astimezone(zone_of(user)).date() if moment else None
