"""Dropping a row of a register that turned out not to be needed."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.models import User
from projects.models.droppable import DroppableRow

Dropped = TypeVar("Dropped", bound=DroppableRow)


@transaction.atomic
def drop(row: Dropped, *, by: User, reason: str, now: datetime) -> Dropped:
    """The row does not count any more; it stays in the register with the reason.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.manages, _("A row is dropped by the program manager or a solution manager."))
    require_kept(row)
    if row.is_over:
        raise Refused(_("%(row)s has happened: it stays as it is.") % {"row": row})
    if not reason.strip():
        raise Refused(_("Give the reason: it stays in the record."))
    return rows.change(row, by=by, event="row.dropped", now=now, dropped_at=now, drop_reason=reason)


def require_kept(row: DroppableRow) -> None:
    """Raises: Refused when the row was dropped."""
    if row.is_dropped:
        raise Refused(_("%(row)s was dropped: record it anew if it is needed after all.") % {"row": row})
