"""The Project Plan Approved review (Table 2): fixes the scope and lets Build begin."""

from reviews.catalog.model import Group, Item, ReviewType

_SOURCE = "Table 2"

INPUTS = (
    Item(
        "I1",
        "input",
        "Project charter with vision and scope in detail",
        "Read the charter, or the vision note of a small change.",
        "It says what is in scope and what is not, so that nobody has to guess.",
        _SOURCE,
        artifacts=("ART-02", "ART-01"),
    ),
    Item(
        "I2",
        "input",
        "Master plan of the project",
        "Open the plan and follow two deliverables through it.",
        "Every deliverable has work, an owner and its place among the others.",
        _SOURCE,
        artifacts=("ART-08", "ART-11", "ART-36"),
    ),
    Item(
        "I3",
        "input",
        "Master schedule of the project",
        "Compare the dates with the people's availability and with outside deadlines.",
        "Dates follow from the work; dependencies are shown.",
        _SOURCE,
        artifacts=("ART-09", "ART-11"),
    ),
    Item(
        "I4",
        "input",
        "Risk assessment of the project",
        "Read the risks and ask the team which one worries it most.",
        "Each risk has likelihood, impact, a response and an owner.",
        _SOURCE,
        artifacts=("ART-23",),
    ),
    Item(
        "I5",
        "input",
        "Coordination plan: stakeholders, communications, requirements and risks",
        "Look for each of the four parts.",
        "All four parts are there, each with somebody who sees to it.",
        _SOURCE,
        artifacts=("ART-14",),
    ),
    Item(
        "I6",
        "input",
        "Opportunities to merge, simplify or retire solutions",
        "Compare the solution with what the organisation already runs.",
        "Opportunities are listed, or it is stated that none was found.",
        _SOURCE,
        artifacts=("ART-24",),
    ),
    Item(
        "I7",
        "input",
        "Metrics by which the project will be judged",
        "Read the list of metrics.",
        "At least one metric, each with unit, target, source and rhythm.",
        _SOURCE,
        artifacts=("ART-25",),
    ),
)

ANALYSES = (
    Item(
        "A1",
        "analysis",
        "The vision is clear and leaves nothing essential out.",
        "Let somebody from outside the team say in a sentence what the project is for.",
        "Team, customer and management would describe the same goal.",
        _SOURCE,
    ),
    Item(
        "A2",
        "analysis",
        "The scope is sensible and workable.",
        "Test it against three wishes from the edge of the project: in or out?",
        "The answers are the same whoever is asked.",
        _SOURCE,
    ),
    Item(
        "A3",
        "analysis",
        "Missing capabilities and shortages of resources are known.",
        "Compare the skills and people in the work plan with those that are there.",
        "Each gap has an owner and a plan, or there is none.",
        _SOURCE,
    ),
    Item(
        "A4",
        "analysis",
        "Requirements and functional specification are adequate, clear and fit to be developed from.",
        "Have a developer and a tester read one feature and say what they would do.",
        "Both could start; features lead back to requirements.",
        _SOURCE,
    ),
    Item(
        "A5",
        "analysis",
        "The metrics suit the project.",
        "Ask of each metric which decision it would change.",
        "Each can be measured with what is at hand and would tell early if things go wrong.",
        _SOURCE,
    ),
)

DECISIONS = (
    Item(
        "D1",
        "decision",
        "The plan and what belongs to it are enough to build on.",
        "Weigh inputs and analyses together.",
        "The group agrees that Build can work from these documents.",
        _SOURCE,
    ),
    Item(
        "D2",
        "decision",
        "The assessment of risks is complete and good enough.",
        "Ask each participant for a risk that is missing.",
        "No serious risk is without a response.",
        _SOURCE,
    ),
    Item(
        "D3",
        "decision",
        "People will be there when needed, and the money can be committed.",
        "Hear whoever answers for the people, and whoever answers for the budget.",
        "Both confirm, up to which point as well.",
        _SOURCE,
    ),
    Item(
        "D4",
        "decision",
        "Merging and simplifying solutions was seriously thought about.",
        "Read the list of opportunities and what became of each.",
        "Each has been taken up, or put aside with a reason.",
        _SOURCE,
    ),
    Item(
        "D5",
        "decision",
        "The metrics are enough to follow the project and to judge it.",
        "Imagine the project in trouble and see which metric would show it.",
        "Time, cost and quality are each covered.",
        _SOURCE,
    ),
    Item(
        "D6",
        "decision",
        "Security, privacy and policy are being looked after.",
        "Read the security plan and the reviews of privacy, standards and policy.",
        "Each open point has an owner and a date before the release.",
        _SOURCE,
    ),
)

