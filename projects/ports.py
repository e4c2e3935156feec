"""What the upper app tells the lower one. `projects` knows no reviews; `reviews` plugs in here when it is loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from projects.blocker import Blocker
from projects.models import Gate, Project, User


@dataclass(frozen=True)
class InboxEntry:
    """One thing that waits for a person.

    Args:
        kind: stable name, e.g. ``sign_off``.
        text: what to do, as a sentence.
        since, due: aware moment it was asked, day it is due.
    """

    kind: str
    text: str
    project: Project
    url: str
    since: datetime
    due: date | None = None


@dataclass(frozen=True)
class GateOutlook:
    """How a project's open review stands, for lists."""

    ref: str = ""
    state: str = ""
    url: str = ""
    planned: date | None = None
    signed: int = 0
    signers: int = 0
    waiting_for: str = ""
    waiting_since: datetime | None = None
    conditions_overdue: int = 0


@dataclass
class Ports:
    """Filled by `reviews.apps`; empty answers until then."""

    gate_blockers: Callable[[Project, Gate, datetime], list[Blocker]] = lambda project, gate, now: []
    inbox: list[Callable[[User, datetime], Iterable[InboxEntry]]] = field(default_factory=list)
    outlooks: Callable[[list[int], datetime], dict[int, GateOutlook]] = lambda ids, now: {}
    on_content_change: list[Callable[..., None]] = field(default_factory=list)
    on_rework: list[Callable[..., None]] = field(default_factory=list)


ports = Ports()
