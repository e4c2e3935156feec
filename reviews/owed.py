"""What decided rounds leave owed, whoever asks: conditions that bind, waivers that end, rounds to look at again.

A later go of the same review stands in the place of an earlier one, and what it carries in the place of what that one
carried; see docs/decisions/conditions-that-bind.md. Nothing here is stored: whether a go has lapsed is worked out from
the days when it is asked.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.holders import holders
from projects.models import Gate, Project, Status, User
from reviews.models import (
    GO_DECISIONS,
    GOOD_ANSWERS,
    OPEN_STATES,
    Condition,
    Decision,
    ItemAnswer,
    PinnedInput,
    Review,
    ReviewKind,
    ReviewState,
    Section,
    Waiver,
)

MOST_MOVED = timedelta(days=30)
KIND_OF_GATE = {Gate.PLAN: ReviewKind.PPA, Gate.RELEASE: ReviewKind.RR}


def day_of(now: datetime) -> date:
    """The day that binds at this aware moment: one for everybody, in UTC, as the database's guards reckon it."""
    return now.astimezone(UTC).date()


def _later_go(prefix: str) -> Exists:
    """Whether a later round of the same review was a go. Args: prefix: leads from the row to its round."""
    return Exists(
        Review.objects.filter(
            project=OuterRef(f"{prefix}project"),
            kind=OuterRef(f"{prefix}kind"),
            round__gt=OuterRef(f"{prefix}round"),
            decision__in=GO_DECISIONS,
        )
    )


def binding() -> "QuerySet[Condition]":
    """Open conditions of the newest go of each review of each project (EXT-06)."""
    return Condition.objects.filter(~_later_go("review__"), review__decision__in=GO_DECISIONS, closed_at__isnull=True)


def overdue(now: datetime) -> "QuerySet[Condition]":
    """Those of which the day that binds has passed; a project that was cancelled owes none."""
    day = day_of(now)
    late = Q(moved_to__lt=day) | Q(moved_to__isnull=True, due_on__lt=day)
    return binding().filter(late).exclude(review__project__status=Status.CANCELLED)


def ended_waivers(now: datetime) -> "QuerySet[Waiver]":
    """Waivers that the newest go of each review stands on, and that have ended since (EXT-07).

    Not where the question is fine without it: answered so afterwards, waived anew, or an input pinned after all.
    """
    of_item = {"item": OuterRef("item")}
    newest = ItemAnswer.objects.filter(**of_item).order_by("-number").values("value")[:1]
    anew = Waiver.objects.filter(**of_item, approved_at__isnull=False, expires_on__gte=day_of(now))
    pinned = PinnedInput.objects.filter(**of_item, item__section=Section.INPUT, replaced_at__isnull=True)
    return (
        Waiver.objects.filter(
            ~_later_go("item__review__"),
            item__review__decision__in=GO_DECISIONS,
            approved_at__isnull=False,
            expires_on__lt=day_of(now),
        )
        .annotate(said=Subquery(newest))
        .filter(Q(said__isnull=True) | ~Q(said__in=GOOD_ANSWERS), ~Exists(anew), ~Exists(pinned))
    )


def to_look_at_again() -> "QuerySet[Review]":
    """Rounds that were held or postponed to a day, and that no later round of the same review has followed (EXT-22)."""
    later = Review.objects.filter(
        project=OuterRef("project"), kind=OuterRef("kind"), round__gt=OuterRef("round")
    ).exclude(state=ReviewState.WITHDRAWN)
    return Review.objects.filter(
        ~Exists(later), decision__in=[Decision.HOLD, Decision.NO_GO_POSTPONED], next_review_on__isnull=False
    )


def closers(condition: Condition) -> list[User]:
    """Who may close the condition: the chair of its round and whoever manages the project, never its owner."""
    held = holders(condition.review.project)
    people = [*held.get("R-PGM", []), *held.get("R-SM", []), condition.review.chair]
    return [person for person in dict.fromkeys(people) if person.pk != condition.owner_id]


