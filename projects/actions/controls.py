"""Internal controls on their way: proposed, approved with the plan, built, verified (SEED-67)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.models import InternalControl, Stage, User

State = InternalControl.State
BUILDING = frozenset({Stage.BUILD, Stage.STABILIZE, Stage.DEPLOY})


def _require_state(row: InternalControl, *wanted: State) -> None:
    if row.state not in wanted:
        raise Refused(
            _("%(ref)s is in the state “%(state)s”: this step does not follow.")
            % {"ref": row.ref, "state": State(row.state).label}
        )


@transaction.atomic
def add(*, project_id: int, by: User, text: str, now: datetime, ref: str = "") -> InternalControl:
    """A control that the solution shall contain is proposed.

    Args:
        ref: unique on the project; the next free IC number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Controls are proposed by people with a working role on the project."))
    return rows.add(
        InternalControl,
        project=project,
        by=by,
        event="control.proposed",
        now=now,
        ref=rows.free_ref(project, InternalControl, "IC", ref),
        text=text,
    )


@transaction.atomic
def approve(row: InternalControl, *, by: User, now: datetime) -> InternalControl:
    """The control is to be built. Raises: NotAllowed for whoever proposed it, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.approves, _("Controls are approved by people who approve on this project."))
    place.require(by.pk != row.created_by_id, _("Nobody approves a control of their own: ask another person."))
    _require_state(row, State.PROPOSED)
    if place.project.stage in (Stage.REGISTERED, Stage.ENVISION):
        raise Refused(_("Controls are approved with the plan: start Project Planning first."))
    return rows.change(row, by=by, event="control.approved", now=now, approved_by=by, approved_at=now)


@transaction.atomic
def build(row: InternalControl, *, by: User, built_where: str, now: datetime) -> InternalControl:
    """The control is in the solution.

    Args:
        built_where: the part of the solution in which it is, for whoever verifies it.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Controls are marked as built by people with a working role on the project."))
    _require_state(row, State.APPROVED)
    if place.project.stage not in BUILDING:
        raise Refused(_("Controls are built in Build: start Build first."))
    return rows.change(row, by=by, event="control.built", now=now, built_by=by, built_at=now, built_where=built_where)


@transaction.atomic
def verify(row: InternalControl, *, by: User, verified_how: str, now: datetime) -> InternalControl:
    """The control does what it is for. Raises: NotAllowed for whoever built it, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Controls are verified by people with a working role on the project."))
    _require_state(row, State.BUILT)
    place.require(by.pk != row.built_by_id, _("Nobody verifies a control that they built: ask another person."))
    return rows.change(
        row, by=by, event="control.verified", now=now, verified_by=by, verified_at=now, verified_how=verified_how
    )


@transaction.atomic
def send_back(row: InternalControl, *, by: User, reason: str, now: datetime) -> InternalControl:
    """The control is not built as agreed, or no longer: it is to be built and verified again.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Controls are sent back by people with a working role on the project."))
    _require_state(row, State.BUILT, State.VERIFIED)
    return rows.change(
        row,
        by=by,
        event="control.sent_back",
        now=now,
        reason=reason,
        built_by=None,
        built_at=None,
        built_where="",
        verified_by=None,
        verified_at=None,
        verified_how="",
    )


@transaction.atomic
def withdraw(row: InternalControl, *, by: User, reason: str, now: datetime) -> InternalControl:
    """The control is asked for no more, with the reason on record. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.approves, _("Controls are withdrawn by people who approve on this project."))
    _require_state(row, State.PROPOSED, State.APPROVED, State.BUILT, State.VERIFIED)
    allowed = by.pk != row.created_by_id or row.state == State.PROPOSED
    place.require(allowed, _("An approved control is withdrawn by somebody other than the one who proposed it."))
    return rows.change(row, by=by, event="control.withdrawn", now=now, reason=reason, withdrawn_by=by, withdrawn_at=now)
