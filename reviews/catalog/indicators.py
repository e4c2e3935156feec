"""The go/no-go indicators (Table 4): nine that must be confirmed, nine that must be clear.

The source lists the notified stakeholders twice in one cell; here they are asked once.
"""

from reviews.catalog.model import Item, Section

RELEASE = "Release"
ENVIRONMENT = "Production environment"
STRATEGY = "Release strategy plans"


def _indicator(
    section: Section,
    element: str,
    code: str,
    text: str,
    verification: str,
    pass_criterion: str,
    *artifacts: str,
    protected: bool = False,
) -> Item:
    return Item(
        code,
        section,
        text,
        verification,
        pass_criterion,
        "Table 4",
        artifacts=artifacts,
        element=element,
        protected=protected,
    )


GO = (
    _indicator(
        "go",
        RELEASE,
        "G-REL-1",
        "Everything the release presupposes is fulfilled.",
        "Go through the list of prerequisites in the deployment plan.",
        "Each is ticked off with a date and a name.",
        "ART-36",
    ),
    _indicator(
        "go",
        RELEASE,
        "G-REL-2",
        "The documentation is in order.",
        "Compare the documents with the list the plan promised.",
        "Each is there, approved, and describes this candidate.",
        "ART-29",
        "ART-35",
    ),
    _indicator(
        "go",
        RELEASE,
        "G-REL-3",
        "There is a way back that will work.",
        "Read the record of the rehearsal; compare its duration with the window.",
        "Rehearsed, quicker than the window allows, with a point of no return.",
        "ART-36",
        protected=True,
    ),
    _indicator(
        "go",
        ENVIRONMENT,
        "G-ENV-1",
        "Support staff have had their training.",
        "Count the trained people by name.",
        "Everybody on the support rota has been trained before today.",
        "ART-38",
        "ART-16",
    ),
    _indicator(
        "go",
        ENVIRONMENT,
        "G-ENV-2",
        "Administrative procedures are clear and fit the standards of each site.",
        "Let an administrator of each site walk through the procedures.",
        "No step is unclear, none contradicts the site's standards.",
        "ART-45",
    ),
    _indicator(
        "go",
        ENVIRONMENT,
        "G-ENV-3",
        "Agreements with operations and contracts with suppliers exist and seem to carry the service levels.",
        "Compare each promised service level with what stands behind it.",
        "Each level is carried by a signed agreement or contract.",
        "ART-43",
    ),
    _indicator(
        "go",
        STRATEGY,
        "G-STR-1",
        "Those concerned have the escalation path and the list of contacts.",
        "Ask two people on the list what they would do at three in the morning.",
        "Sent to all on it, with date; nobody is surprised to be named.",
        "ART-44",
    ),
    _indicator(
        "go",
        STRATEGY,
        "G-STR-2",
        "Every key stakeholder has been told of the release.",
        "Compare the record of notices with the list of stakeholders.",
        "A dated notice for each.",
        "ART-13",
    ),
    _indicator(
        "go",
        STRATEGY,
        "G-STR-3",
        "People and means for the implementation are confirmed.",
        "Ask those who will do it whether they know, and whether they are free.",
        "Each has said yes for the planned date.",
        "ART-36",
    ),
)

NO_GO = (
    _indicator(
        "no_go",
        RELEASE,
        "N-REL-1",
        "The release departs from the standards it should be built to.",
        "Read the results of build checks, code review and tests.",
        "No departure, or none without an approved exception.",
        "ART-28",
        "ART-32",
    ),
    _indicator(
        "no_go",
        RELEASE,
        "N-REL-2",
        "Documents are missing.",
        "Look for gaps: chapters announced but empty, procedures known only by mouth.",
        "No gap that operations, support or users would notice.",
        "ART-29",
        "ART-35",
    ),
    _indicator(
        "no_go",
        RELEASE,
        "N-REL-3",
        "Nobody has been named for primary or for secondary support.",
        "Read both names.",
        "Two names, two different people, both have agreed.",
        "ART-38",
        protected=True,
    ),
    _indicator(
        "no_go",
        ENVIRONMENT,
        "N-ENV-1",
        "The solution rests on levels of software or infrastructure that the target does not support.",
        "Compare each level with what the target supports: too new counts as well as too old.",
        "Every level is supported where the solution will run.",
        "ART-07",
        "ART-45",
    ),
    _indicator(
        "no_go",
        ENVIRONMENT,
        "N-ENV-2",
        "A training plan for the support staff is missing.",
        "Look for the plan; whether the training took place is asked separately.",
        "There is a plan with names and dates.",
        "ART-16",
    ),
    _indicator(
        "no_go",
        ENVIRONMENT,
        "N-ENV-3",
        "A backup plan is missing.",
        "Read the plan and the record of the last restore.",
        "There is a plan, and a restore has been tried.",
        "ART-37",
    ),
    _indicator(
        "no_go",
        STRATEGY,
        "N-STR-1",
        "Success hangs on a single point or the plan has a fatal flaw: one technician, an unproven technology.",
        "For each critical step ask: what if this person is ill, what if this does not work?",
        "For each such step a second person or another way is named.",
        "ART-36",
        "ART-23",
    ),
    _indicator(
        "no_go",
        STRATEGY,
        "N-STR-2",
        "What the plans presuppose is not secured, such as users being free for acceptance tests.",
        "Read the prerequisites and who confirmed each.",
        "Each is confirmed by somebody who can promise it.",
        "ART-36",
    ),
    _indicator(
        "no_go",
        STRATEGY,
        "N-STR-3",
        "The papers of change management are not in order.",
        "Open the change record and compare it with this candidate and this date.",
        "Record complete, approved where needed, same candidate, same date.",
        "ART-46",
    ),
)

INDICATORS = (*GO, *NO_GO)
