"""Statements that people sign outside the two reviews: what is said, about which documents, and by which sides.

A statement counts only for the very content it was signed on: a newer approved version, another release candidate or a
changed requirement leaves it standing as superseded and asks for it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from projects.catalog.artifacts import Gate
from projects.catalog.roles import TEAM_ROLES


@dataclass(frozen=True)
class Side:
    """A party whose signature a statement needs: one holder of one of these roles.

    Args:
        not_team: refused to anybody who also works on the project's team.
        person: key of the one person who can give it, whatever the role; None for any holder.
    """

    code: str
    name: str
    roles: tuple[str, ...]
    not_team: bool = False
    person: int | None = None


@dataclass(frozen=True)
class Topic:
    """One statement.

    Args:
        code: in the address, e.g. ``vision``.
        text: the sentence that is signed.
        stage: under which it is listed, see catalog.stages.
        gate: where it is wanted.
        asked_with: it is wanted where the rigor profile asks for this artifact at that gate.
        of: artifact kinds whose newest approved version it is about.
        candidate: it is about the release candidate too: the approved one, before a go the newest.
        requirements: kinds of requirement that it is about.
        deployments: it is about what was deployed where, too.
        nothing_found: wanted only while the register of opportunities says that none was found, and about these lines.
        owners: once features are recorded, every owner of one signs in place of the project team.
    """

    code: str
    title: str
    text: str
    stage: str
    gate: Gate
    asked_with: str
    sides: tuple[Side, ...]
    source: str
    of: tuple[str, ...] = ()
    candidate: bool = False
    requirements: tuple[str, ...] = ()
    deployments: bool = False
    owners: bool = False
    nothing_found: bool = False


_WORKING = tuple(sorted(TEAM_ROLES))
_CUSTOMER = ("P-CUST", "P-USER")
_STAKEHOLDERS = ("P-SPONSOR", "P-OWN", "P-FIN", "P-ARCH", "P-BUS", "P-SEC")


def _design(kind: str) -> Topic:
    return Topic(
        f"design-{kind}",
        f"The final design meets the {kind} requirements",
        f"The design as it was built meets every {kind} requirement that is listed here.",
        "build",
        "scope",
        "ART-28",
        (Side("team", "Project team", ("R-PDM", "R-PGM")),),
        "Table 1 Build",
        of=("ART-06",),
        requirements=(kind,),
    )


_TOPICS = (
    Topic(
        "vision",
        "The vision is understood",
        "I have read the vision document in this version. Its vision, scope and risks are clear to me.",
        "envision",
        "vision",
        "ART-03",
        (Side("team", "Project team", _WORKING), Side("customer", "Customer", _CUSTOMER)),
        "Table 1 Envision",
        of=("ART-01",),
    ),
    Topic(
        "plan",
        "The plan is agreed",
        "The interim milestones up to here are met, the plans fit what the customer needs, and they are realistic.",
        "planning",
        "plan",
        "ART-04",
        (
            Side("team", "Project team", _WORKING),
            Side("customer", "Customer", _CUSTOMER),
            Side("stakeholders", "Stakeholders", _STAKEHOLDERS),
        ),
        "Table 1 Planning",
        of=("ART-04",),
    ),
    Topic(
        "specification",
        "The functional specification is signed",
        "The functional specification in this version says what I am going to build or answer for.",
        "planning",
        "plan",
        "ART-04",
        (Side("team", "Developer", ("R-DEV",)), Side("customer", "Customer", _CUSTOMER)),
        "Table 2 outputs, §Project Plan Approved",
        of=("ART-05",),
        owners=True,
    ),
    Topic(
        "none-found",
        "No opportunity to merge, simplify or retire was found",
        "I have looked where these lines say, and found nothing that could be merged, made simpler or retired.",
        "planning",
        "plan",
        "ART-24",
        (Side("architect", "Architect or Program Manager", ("P-ARCH", "R-PGM")),),
        "Table 2 inputs",
        nothing_found=True,
    ),
    Topic(
        "master-plan",
        "The master plan is signed",
        "The master plan in this version is the one by which the project is run.",
        "planning",
        "plan",
        "ART-08",
        (Side("team", "Program Manager", ("R-PGM",)), Side("stakeholders", "Stakeholders", _STAKEHOLDERS)),
        "§Project Plan Approved",
        of=("ART-08",),
    ),
    Topic(
        "master-schedule",
        "The master schedule is signed",
        "The master schedule in this version is the one by which the project is run.",
        "planning",
        "plan",
        "ART-09",
        (Side("team", "Program Manager", ("R-PGM",)), Side("stakeholders", "Stakeholders", _STAKEHOLDERS)),
        "§Project Plan Approved",
        of=("ART-09",),
    ),
    Topic(
        "design",
        "The design can be operated",
        "Release Management has evaluated the design in this version: it meets the operational requirements listed "
        "here, and it can be deployed and operated.",
        "planning",
        "plan",
        "ART-06",
        (Side("release", "Release Management", ("R-REL", "R-OPX")),),
        "Table 6",
        of=("ART-06",),
        requirements=("operational",),
    ),
    *(_design(kind) for kind in ("business", "user", "operational", "system")),
    Topic(
        "scope",
        "All features are complete",
        "All features are complete, or what is left out is listed and approved. The solution is ready for external "
        "testing and for being stabilised.",
        "build",
        "scope",
        "ART-28",
        (Side("management", "Program Manager", ("R-PGM",)), Side("team", "Developer", ("R-DEV",))),
        "§Goals",
        of=("ART-28",),
    ),
    Topic(
        "test-environment",
        "The test environment matches production",
        "This release candidate was tested in an environment that matches production, or I have said where not.",
        "stabilize",
        "release",
        "ART-32",
        (Side("testing", "Test Manager", ("R-TM",)),),
        "Table 6",
        of=("ART-32",),
        candidate=True,
    ),
    Topic(
        "usable",
        "The solution is usable",
        "This release candidate is usable by the people it is made for, as they work.",
        "stabilize",
        "release",
        "ART-41",
        (Side("users", "User Experience", ("R-UX",)),),
        "Table 6",
        candidate=True,
    ),
    Topic(
        "user-acceptance",
        "The users accept the release",
        "The users whom I represent have tested this release candidate and accept it.",
        "stabilize",
        "release",
        "ART-41",
        (Side("users", "User representative", ("P-USER",), not_team=True),),
        "Table 3 inputs",
        candidate=True,
    ),
    Topic(
        "customer-acceptance",
        "The customer accepts the solution",
        "The solution is in production as agreed. The customer is satisfied and accepts it.",
        "deploy",
        "close",
        "ART-50",
        (Side("customer", "Customer", _CUSTOMER, not_team=True),),
        "Table 1 Deploy",
        of=("ART-49", "ART-50"),
        deployments=True,
    ),
    Topic(
        "transfer",
        "The solution is handed over to Operations and Support",
        "The solution, its documentation and the responsibility for it pass from the project to Operations and Support "
        "with this statement.",
        "deploy",
        "close",
        "ART-51",
        (
            Side("giving", "Project, giving", ("R-REL", "R-PGM")),
            Side("receiving", "Operations and Support, receiving", ("P-OPS", "P-SUP1", "P-SUP2"), not_team=True),
        ),
        "Table 1 Deploy",
        of=("ART-51",),
    ),
    Topic(
        "analysis",
        "The post-project analysis is signed",
        "The post-project analysis in this version says what happened, what was reached and what is to be learnt.",
        "deploy",
        "close",
        "ART-53",
        (
            Side("team", "Project team", _WORKING),
            Side("management", "Management", ("R-SM", "P-PMO")),
            Side("stakeholders", "Stakeholders", (*_STAKEHOLDERS, *_CUSTOMER, "P-OPS")),
        ),
        "§Release Readiness, closing",
        of=("ART-53",),
    ),
)

STATEMENTS: Mapping[str, Topic] = MappingProxyType({topic.code: topic for topic in _TOPICS})
