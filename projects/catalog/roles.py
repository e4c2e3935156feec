"""Who does what: the nine role types of Table 6, and the other capacities in which people take part in a project."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class RoleType:
    """A role a person can hold on a project.

    Args:
        scope: whether the role is held for one project or spans all of them.
        key: named by the source among the roles that carry the phase (§Overview).
        accountable: the one role that answers for the whole phase.
    """

    code: str
    name: str
    responsibilities: tuple[str, ...]
    goal: str
    scope: Literal["project", "cross-project"] = "project"
    key: bool = False
    accountable: bool = False
    source: str = "Table 6"


def _by_code(*roles: RoleType) -> Mapping[str, RoleType]:
    return MappingProxyType({role.code: role for role in roles})


ROLE_TYPES: Mapping[str, RoleType] = _by_code(
    RoleType(
        "R-SM",
        "Solution Manager",
        (
            "Answers for the phase as a whole and owns its five service management functions.",
            "Directs every project.",
            "Settles conflicts between one project and another.",
        ),
        "All projects run without friction and pass into operations well.",
        scope="cross-project",
        accountable=True,
        source="Table 6, §Overview",
    ),
    RoleType(
        "R-PGM",
        "Program Manager",
        ("Drives one project: its design, its schedule, its resources.",),
        "This project runs without friction and builds the right thing in time.",
        key=True,
        source="Table 6, §Overview",
    ),
    RoleType(
        "R-DEV",
        "Developer",
        ("Builds what was agreed.",),
        "What is delivered matches the agreed specification.",
        key=True,
        source="Table 6, §Overview",
    ),
    RoleType(
        "R-TST",
        "Tester",
        ("Finds out by testing how far the solution really is.",),
        "No known issue is unsettled when the release goes out.",
    ),
    RoleType(
        "R-PDM",
        "Product Manager",
        (
            "Speaks for the customer.",
            "Keeps one vision of the project alive among all who share it.",
            "Keeps the customer's expectations realistic.",
        ),
        "The customer is satisfied.",
        key=True,
        source="Table 6, §Overview",
    ),
    RoleType(
        "R-UX",
        "User Experience",
        (
            "Speaks for the users in the team.",
            "Helps to find the users' requirements and to design for them.",
        ),
        "The released solution can be used with ease by the people it was made for.",
    ),
    RoleType(
        "R-REL",
        "Release Management",
        (
            "Judges the design of the solution.",
            "Writes down what operations requires and sees that the design provides it.",
            "Prepares the pilot, the deployment plan and the schedule of deployment.",
            "Leads deployment at the sites.",
        ),
        "What reaches the production environment is stable.",
    ),
    RoleType(
        "R-OPX",
        "Operations Experience",
        (
            "Speaks for operations in the team.",
            "Calls in experts from operations where detail is wanted.",
            "Works hand in hand with Release Management.",
        ),
        "What operations requires is part of the design, and is dealt with before the release.",
    ),
    RoleType(
        "R-TM",
        "Test Manager",
        (
            "Answers for testing in all project teams.",
            "Sets the strategy and the plans for testing.",
            "Sees that tests are done by proven methods.",
        ),
        "Tests resemble production, so that production brings no surprise.",
        scope="cross-project",
    ),
)

CAPACITIES: Mapping[str, RoleType] = _by_code(
    RoleType(
        "P-SPONSOR",
        "Sponsor",
        ("Stands for the project before management.", "Says personally whether to go ahead."),
        "The project is worth what it costs.",
        source="§Project Plan Approved, Table 3",
    ),
    RoleType(
        "P-CUST",
        "Customer",
        ("Agrees what will be built.", "Accepts what was deployed."),
        "The solution does what was asked for.",
        source="§Project Plan Approved, Table 1",
    ),
    RoleType(
        "P-FIN",
        "Finance",
        ("Confirms that the funding exists and up to which point it is released.",),
        "Money is committed knowingly.",
        source="§Project Plan Approved",
    ),
    RoleType(
        "P-ARCH",
        "Architect",
        ("Judges whether the solution fits what the organisation already runs.",),
        "The solution fits the architecture and duplicates nothing.",
        source="§Project Plan Approved",
    ),
    RoleType(
        "P-OWN",
        "Solution Owner",
        ("Owns the solution on management's side, during the project and after it.",),
        "Somebody in management answers for the solution.",
        source="§Project Plan Approved",
    ),
    RoleType(
        "P-TECH",
        "Technical Specialist",
        ("Contributes special technical knowledge to plans and designs.",),
        "Plans are technically sound.",
        source="§Project Plan Approved",
    ),
    RoleType(
        "P-OPS",
        "Operations Manager",
        ("Represents the management of operations.", "Accepts responsibility for running the solution."),
        "Operations takes over only what it can run.",
        source="§Release Readiness",
    ),
    RoleType(
        "P-SUP1",
        "Primary Support",
        ("Is the first named person to support the release in production.",),
        "Users get help from the first day.",
        source="Table 4",
    ),
    RoleType(
        "P-SUP2",
        "Secondary Support",
        ("Supports the release when the first named person cannot. Always somebody else.",),
        "Support never hangs on one person.",
        source="Table 4",
    ),
    RoleType(
        "P-SEC",
        "Security Lead",
        ("Represents the security team; judges threats and protective measures.",),
        "The release opens no door that should be shut.",
        source="§Release Readiness",
    ),
    RoleType(
        "P-AUD",
        "Auditor",
        ("Looks on for the organisation's control function.", "Says which evidence will be needed later."),
        "What was decided can be shown afterwards.",
        source="§Project Plan Approved",
    ),
    RoleType(
        "P-BUS",
        "Business Management",
        ("Represents the management of the business that will use the solution.",),
        "The business is ready for the change.",
        source="§Release Readiness",
    ),
    RoleType(
        "P-PMO",
        "Project Management Office",
        ("Represents the management of project work.",),
        "Projects are run as the organisation has agreed to run them.",
        source="§Release Readiness",
    ),
    RoleType(
        "P-USER",
        "End User",
        ("Tries the solution in daily work.", "Approves or refuses at user acceptance."),
        "The solution helps those who work with it.",
        source="§Project Plan Approved, Table 3",
    ),
    RoleType(
        "P-DEPLOY",
        "Release Engineer",
        ("Carries out the deployment.",),
        "What was approved, and only that, is put into production.",
        source="ours: the person who deploys, apart from those who approve",
    ),
)

ALL_ROLES: Mapping[str, RoleType] = MappingProxyType({**ROLE_TYPES, **CAPACITIES})

# Who makes the release. Nobody of these chairs its Release Readiness review or accepts for the customer (SEED-33).
TEAM_ROLES = frozenset({"R-PGM", "R-DEV", "R-TST", "R-PDM", "R-UX", "R-REL", "R-OPX", "R-TM", "P-TECH", "P-DEPLOY"})


def role_name(code: str) -> str:
    """The name of a role, or the code itself when an imported record names a role we do not know."""
    role = ALL_ROLES.get(code)
    return role.name if role else code
