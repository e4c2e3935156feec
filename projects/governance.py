"""What governance looks at on one project: the reviews as controls, the points of the manage layer, the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from projects.catalog.controls import CONTROLS, FOCI, Focus, Objective
from projects.catalog.roles import ALL_ROLES, CAPACITIES, ROLE_TYPES, RoleType, role_name
from projects.catalog.segregation import Verdict, conflicts
from projects.lifecycle import KEY_ROLES
from projects.models import FocusAnswer, Gate, Project, RoleAssignment, User
from projects.ports import RoundSummary

GATE_OF_CONTROL = {"ppa": Gate.PLAN, "rr": Gate.RELEASE}


@dataclass(frozen=True)
class Controlled:
    """An objective with its risks, the review that controls it, and what that review said here (SEED-124).

    Args:
        rounds: of that review, the newest first.
        revoked: references of rounds whose go was taken back.
    """

    objective: Objective
    review: Gate
    rounds: list[RoundSummary]
    revoked: frozenset[str]

    @property
    def newest(self) -> RoundSummary | None:
        return self.rounds[0] if self.rounds else None

    @property
    def is_revoked(self) -> bool:
        return self.newest is not None and self.newest.ref in self.revoked


def controls(project: Project, rounds: Sequence[RoundSummary]) -> list[Controlled]:
    """The objectives of Table 7, each with the result of its review. One query. Args: rounds: newest first."""
    taken_back = project.gate_passes.filter(revoked_at__isnull=False).values_list("review_ref", flat=True)
    revoked = frozenset(taken_back)
    found = []
    for objective in CONTROLS.values():
        gate = GATE_OF_CONTROL[objective.control]
        found.append(Controlled(objective, gate, [each for each in rounds if each.gate == gate], revoked))
    return found


@dataclass(frozen=True)
class Point:
    """One point of a focus and the newest answer to it."""

    code: str
    text: str
    answer: FocusAnswer | None


@dataclass(frozen=True)
class FocusProgress:
    """One focus of Table 5 and how its points stand (SEED-125)."""

    focus: Focus
    points: tuple[Point, ...]

    @property
    def addressed(self) -> int:
        return sum(point.answer is not None and point.answer.addressed for point in self.points)


def foci(project: Project) -> dict[str, FocusProgress]:
    """Every focus by its code, with the newest answer to each point. One query."""
    newest = {row.point: row for row in project.focusanswers.select_related("created_by").order_by("id")}
    return {
        code: FocusProgress(focus, tuple(Point(at, text, newest.get(at)) for at, text in focus.numbered.items()))
        for code, focus in FOCI.items()
    }


@dataclass(frozen=True)
class HeldRole:
    """A role type and who holds it here. Args: needed: Project Planning does not begin without it (SEED-114)."""

    kind: RoleType
    holders: list[RoleAssignment]
    needed: bool

    @property
    def is_vacant(self) -> bool:
        """Nobody holds a role that somebody must hold."""
        return not self.holders and (self.needed or self.kind.accountable)


@dataclass(frozen=True)
class Overlap:
    """Two roles that meet in one person although their duties should be apart (SEED-51)."""

    person: User
    first: str
    second: str
    verdict: Verdict

    @property
    def roles(self) -> tuple[str, str]:
        return role_name(self.first), role_name(self.second)


@dataclass(frozen=True)
class Team:
    """Role types, alignment and assignment at a glance (SEED-127).

    Args:
        roles: every role type, then the other capacities that somebody holds.
    """

    roles: list[HeldRole]
    overlaps: list[Overlap]

    @property
    def vacant(self) -> list[str]:
        return [role.kind.name for role in self.roles if role.is_vacant]

    @property
    def unacknowledged(self) -> int:
        return sum(given.acknowledged_at is None for role in self.roles for given in role.holders)


def team(project: Project) -> Team:
    """Who holds what, which key role is vacant, whose roles do not go together. One query."""
    held: dict[str, list[RoleAssignment]] = {}
    by_person: dict[User, list[str]] = {}
    for given in project.roles.filter(ends_on__isnull=True).select_related("user").order_by("id"):
        held.setdefault(given.role, []).append(given)
        by_person.setdefault(given.user, []).append(given.role)
    kinds = [*ROLE_TYPES.values(), *(kind for kind in CAPACITIES.values() if kind.code in held)]
    overlaps = [
        Overlap(person, first, second, verdict)
        for person, roles in by_person.items()
        for first, second in combinations([role for role in roles if role in ALL_ROLES], 2)
        if (verdict := conflicts(first, second, project.category))
    ]
    return Team([HeldRole(kind, held.get(kind.code, []), kind.code in KEY_ROLES) for kind in kinds], overlaps)
