"""Which notices about reviews are due now, and their words. Pure but for its queries: `due` reads, `queue_due` writes.

Who has signed the packet as it is now, was taken out of the round or has left is not reminded. The dedupe key of a
reminder holds what it is about, when that was asked and which morning it belongs to, so that a sweep may run as often
as it likes, and a signature that is asked for again is reminded of anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import mail, notices, retrospective
from projects.models import Category, Notice, Project, RoleAssignment, Stage, Status, User
from projects.workdays import zone_of
from reviews import delegating, owed, reminder_days, signing
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
    ReviewKind,
    ReviewState,
    Waiver,
)
from reviews.reminder_days import Knock

ASKED = ["sign_off.requested", "sign_off.superseded"]


@dataclass(frozen=True)
class Reminder:
    """A notice that is due: what kind, to whom, about which row, and what its words need to know."""

    kind: str
    to: User
    dedupe_key: str
    review: Review
    about: models.Model
    path: str
    known: dict[str, Any] = field(default_factory=dict)

    def queue(self, now: datetime) -> Notice | None:
        """It waits in the outbox; None when it did before."""
        words = mail.worded(self.kind, to=self.to, review=self.review, project=self.review.project, **self.known)
        return notices.queue(
            kind=self.kind,
            to=self.to,
            subject=words.subject,
            body=words.body,
            dedupe_key=self.dedupe_key,
            now=now,
            project=self.review.project,
            path=self.path,
            about=self.about,
        )


def notify_sign_off_requested(participant: Participant, now: datetime) -> None:
    """The signer is told that the sign-off is asked for, and until when. `asked_at` must be set."""
    _requested(participant).queue(now)


def notify_delegate(participant: Participant, now: datetime) -> None:
    """Who was lent this signature is told that it is asked for, if he may give it now; the owner is told anyway."""
    lent = delegating.in_force(participant, now)
    if lent is None:
        return
    review = participant.review
    notices.queue(
        kind="delegation.asked",
        to=lent.delegate,
        subject=_("Please sign %(ref)s of %(project)s for %(who)s")
        % {"ref": review.ref, "project": review.project, "who": participant.user},
        body=_("The sign page shows what you sign in the place of %(who)s.") % {"who": participant.user},
        dedupe_key=f"delegation.asked:{lent.pk}:{_moment(participant.asked_at or now)}",
        now=now,
        project=review.project,
        path=_page("sign", review),
        about=participant,
    )


def notify_decided(review: Review, now: datetime) -> None:
    """Everybody named in the round or managing the project learns the decision, except who took it."""
    named = User.objects.filter(participations__review=review, participations__removed_at__isnull=True)
    managing = User.objects.filter(_holds(review.project, "R-SM", "R-PGM"))
    chair = User.objects.filter(pk=review.chair_id)
    for person in {*named, *managing, *chair}:
        if person.is_active and person.pk != review.decided_by_id:
            key = f"review.decided:{review.pk}:{person.pk}"
            Reminder("review.decided", person, key, review, review, _page("review", review)).queue(now)


def queue_due(now: datetime) -> int:
    """Every reminder that is due waits in the outbox. Returns how many were not there before.

    Each project is looked at again under its row lock, which signing takes too: nobody who signs at this moment is
    reminded of it.
    """
    queued = 0
    for project_id in dict.fromkeys(reminder.review.project_id for reminder in due(now)):
        with transaction.atomic():
            project = Project.objects.select_for_update().get(pk=project_id)
            queued += sum(reminder.queue(now) is not None for reminder in due(now, project))
    return queued


def due(now: datetime, project: Project | None = None) -> list[Reminder]:
    """The reminders that are due at this aware moment and not yet queued, of one project or of all.

    Only for what is not queued yet are packets built, so that the usual sweep finds nothing at the cost of few queries.
    """
    within = Q(project__status=Status.ACTIVE) if project is None else Q(project=project, project__status=Status.ACTIVE)
    reviews = Review.objects.filter(within)
    found = list(chain(_sign_offs(reviews, now), _conditions(reviews, now), _remediation(reviews, now)))
    found += [*_waivers(reviews, now), *_records(reviews, now), *_findings(reviews, now), *_held(reviews, now)]
    known = _queued_before(reminder.dedupe_key for reminder in found)
    return _still_unsigned([reminder for reminder in found if reminder.dedupe_key not in known])


def _sign_offs(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """What each signer would be told if he has not signed; whether he has is asked later, of fewer."""
    asked = list(
        Participant.objects.filter(
            review__in=reviews.filter(state=ReviewState.SIGNING),
            signs=True,
            removed_at__isnull=True,
            asked_at__isnull=False,
            user__is_active=True,
        )
        .select_related("user", "review__project", "review__chair")
        .prefetch_related("delegations__delegate")
    )
    told = _told_since(asked)
    managers = _solution_managers({participant.review.project_id for participant in asked})
    for participant in asked:
        if participant.pk not in told:
            yield _requested(participant)
        yield from _of_sign_off(participant, now, managers.get(participant.review.project_id, []))
        lent = delegating.in_force(participant, now)
        if lent is not None and lent.delegate.is_active:
            yield from _of_lent_sign_off(participant, lent, now)


def _of_sign_off(participant: Participant, now: datetime, managers: list[User]) -> Iterator[Reminder]:
    """The signer's own reminder, or the word to whoever can help when it stays away."""
    review = participant.review
    assert participant.asked_at
    assert review.sign_off_due_at  # held by review_signing_is_dated
    knock = reminder_days.for_sign_off(
        asked_at=participant.asked_at, due_at=review.sign_off_due_at, now=now, zone=zone_of(participant.user)
    )
    if knock is None:
        return
    to, path = participant.user, _page("sign", review)
    if knock.kind == "escalated":
        above = next((p for p in (*managers, review.chair) if p != to), None)
        if above is None or not above.is_active:
            return
        to, path = above, _page("review", review)
    yield _knocked(participant, knock, to, path)


