"""Several rows at once: all or none."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from projects.models import User


@transaction.atomic
def add_all(
    *,
    add: Callable[..., object],
    project_id: int,
    by: User,
    rows: Iterable[Mapping[str, Any]],
    now: datetime,
) -> int:
    """Each row is added by the register's own action; when one is refused, none is kept. Returns how many.

    Raises: whatever `add` refuses with.
    """
    count = 0
    for row in rows:
        add(project_id=project_id, by=by, now=now, **row)
        count += 1
    return count