OUTPUTS = (
    Item(
        "O1",
        "output",
        "Vision and scope are approved as refined.",
        "Record which version of vision and scope was approved.",
        "The approved version is the baseline for later changes.",
        _SOURCE,
        after_go=True,
    ),
    Item(
        "O2",
        "output",
        "The functional specification holds design and features, and every feature owner has signed it.",
        "Compare the list of features with the signatures.",
        "Each owner has signed the very version that was approved.",
        _SOURCE,
        protected=True,
        after_go=True,
    ),
    Item(
        "O3",
        "output",
        "The plan for managing risks is approved.",
        "Record the version.",
        "Version and approver are named.",
        _SOURCE,
        after_go=True,
    ),
    Item(
        "O4",
        "output",
        "Funding is approved, if need be only as far as a named phase and its review.",
        "Record amount, approver and limit.",
        "All three are stated, even when there is no limit.",
        _SOURCE,
        after_go=True,
    ),
    Item(
        "O5",
        "output",
        "The plans for communication and coordination are approved.",
        "Record the versions.",
        "Versions and approvers are named.",
        _SOURCE,
        after_go=True,
    ),
    Item(
        "O6",
        "output",
        "The internal controls that the solution must contain are listed and approved.",
        "Read the list with the auditor's eyes.",
        "Each control says what it prevents or detects, or the list states that none is needed.",
        _SOURCE,
        after_go=True,
    ),
    Item(
        "O7",
        "output",
        "The approval is on record, with who owns the project and who answers for what.",
        "Read the names aloud.",
        "Owner and accountable persons are named and have accepted.",
        _SOURCE,
        protected=True,
        after_go=True,
    ),
)

_WHO = "§Project Plan Approved"

GROUPS = (
    Group("PPA-P1", "Program management", "The program manager of this project.", True, ("R-PGM",), _WHO),
    Group("PPA-P2", "Product management", "The product manager, who speaks for the customer.", True, ("R-PDM",), _WHO),
    Group(
        "PPA-P3",
        "Technical specialists",
        "Whoever knows the technology the plan depends on: specialists, security, user experience, release.",
        False,
        ("P-TECH", "P-SEC", "R-UX", "R-REL", "P-DEPLOY"),
        _WHO,
    ),
    Group("PPA-P4", "Developers", "Those who will build it.", True, ("R-DEV",), _WHO),
    Group("PPA-P5", "Testers", "Those who will test it, and the test manager.", True, ("R-TST", "R-TM"), _WHO),
    Group(
        "PPA-P6",
        "Management",
        "Solution owner, architect, sponsor, finance and other stakeholders in management.",
        True,
        ("P-SPONSOR", "P-OWN", "P-FIN", "P-ARCH", "P-BUS", "P-PMO", "R-SM"),
        _WHO,
    ),
    Group(
        "PPA-P7",
        "Operations and support",
        "Those who will run the solution and help its users.",
        True,
        ("P-OPS", "R-OPX", "P-SUP1", "P-SUP2"),
        _WHO,
    ),
    Group("PPA-P8", "Auditors", "Internal or external audit; may look on without signing.", False, ("P-AUD",), _WHO),
    Group("PPA-P9", "Customers and end users", "Those for whom it is made.", True, ("P-CUST", "P-USER"), _WHO),
)

PROJECT_PLAN_APPROVED = ReviewType(
    kind="ppa",
    name="Project Plan Approved",
    synonyms=("Project Plans Approved", "Project Plan Approved MR", "Project Plan Approved Milestone", "PPA"),
    purpose=(
        "Settles what will be built before anybody builds it: the group examines the plan, the risks, the people and "
        "the money, and either agrees that the plan can be worked from or says what it lacks."
    ),
    question="Can Build begin on this plan?",
    statement=(
        "I have read the packet shown to me. With the position recorded beside my signature I answer, for my part, "
        "whether the functional specification, the master plan and the master schedule, at the versions named in the "
        "packet, satisfy what is asked of an approved project plan."
    ),
    stage="planning",
    gate="plan",
    items=(*INPUTS, *ANALYSES, *DECISIONS, *OUTPUTS),
    groups=GROUPS,
    no_go_returns_to="planning",
    source="Table 2, §Project Plan Approved",
)