def movers(condition: Condition, recused: Collection[int]) -> list[User]:
    """Who may move its day: the chair of its round; the solution managers where the chair owns it, is recused or left.

    Args:
        recused: of that round.
    """
    chair = condition.review.chair
    if chair.is_active and chair.pk != condition.owner_id and chair.pk not in recused:
        return [chair]
    managers = User.objects.available().filter(is_solution_manager=True, is_auditor=False)
    return [each for each in managers if each.pk not in (condition.owner_id, *recused)]


def days_to_move(condition: Condition, now: datetime) -> tuple[date, date] | None:
    """The first and the last day to which it can be moved; none when it cannot be moved further.

    The first is later than the day that binds and not past. At most one query.
    """
    first, last = max(condition.day + timedelta(days=1), day_of(now)), _last_day(condition)
    return (first, last) if first <= last else None


def _last_day(condition: Condition) -> date:
    """The latest day to which it can be moved: a month after the signed one, and within what the go is for.

    Of a plan that is the day for which the release's review is planned, of a release the end of the go's validity;
    neither counts where the signed day lies behind it.
    """
    review, bounds = condition.review, [condition.due_on + MOST_MOVED]
    if review.kind == ReviewKind.PPA:
        planned = Review.objects.filter(project=review.project, kind=ReviewKind.RR, state__in=OPEN_STATES)
        bounds += [at.date() for at in planned.values_list("scheduled_for", flat=True) if at]
    elif review.project.release_valid_until is not None:
        bounds.append(review.project.release_valid_until.date())
    return min(day for day in bounds if day >= condition.due_on)


def open_conditions(project: Project, gate: Gate) -> list[Condition]:
    """The conditions that bind from the go that opened this gate. One query."""
    rows = binding().filter(review__project=project, review__kind=KIND_OF_GATE[gate])
    return list(rows.select_related("owner", "review__chair", "review__project").order_by("review__round", "number"))


def condition_blockers(project: Project, gate: Gate) -> list[Blocker]:
    """Why the step after the next one is not taken: conditions of the go that opened this gate are open."""
    return [
        _blocker(row, "condition.open", _("%(condition)s of %(ref)s is not met, due %(day)s: %(text)s"))
        for row in open_conditions(project, gate)
    ]


def lapse_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """Why the go that opened this gate counts as a hold now: a condition is overdue, or a waiver has ended."""
    day, kind = day_of(now), KIND_OF_GATE[gate]
    found = [
        _blocker(
            row,
            "condition.overdue",
            _("%(condition)s was due on %(day)s and is not met, so the go of %(ref)s is on hold: %(text)s"),
        )
        for row in open_conditions(project, gate)
        if row.day < day
    ]
    ended = ended_waivers(now).filter(item__review__project=project, item__review__kind=kind)
    return found + [
        Blocker(
            code="waiver.ended",
            text=_("The waiver of %(code)s ended on %(day)s, so the go of %(ref)s is on hold: hold another round.")
            % {"code": row.item.code, "day": date_format(row.expires_on, "j M Y"), "ref": row.item.review.ref},
            owner=", ".join(map(str, holders(project).get("R-PGM", []))),
            url=reverse("review", args=[project.code, row.item.review.ref]) + f"#{row.item.code}",
        )
        for row in ended.select_related("item__review").order_by("id")
    ]


def _blocker(condition: Condition, code: str, text: str) -> Blocker:
    review = condition.review
    said = text % {
        "condition": condition,
        "ref": review.ref,
        "day": date_format(condition.day, "j M Y"),
        "text": condition.text,
    }
    return Blocker(
        code=code,
        text=said,
        owner=_("%(owner)s; closed with evidence by %(closers)s")
        % {"owner": condition.owner, "closers": ", ".join(map(str, closers(condition)))},
        url=reverse("condition_close", args=[review.project.code, review.ref, condition.number]),
    )