def _of_lent_sign_off(participant: Participant, lent: Delegation, now: datetime) -> Iterator[Reminder]:
    """Whose hand the signature is in meanwhile is reminded like its owner, on the own mornings (EXT-24)."""
    review = participant.review
    assert participant.asked_at
    assert review.sign_off_due_at  # held by review_signing_is_dated
    knock = reminder_days.for_sign_off(
        asked_at=max(participant.asked_at, lent.starts_at),
        due_at=review.sign_off_due_at,
        now=now,
        zone=zone_of(lent.delegate),
    )
    if knock is not None and knock.kind != "escalated":
        yield _knocked(participant, knock, lent.delegate, _page("sign", review), lent=lent)


def _knocked(
    participant: Participant, knock: Knock, to: User, path: str, *, lent: Delegation | None = None
) -> Reminder:
    review = participant.review
    assert participant.asked_at
    asked = f"{participant.pk}:{_moment(participant.asked_at)}"
    key = f"sign_off.{knock.kind}:{review.pk}:{asked}:{knock.which}" + (f":lent {lent.pk}" if lent else "")
    known = {"participant": participant, "due": review.sign_off_due_at, "mornings": knock.mornings, "lent": lent}
    return Reminder(f"sign_off.{knock.kind}", to, key, review, participant, path, known)


def _requested(participant: Participant) -> Reminder:
    review = participant.review
    assert participant.asked_at
    return Reminder(
        "sign_off.requested",
        participant.user,
        f"sign_off.requested:{review.pk}:{participant.pk}:{_moment(participant.asked_at)}",
        review,
        participant,
        _page("sign", review),
        {"participant": participant, "due": review.sign_off_due_at},
    )


def _still_unsigned(found: list[Reminder]) -> list[Reminder]:
    """Without those about a signature that has been given on the packet as it is now."""
    asking = {reminder.review.pk for reminder in found if isinstance(reminder.about, Participant)}
    waiting = {
        participant.pk
        for review in signing.loaded(Review.objects.filter(pk__in=asking))
        for participant in signing.standing(review).waiting
    }
    return [r for r in found if not isinstance(r.about, Participant) or r.about.pk in waiting]


