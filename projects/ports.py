"""What the upper app tells the lower one. `projects` knows no reviews; `reviews` plugs in here when it is loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from projects.blocker import Blocker
from projects.models import Gate, Project, User


@dataclass(frozen=True)
class InboxEntry:
    """One thing that waits for a person.

    Args:
        kind: stable name, e.g. ``sign_off``.
        text: what to do, as a sentence.
        project: none where it is of no project, as the policy.
        since, due: aware moment it was asked, if that is known; day it is due.
        since_day: only the day of `since` is known.
    """

    kind: str
    text: str
    project: Project | None
    url: str
    since: datetime | None = None
    due: date | None = None
    since_day: bool = False


@dataclass(frozen=True)
class GateOutlook:
    """How the newest round of a project's reviews stands, for lists.

    Args:
        state, decision: stored values; their labels beside them.
        waiting_for, waiting_since: who has owed a signature longest.
    """

    ref: str = ""
    gate: Gate | None = None
    state: str = ""
    state_label: str = ""
    decision: str = ""
    decision_label: str = ""
    url: str = ""
    planned: datetime | None = None
    signed: int = 0
    signers: int = 0
    waiting_for: str = ""
    waiting_since: datetime | None = None
    conditions_overdue: int = 0


@dataclass(frozen=True)
class RoundSummary:
    """One round of a management review, for the page of its project.

    Args:
        gate: what a go of it opens.
        state, decision: stored values; their labels beside them.
        signed, signers: of the packet that was decided on, or of the present one.
        waiting_for, waiting_since: who has owed a signature longest, while it is being signed.
        to_address: areas to address that nobody has reported done.
        next_look: when it is looked at again, while no other round has followed.
    """

    ref: str
    name: str
    gate: Gate
    state: str
    state_label: str
    is_open: bool
    decision: str
    decision_label: str
    url: str
    chair: User
    candidate: str = ""
    planned: datetime | None = None
    due: datetime | None = None
    decided_at: datetime | None = None
    signed: int = 0
    signers: int = 0
    waiting_for: str = ""
    waiting_since: datetime | None = None
    conditions_open: int = 0
    conditions_overdue: int = 0
    to_address: int = 0
    next_look: date | None = None


@dataclass(frozen=True)
class RoundOpening:
    """A round that this stage asks for: where it is prepared, or why it cannot be now."""

    label: str
    url: str
    blockers: list[Blocker]


@dataclass(frozen=True)
class ReviewPlan:
    """How one management review would be held for a project of some category.

    Args:
        held: as a meeting or asynchronously, in words.
        signers: names of the groups and roles of which somebody must sign.
        questions: how many questions must be answered.
        valid_days: how long a go holds; 0: until something it stands on changes.
    """

    name: str
    held: str
    signers: list[str]
    questions: int
    valid_days: int = 0


@dataclass(frozen=True)
class Attention:
    """A reason to look at some projects. Args: tone: of the number when it is not 0, see looks.TONE_ICONS."""

    label: str | Promise
    narrow: Callable[[QuerySet[Project], datetime], QuerySet[Project]]
    tone: str = "warn"


@dataclass
class Ports:
    """Filled by `reviews.apps`; empty answers until then."""

    gate_blockers: Callable[[Project, Gate, datetime], list[Blocker]] = lambda project, gate, now: []
    output_blockers: Callable[[Project, datetime], list[Blocker]] = lambda project, now: []
    lapse_blockers: Callable[[Project, Gate, datetime], list[Blocker]] = lambda project, gate, now: []
    condition_blockers: Callable[[Project, Gate], list[Blocker]] = lambda project, gate: []
    without_waived: Callable[[Project, list[Blocker], datetime], list[Blocker]] = lambda project, blockers, now: (
        blockers
    )
    inbox: list[Callable[[User, datetime], Iterable[InboxEntry]]] = field(default_factory=list)
    outlooks: Callable[[list[int], datetime], dict[int, GateOutlook]] = lambda ids, now: {}
    attention: dict[str, Attention] = field(default_factory=dict)
    inbox_counts: list[Callable[[User, datetime], int]] = field(default_factory=list)
    requests: list[Callable[[User, datetime], Iterable[InboxEntry]]] = field(default_factory=list)
    rounds: Callable[[Project, datetime], list[RoundSummary]] = lambda project, now: []
    review_plans: Callable[..., list[ReviewPlan]] = lambda category, conversion_applies, *, catalogue: []
    openings: Callable[[Project], list[RoundOpening]] = lambda project: []
    on_content_change: list[Callable[..., None]] = field(default_factory=list)
    on_rename: list[Callable[..., None]] = field(default_factory=list)
    on_rework: list[Callable[..., None]] = field(default_factory=list)


ports = Ports()
