"""What the actions of all registers share: the project is locked, a row is written, the ledger tells of it."""

from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from projects import ledger
from projects.access import Seat, locked, seat
from projects.actions.projects import require_active
from projects.blocker import Refused
from projects.models import Project, User

Row = TypeVar("Row", bound=Model)


def opened(project_id: int, by: User) -> tuple[Project, Seat]:
    """The project's row, locked, and the person's place there. Raises: Blocked when the project rests or has ended."""
    project = locked(project_id)
    require_active(project)
    return project, seat(by, project)


def opened_row(row: Row, by: User) -> tuple[Row, Seat]:
    """The row as it stands now, its project locked. Raises: Blocked when the project rests or has ended."""
    project_id: int = row.project_id  # type: ignore[attr-defined]  # every row of a register belongs to a project
    place = opened(project_id, by)[1]
    return type(row)._default_manager.get(pk=row.pk), place


def add(model: type[Row], *, project: Project, by: User, event: str, now: datetime, **values: Any) -> Row:
    """The row is written and stands in the ledger; the caller has checked who may and holds the project's lock."""
    given = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    row = model._default_manager.create(project=project, created_by=by, created_at=now, **given)
    ledger.record(project=project, by=by, event=event, obj=row, now=now, after=ledger.row(row))
    return row


def change(row: Row, *, by: User, event: str, now: datetime, reason: str = "", **values: Any) -> Row:
    """Some columns of the row become as given, old and new stand in the ledger; the caller has checked who may."""
    given = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    before = ledger.snapshot(row, *given)
    for name, value in given.items():
        setattr(row, name, value)
    row.save(update_fields=list(given))
    project: Project = row.project  # type: ignore[attr-defined]  # every row of a register belongs to a project
    ledger.record(
        project=project,
        by=by,
        event=event,
        obj=row,
        now=now,
        before=before,
        after=ledger.snapshot(row, *given),
        reason=reason.strip(),
    )
    return row


def free_ref(project: Project, model: type[Row], prefix: str, wanted: str = "", *, digits: int = 1) -> str:
    """The reference wanted, or the next free one such as RISK-4 when empty. Raises: Refused when it is taken.

    Args:
        digits: as many at least: F-004 with three.
    """
    taken = set(model._default_manager.filter(project=project).values_list("ref", flat=True))
    wanted = wanted.strip()
    if wanted in taken:
        raise Refused(_("There is already a row %(ref)s.") % {"ref": wanted})
    return wanted or next(free for n in count(len(taken) + 1) if (free := f"{prefix}-{n:0{digits}}") not in taken)
