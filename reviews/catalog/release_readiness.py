"""The Release Readiness review (Tables 3 and 4): the last point to turn back; lets Deploy begin."""

from reviews.catalog.indicators import INDICATORS
from reviews.catalog.model import Group, Item, ReviewType

_SOURCE = "Table 3"
_ABOUT = "§Release Readiness"

# SEED-75: part of what every signer signs.
READY = (
    "Ready means: the release does what business and IT need of it, and can keep its service levels, "
    "today and in the long run."
)

INPUTS = (
    Item(
        "I1",
        "input",
        "Operations support guide",
        "Let somebody from operations run one procedure with nothing but the guide.",
        "It can be done without asking the team.",
        _SOURCE,
        artifacts=("ART-35",),
    ),
    Item(
        "I2",
        "input",
        "Deployment plan with contingency plan",
        "Read rollout and way back step by step, with the clock in hand.",
        "Each step has somebody who does it and a duration; the way back is among them.",
        _SOURCE,
        artifacts=("ART-36",),
    ),
    Item(
        "I3",
        "input",
        "Plan for implementing security",
        "Compare the measures with the threats found in planning.",
        "Each threat has a measure in place, or an accepted reason why not.",
        _SOURCE,
        artifacts=("ART-39",),
    ),
    Item(
        "I4",
        "input",
        "Validation and conversion of data, where data is converted",
        "Read the reconciliation.",
        "Counts and values agree within the limits set beforehand; the business has signed.",
        _SOURCE,
        artifacts=("ART-40",),
        may_be_na=True,
        na_only_without="conversion",
    ),
    Item(
        "I5",
        "input",
        "Risk management plan",
        "Go through the open risks by availability, reliability, security, compliance and reputation.",
        "Each open risk is dealt with, or accepted by somebody entitled to.",
        _SOURCE,
        artifacts=("ART-23",),
    ),
    Item(
        "I6",
        "input",
        "Approval by the users",
        "Look at the signature and the candidate it names.",
        "Signed by a user's representative, for this candidate.",
        _SOURCE,
        artifacts=("ART-41",),
        protected=True,
    ),
    Item(
        "I7",
        "input",
        "What sponsor and stakeholders have said about going ahead, signed",
        "Compare the signatures with the list of stakeholders.",
        "Each has signed before the decision is taken, whichever way.",
        _SOURCE,
        artifacts=("ART-42",),
        protected=True,
    ),
)

ANALYSES = (
    Item(
        "A1",
        "analysis",
        "Vision and scope were looked at again.",
        "Lay the approved vision beside the finished solution.",
        "What differs is known and was agreed.",
        _SOURCE,
    ),
    Item(
        "A2",
        "analysis",
        "It was judged how ready and how complete the project is.",
        "Go through the deliverables, with version and state.",
        "Nothing promised for this release is unfinished without agreement.",
        _SOURCE,
    ),
    Item(
        "A3",
        "analysis",
        "The operations support guide was examined.",
        "Hear those who will work by it.",
        "Operations calls it usable.",
        _SOURCE,
    ),
    Item(
        "A4",
        "analysis",
        "Security and privacy in operation were weighed.",
        "Hear the security team; read what its tests found.",
        "No open finding that would be unacceptable in production.",
        _SOURCE,
    ),
    Item(
        "A5",
        "analysis",
        "It is understood what moving the data means for operations.",
        "Read the results of the last trial conversion and its duration.",
        "Duration, load and clean-up fit into the plan.",
        _SOURCE,
        may_be_na=True,
        na_only_without="conversion",
    ),
    Item(
        "A6",
        "analysis",
        "It is understood what going ahead means for business and IT, and what staying means.",
        "Write down four answers: business and IT, going ahead and not.",
        "All four are stated and nobody in the room contradicts.",
        _SOURCE,
        told=("Business, going ahead", "Business, staying", "IT, going ahead", "IT, staying"),  # SEED-86
    ),
)

ASPECTS = (
    Item(
        "ASP1",
        "aspect",
        "The release can be operated and supported.",
        "Judge by support guide, test results and the indicators of the release.",
        "Operations and support would take it as it is.",
        _ABOUT,
    ),
    Item(
        "ASP2",
        "aspect",
        "The production environment, people and machines, can carry the release.",
        "Judge by training, procedures, agreements and the indicators of the environment.",
        "Organisation and infrastructure are both ready.",
        _ABOUT,
    ),
    Item(
        "ASP3",
        "aspect",
        "The business, or the customer, is ready to use what is new.",
        "Judge by user acceptance, user training and the results of the pilot.",
        "Users know what changes, when, and whom to ask.",
        _ABOUT,
    ),
    Item(
        "ASP4",
        "aspect",
        "The plans around the release are ready: rollout, rollback, training, support.",
        "Judge by the four plans and the indicators of the release strategy.",
        "Each plan could be carried out tomorrow.",
        _ABOUT,
    ),
)

