"""Recording what money was approved, and what each deliverable takes."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import seat
from projects.actions import rows
from projects.blocker import Refused
from projects.catalog.stages import STAGES
from projects.models import FundingApproval, Gate, Project, User, WorkPackage

APPROVES_MONEY = frozenset({"P-FIN", "P-SPONSOR"})
HELD_IN = {Gate.PLAN: "planning", Gate.RELEASE: "stabilize"}


def currency_of(project: Project, given: str) -> str:
    """Three letters, the project's own when none are given. Raises: Refused when there are none."""
    code = given.strip().upper() or project.currency
    if len(code) != 3 or not code.isalpha():
        raise Refused(_("Give the currency as three letters, for example EUR."))
    return code


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    amount: Decimal,
    approver: User,
    approved_on: date,
    now: datetime,
    currency: str = "",
    limit_stage: str = "",
    until_gate: str = "",
    until_text: str = "",
    conditions: str = "",
) -> FundingApproval:
    """An approval of funding is on record; the newest one says how far the project may go (SEED-66).

    Args:
        amount: in whole units of `currency`; more than nothing.
        approver: holds P-FIN or P-SPONSOR on the project or is a solution manager; not the recorder.
        approved_on: today or earlier.
        limit_stage: last stage that the money reaches; all of them when empty.
        until_gate, until_text: what ends the limit: a review, or a milestone in words, met when the next row is added.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.manages, _("Funding is recorded by the program manager or a solution manager."))
    if amount <= 0:
        raise Refused(_("An approval is about an amount above zero."))
    if approver.pk == by.pk:
        raise Refused(_("Nobody records an approval of their own: let another person record it."))
    other = seat(approver, project)
    if not (other.directs or other.roles & APPROVES_MONEY):
        raise Refused(
            _("%(person)s does not approve money here: name somebody from finance, the sponsor or a solution manager.")
            % {"person": approver}
        )
    if approved_on > timezone.localdate(now):
        raise Refused(_("Approved on lies ahead: record the approval once it has been given."))
    _require_a_limit_that_can_end(limit_stage, until_gate, until_text.strip())
    return rows.add(
        FundingApproval,
        project=project,
        by=by,
        event="funding.approved",
        now=now,
        amount=amount,
        currency=currency_of(project, currency),
        approver=approver,
        approved_on=approved_on,
        limit_stage=limit_stage,
        until_gate=until_gate,
        until_text=until_text,
        conditions=conditions,
    )


def _require_a_limit_that_can_end(stage: str, gate: str, text: str) -> None:
    if not stage:
        if gate or text:
            raise Refused(_("A milestone ends a limit: say up to which stage the money reaches."))
        return
    if bool(gate) == bool(text):
        raise Refused(_("Say what ends the limit: a review, or another milestone in words, one of them."))
    if gate and STAGES[stage].number < STAGES[HELD_IN[Gate(gate)]].number:
        raise Refused(
            _("%(review)s is held in %(stage)s: money that ends before would never be released.")
            % {"review": Gate(gate).label, "stage": STAGES[HELD_IN[Gate(gate)]].name}
        )


def _schedule(start: date | None, end: date | None) -> None:
    if (start is None) != (end is None):
        raise Refused(_("A schedule has a start and an end: give both days."))
    if start is not None and end is not None and end < start:
        raise Refused(_("The planned end lies before the planned start."))


@transaction.atomic
def add_package(
    *,
    project_id: int,
    by: User,
    name: str,
    now: datetime,
    work_plan: str = "",
    cost: Decimal | None = None,
    currency: str = "",
    planned_start: date | None = None,
    planned_end: date | None = None,
) -> WorkPackage:
    """A deliverable is listed with what is known of its work, cost and schedule (SEED-36).

    Args:
        name: unique on the project.
        cost: in whole units of `currency`, which is the project's when empty; None while nobody has estimated it.
        planned_start, planned_end: both or neither.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Deliverables are listed by people with a working role on the project."))
    if WorkPackage.objects.filter(project=project, name=name.strip()).exists():
        raise Refused(_("There is already a deliverable %(name)s.") % {"name": name.strip()})
    _schedule(planned_start, planned_end)
    return rows.add(
        WorkPackage,
        project=project,
        by=by,
        event="deliverable.listed",
        now=now,
        name=name,
        work_plan=work_plan,
        cost=_cost(cost),
        currency=currency_of(project, currency) if cost is not None else "",
        planned_start=planned_start,
        planned_end=planned_end,
    )


def _cost(cost: Decimal | None) -> Decimal | None:
    if cost is not None and cost < 0:
        raise Refused(_("A cost estimate is not below zero."))
    return cost


@transaction.atomic
def revise_package(
    row: WorkPackage,
    *,
    by: User,
    now: datetime,
    work_plan: str = "",
    cost: Decimal | None = None,
    currency: str = "",
    planned_start: date | None = None,
    planned_end: date | None = None,
) -> WorkPackage:
    """Work plan, cost and schedule of a deliverable become as given; the former ones stay in the ledger.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Deliverables are planned by people with a working role on the project."))
    _schedule(planned_start, planned_end)
    return rows.change(
        row,
        by=by,
        event="deliverable.planned",
        now=now,
        work_plan=work_plan,
        cost=_cost(cost),
        currency=currency_of(place.project, currency) if cost is not None else "",
        planned_start=planned_start,
        planned_end=planned_end,
    )
