"""What the lower app's lists and pages show of reviews, each with a fixed number of queries for any number of rows.

Plugged into `projects.ports` by `reviews.apps`.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.catalog.roles import role_name
from projects.models import Project, Status
from projects.ports import GateOutlook, ReviewPlan, RoundOpening, RoundSummary
from reviews import gates, owed, tally, terms
from reviews.catalog import REVIEW_TYPES, items_for, rigor
from reviews.models import (
    Decision,
    Mode,
    Participant,
    PolicyVersion,
    Review,
    ReviewKind,
    ReviewState,
)


def outlooks(ids: list[int], now: datetime) -> dict[int, GateOutlook]:
    """How the newest round of each project stands, and how many conditions are overdue. Three queries at most."""
    newest: dict[int, Any] = {}
    for row in (
        Review.objects.filter(project__in=ids)
        .exclude(state=ReviewState.WITHDRAWN)
        .order_by("id")
        .values("id", "project_id", "project__code", "kind", "round", "state", "decision", "scheduled_for")
    ):
        newest[row["project_id"]] = row
    overdue = dict(
        owed.overdue(now)
        .filter(review__project__in=ids)
        .order_by()
        .values_list("review__project")
        .annotate(overdue=Count("id"))
    )
    signing = [row["id"] for row in newest.values() if row["state"] == ReviewState.SIGNING]
    tallies = tally.of_signing(Participant.objects.filter(review__in=signing)) if signing else {}
    return {
        project_id: _outlook(row, tallies.get(row["id"], tally.Tally()), overdue.get(project_id, 0))
        for project_id, row in newest.items()
    }


def _outlook(row: Any, stands: tally.Tally, overdue: int) -> GateOutlook:
    oldest = stands.oldest
    ref = f"{row['kind'].upper()}-{row['round']}"
    decision = Decision(row["decision"]) if row["decision"] else None
    return GateOutlook(
        ref=ref,
        gate=gates.GATE_OF_KIND[row["kind"]],
        state=row["state"],
        state_label=str(ReviewState(row["state"]).label),
        decision=decision.value if decision else "",
        decision_label=str(decision.label) if decision else "",
        url=reverse("review", args=[row["project__code"], ref]),
        planned=row["scheduled_for"],
        signed=stands.signed,
        signers=stands.signers,
        waiting_for=oldest.name if oldest else "",
        waiting_since=oldest.since if oldest else None,
        conditions_overdue=overdue,
    )


def rounds(project: Project, now: datetime) -> list[RoundSummary]:
    """Every round of the project's reviews, the newest first. Three queries."""
    today = owed.day_of(now)
    open_ = Q(conditions__closed_at__isnull=True, conditions__taken_back_at__isnull=True)
    rows = list(
        Review.objects.filter(project=project)
        .select_related("chair")
        .annotate(
            owed=Count("conditions", filter=open_, distinct=True),
            overdue=Count(
                "conditions",
                filter=open_
                & (
                    Q(conditions__moved_to__lt=today)
                    | Q(conditions__moved_to__isnull=True, conditions__due_on__lt=today)
                ),
                distinct=True,
            ),
            to_address=Count("remediation", filter=Q(remediation__done_at__isnull=True), distinct=True),
        )
        .order_by("-id")
    )
    tallies = tally.of_signing(Participant.objects.filter(review__project=project))
    tallies |= tally.of_decided(Review.objects.filter(project=project, state=ReviewState.DECIDED))
    ended = project.status == Status.CANCELLED
    binding = {row.kind: row.pk for row in reversed(rows) if row.is_go and not ended}  # the newest go of each review
    newest = {row.kind: row.pk for row in reversed(rows) if row.state != ReviewState.WITHDRAWN and not ended}
    return [
        _summary(
            project,
            row,
            tallies.get(row.pk, tally.Tally()),
            binds=binding.get(row.kind) == row.pk,
            last=newest.get(row.kind) == row.pk,
        )
        for row in rows
    ]


def _summary(project: Project, row: Any, stands: tally.Tally, *, binds: bool, last: bool) -> RoundSummary:
    oldest = stands.oldest
    return RoundSummary(
        ref=row.ref,
        name=row.get_kind_display(),
        gate=gates.GATE_OF_KIND[row.kind],
        state=row.state,
        state_label=row.get_state_display(),
        is_open=row.is_open,
        decision=row.decision,
        decision_label=row.get_decision_display(),
        url=reverse("review", args=[project.code, row.ref]),
        chair=row.chair,
        candidate=row.candidate,
        planned=row.scheduled_for,
        due=row.sign_off_due_at,
        decided_at=row.decided_at,
        signed=stands.signed,
        signers=stands.signers,
        waiting_for=oldest.name if oldest else "",
        waiting_since=oldest.since if oldest else None,
        conditions_open=row.owed if binds else 0,
        conditions_overdue=row.overdue if binds else 0,
        to_address=row.to_address,
        next_look=row.next_review_on if last and not row.is_go else None,
    )


def openings(project: Project) -> list[RoundOpening]:
    """Reviews of which a round is prepared in this stage: where, or why none can be. One query each."""
    return [
        RoundOpening(
            label=_("Prepare %(review)s") % {"review": kind.label},
            url=reverse("review_new", args=[project.code, kind]),
            blockers=gates.opening_blockers(project, kind),
        )
        for kind, stages in gates.PREPARED_IN.items()
        if project.stage in stages
    ]


def review_plans(category: str, conversion_applies: bool | None, *, catalogue: bool) -> list[ReviewPlan]:
    """How both reviews would be held for a change of this category.

    Args:
        catalogue: by the catalogue alone, no query; else by our own rules in force, one query.
    """
    ours = {} if catalogue else {row.kind: row for row in PolicyVersion.objects.in_force().filter(category=category)}
    found = []
    for kind, review_type in REVIEW_TYPES.items():
        held = rigor(kind, category)
        rules = terms.of_version(ours[kind]) if kind in ours else terms.delivered(kind, category)
        groups = {group.code: group.name for group in review_type.groups}
        items = items_for(kind, category, conversion_applies=conversion_applies)
        found.append(
            ReviewPlan(
                name=str(ReviewKind(kind).label),
                held=str(Mode(held.mode).label),
                signers=[*(groups[code] for code in rules.signer_groups), *map(role_name, held.signer_roles)],
                questions=sum(item.must for item in items),
                valid_days=rules.validity_days,
            )
        )
    return found