def _conditions(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """Conditions that bind: their owner and the solution manager (EXT-06)."""
    rows = list(owed.binding().filter(review__in=reviews).select_related("owner", "review__project"))
    managers = _solution_managers({row.review.project_id for row in rows})
    for row in rows:
        for person in dict.fromkeys([row.owner, *managers.get(row.review.project_id, [])]):
            yield from _dated("condition", row, row.created_at, person, now)


def _remediation(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """Areas to address after a no-go that are not done: their owner (SEED-90)."""
    rows = RemediationItem.objects.filter(
        review__in=reviews.filter(state=ReviewState.DECIDED), done_at__isnull=True
    ).select_related("owner", "review__project")
    for row in rows:
        assert row.review.decided_at  # held by review_decision_paired
        yield from _dated("remediation", row, row.review.decided_at, row.owner, now)


def _findings(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """Findings with a day that are open: who settles them, while the round is open and after its go (EXT-04)."""
    live = Q(review__state__in=OPEN_STATES) | Q(review__decision__in=GO_DECISIONS)
    rows = Finding.objects.filter(
        live,
        review__in=reviews,
        disposition=Disposition.OPEN,
        merged_into__isnull=True,
        owner__isnull=False,
        due_on__isnull=False,
    ).select_related("owner", "review__project")
    for row in rows:
        assert row.owner is not None
        yield from _dated("finding", row, row.raised_at, row.owner, now)


def _held(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """Rounds to look at again: the chair and the program manager, until another round begins (EXT-22)."""
    rows = list(owed.to_look_at_again().filter(pk__in=reviews).select_related("chair", "project"))
    managers = _holders({row.project_id for row in rows}, "R-PGM")
    for row in rows:
        assert row.decided_at  # held by review_decision_paired
        assert row.next_review_on
        for person in dict.fromkeys([row.chair, *managers.get(row.project_id, [])]):
            knock = reminder_days.for_day(
                known_at=row.decided_at, due_on=row.next_review_on, now=now, zone=zone_of(person)
            )
            if knock and person.is_active:
                key = f"held.{knock.kind}:{row.pk}:{person.pk}:{knock.which}"
                known = {"mornings": knock.mornings}
                yield Reminder(f"held.{knock.kind}", person, key, row, row, _page("review", row), known)


def _dated(
    noun: str, row: Condition | Finding | RemediationItem, known_at: datetime, person: User, now: datetime
) -> Iterator[Reminder]:
    due_on = row.day if isinstance(row, Condition) else row.due_on
    assert due_on  # findings without a day are not asked for
    knock = reminder_days.for_day(known_at=known_at, due_on=due_on, now=now, zone=zone_of(person))
    if knock and person.is_active:
        key = f"{noun}.{knock.kind}:{row.pk}:{person.pk}:{knock.which}"
        known = {"row": row, "mornings": knock.mornings}
        yield Reminder(f"{noun}.{knock.kind}", person, key, row.review, row, _page("review", row.review), known)


def _waivers(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """Approved waivers that end within a week, of rounds that still count: who asked for them (EXT-07)."""
    rows = Waiver.objects.filter(
        Q(item__review__state__in=OPEN_STATES) | Q(item__review__decision__in=GO_DECISIONS),
        item__review__in=reviews,
        approved_at__isnull=False,
        refused_at__isnull=True,
        requested_by__is_active=True,
    ).select_related("requested_by", "item__review__project")
    for row in rows:
        knock = reminder_days.for_expiry(
            known_at=row.requested_at, expires_on=row.expires_on, now=now, zone=zone_of(row.requested_by)
        )
        if knock:
            review, to = row.item.review, row.requested_by
            key = f"waiver.expiring:{row.pk}:{to.pk}:{knock.which}"
            yield Reminder("waiver.expiring", to, key, review, row, _page("review", review), {"row": row})


def _records(reviews: models.QuerySet[Review], now: datetime) -> Iterator[Reminder]:
    """Emergencies whose record is not complete: the program manager and the solution manager (EXT-18)."""
    rows = reviews.filter(
        kind=ReviewKind.RR,
        decision__in=GO_DECISIONS,
        project__category=Category.EMERGENCY,
        project__stage=Stage.DEPLOY,
    )
    newest = {review.project_id: review for review in rows.select_related("project").order_by("round")}
    for review in newest.values():
        due, decided = retrospective.record_due(review.project), review.decided_at
        if due is None or decided is None:
            continue
        for person in User.objects.filter(_holds(review.project, "R-PGM", "R-SM"), is_active=True):
            knock = reminder_days.for_day(known_at=decided, due_on=due, now=now, zone=zone_of(person))
            if knock:
                key = f"record.{knock.kind}:{review.project_id}:{person.pk}:{knock.which}"
                known = {"due": due, "mornings": knock.mornings}
                path = review.project.get_absolute_url()
                yield Reminder(f"record.{knock.kind}", person, key, review, review.project, path, known)


def _told_since(asked: list[Participant]) -> set[int]:
    """Which of them have a notice that tells them they were asked, made since they were."""
    about = Participant._meta.label_lower
    rows = Notice.objects.filter(
        kind__in=ASKED, object_type=about, object_id__in=[str(participant.pk) for participant in asked]
    ).values_list("object_id", "created_at")
    newest: dict[str, datetime] = {}
    for pk, at in rows:
        newest[pk] = max(at, newest.get(pk, at))
    return {p.pk for p in asked if p.asked_at and str(p.pk) in newest and newest[str(p.pk)] >= p.asked_at}


def _queued_before(keys: Iterable[str]) -> set[str]:
    """Which of these keys the outbox knows; asked in portions, because a statement takes only so many."""
    wanted = list(keys)
    known: set[str] = set()
    for start in range(0, len(wanted), 500):
        portion = wanted[start : start + 500]
        known.update(Notice.objects.filter(dedupe_key__in=portion).values_list("dedupe_key", flat=True))
    return known


def _solution_managers(projects: set[int]) -> dict[int, list[User]]:
    return _holders(projects, "R-SM")


def _holders(projects: set[int], role: str) -> dict[int, list[User]]:
    """Who holds the role now, by project. One query."""
    found: dict[int, list[User]] = {}
    held = RoleAssignment.objects.filter(project__in=projects, role=role, ends_on__isnull=True)
    for assignment in held.select_related("user"):
        found.setdefault(assignment.project_id, []).append(assignment.user)
    return found


def _holds(project: Project, *roles: str) -> Q:
    held = RoleAssignment.objects.filter(project=project, role__in=roles, ends_on__isnull=True)
    return Q(pk__in=held.values("user"))


def _page(name: str, review: Review) -> str:
    return reverse(name, args=[review.project.code, review.ref])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