DECISIONS = (
    Item(
        "D1",
        "decision",
        "The group agrees that the project is ready and that the release goes ahead.",
        "Ask everybody in turn: go or no-go, and why.",
        "Agreement, or disagreement answered; remaining risks are dealt with or acceptable.",
        _SOURCE,
        protected=True,
    ),
    Item(
        "D2",
        "decision",
        "If not: what has to be addressed, with a first idea of the effort.",
        "Name each area with a number of person-days, however rough.",
        "At least one area, each with an estimate.",
        _SOURCE,
        must=False,
        may_be_na=True,
    ),
)

OUTPUTS = (
    Item(
        "O1",
        "output",
        "The project is signed off.",
        "Compare the signatures with the list of participants.",
        "Every required signature is there, and counts for what was decided on.",
        _SOURCE,
        protected=True,
        after_go=True,
    ),
    Item(
        "O2",
        "output",
        "Operations and support accept responsibility for the solution.",
        "Record who accepts for operations and who for support.",
        "Accepted by name. The transfer itself is completed in Deploy.",
        "Table 3; in two steps: ours",
        protected=True,
        after_go=True,
        accepted_by=("P-OPS", "R-OPX", "P-SUP1", "P-SUP2"),
    ),
    Item(
        "O3",
        "output",
        "The communication plan is under way: whoever is affected knows when the release comes.",
        "Compare the notices with the list of those affected.",
        "A dated notice for each party, with sender and channel.",
        _SOURCE,
        after_go=True,
    ),
    Item(
        "O4",
        "output",
        "After a no-go: everybody concerned knows the plan to put things right and their own part in it.",
        "Record when and to whom it was told.",
        "Owners and dates are stated and known.",
        _SOURCE,
        must=False,
        may_be_na=True,
        after_go=True,
    ),
)

GROUPS = (
    Group(
        "RR-P1",
        "Operations and support",
        "Those who will run the solution and help its users.",
        True,
        ("R-OPX", "P-SUP1", "P-SUP2"),
        _ABOUT,
        in_person=True,
    ),
    Group(
        "RR-P2",
        "Project team",
        "Those who made the release and those who will deploy it.",
        True,
        ("R-REL", "R-PGM", "R-DEV", "R-TST", "R-TM", "R-PDM", "R-UX", "P-TECH", "P-DEPLOY"),
        _ABOUT,
    ),
    Group("RR-P3", "Security team", "Those who answer for security and privacy.", True, ("P-SEC",), _ABOUT),
    Group(
        "RR-P4",
        "Business users",
        "Those who will work with it, and the customer.",
        True,
        ("P-USER", "P-CUST"),
        _ABOUT,
        in_person=True,
    ),
    Group("RR-P5", "Operations management", "Who answers for operations.", True, ("P-OPS",), _ABOUT, in_person=True),
    Group(
        "RR-P6",
        "Business management",
        "Who answers for the business: its management, sponsor, solution owner, finance.",
        True,
        ("P-SPONSOR", "P-BUS", "P-OWN", "P-FIN"),
        _ABOUT,
    ),
    Group(
        "RR-P7",
        "Project management",
        "Who answers for how projects are run.",
        True,
        ("P-PMO", "R-SM", "P-ARCH"),
        _ABOUT,
    ),
)

RELEASE_READINESS = ReviewType(
    kind="rr",
    name="Release Readiness",
    synonyms=(
        "Release Readiness Review",
        "Release Readiness Review MR",
        "Release Readiness Milestone",
        "RR",
        "Go/No-Go",
    ),
    purpose=(
        "Looks at the finished release from four sides before it meets production: the release itself, the environment "
        "and its people, the business that will use it, and the plans around it. The last point at which turning back "
        "is cheap."
    ),
    question="Shall this release go into production?",
    statement=(
        "I have read the packet shown to me. " + READY + " With the position recorded beside my signature I answer, "
        "for my part, whether the release candidate named in the packet is ready, and whether the risks that remain "
        "are dealt with or acceptable."
    ),
    stage="stabilize",
    gate="release",
    items=(*INPUTS, *ANALYSES, *ASPECTS, *INDICATORS, *DECISIONS, *OUTPUTS),
    groups=GROUPS,
    no_go_returns_to="stabilize",
    source="Tables 3 and 4, §Release Readiness",
)
