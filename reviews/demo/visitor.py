"""PRJ-0019: a bought product for three depots. Its release review on Thursday lacks this and that."""

from projects.actions import risks
from reviews.demo import closing, other_plans, readiness_rows, tracing
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.testing import (
    IssueLine,
    PilotLine,
    RiskLine,
    TestLine,
    hold_pilots,
    judge,
    record_issues,
    record_risks,
    record_tests,
)
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind

RISKS = (
    RiskLine(
        *("The Wi-Fi at the gates is weak.", "availability", 3, 3, "reduce"),
        *("A repeater at each gate; the paper book stays for a month.", "dag"),
    ),
    RiskLine(
        *("Names of visitors are read by somebody who should not.", "security compliance", 2, 4, "reduce"),
        *("Deleted after 30 days; the export lies where only facilities reads it.", "yusuf"),
    ),
)
TESTS = (
    TestLine("Feature tests", "Configuration 5", "system", 66, 57, 9, "2026-11-03", "Printers and texts."),
    TestLine("Feature tests", "Configuration 7", "system", 66, 64, 2, "2026-11-18", "Left: I-13 and I-14."),
)
PILOTS = (
    PilotLine(
        "North Quay",
        "North Quay: its visitors, two receptionists",
        "Configuration 7",
        "Nine of ten sign in within a minute without help.",
        "2026-11-06 10:00",
        "2026-11-09",
        "2026-11-20",
        "2026-11-20 16:10",
        "met",
        "312 visitors, 19 asked for help. The receptionists want the badge to be larger.",
    ),
)
ISSUES = (
    IssueLine(
        *("I-04", "The host is told twice", "testing", 3, "Configuration 5", "2026-11-03", "ravi"),
        *("2026-11-05", "fixed", "In configuration 7."),
    ),
    IssueLine(
        *("I-09", "Evacuation list in order of arrival, not of name", "testing", 2, "Configuration 5", "2026-11-03"),
        *("ravi", "2026-11-05", "fixed", "In configuration 7."),
    ),
    IssueLine(
        *("I-12", "Badge is cut off at the left", "pilot", 3, "Configuration 7", "2026-11-11", "ravi"),
        *("2026-11-13", "fixed", "Margin of the printer."),
    ),
    IssueLine("I-13", "Badge printer at Halden Road drops Wi-Fi", "testing", 2, "Configuration 7", "2026-11-17", "dag"),
    IssueLine("I-14", "Welsh text truncated", "pilot", 3, "Configuration 7", "2026-11-18", "ravi"),
)


def tell(timeline: Timeline) -> None:
    story = Story(timeline, "PRJ-0019")
    _plan(story)
    _plan_review(story)
    _build_and_stabilize(story)
    _release_review(story)
    readiness_rows.visitor(story)
    other_plans.visitor(story)
    closing.visitor(story)


def _plan(story: Story) -> None:
    story.register(
        "2026-09-04 08:30",
        by="yusuf",
        program_manager="yusuf",
        title="Visitor sign-in at three depots",
        description=(
            "Visitors of North Quay, Ember Lane and Halden Road sign in on tablets, three at each depot, and get a "
            "printed badge. Replaces the paper books."
        ),
        project_type="packaged_product",
        category="minor",
        category_nature="No core system is touched; a bought product, configured.",
        category_size="Three sites, nine tablets, six weeks, EUR 18,400.",
        methodology="Scrum",
        conversion_applies=False,
        intents=(
            "Know at any moment who is on a site.\nAn evacuation list that is right.\nNo more paper books with names "
            "that everybody can read."
        ),
        portfolio_ref="PMR-2026-11",
        portfolio_on="2026-09-03",
        unit="Facilities",
        planned_cost=18400,
        currency="EUR",
        planned_start="2026-09-07",
        planned_end="2026-12-11",
    )
    story.people(
        "2026-09-04 09:10",
        "yusuf",
        {
            "R-PDM": "anneke",
            "R-DEV": "ravi",
            "R-TST": "chloe",
            "R-TM": "beatriz",
            "R-UX": "owen",
            "R-REL": "samira",
            "R-OPX": "dag",
            "P-SPONSOR": "lucia",
            "P-CUST": "lucia",
            "P-OPS": "hannah",
            "P-SEC": "naoko",
            "P-SUP1": "joy",
        },
    )
    story.move("2026-09-07 09:00", "start_envision", "yusuf")
    story.need(
        "2026-09-08 10:00", "anneke", "business", "Visitors are known by name, company and host from gate to gate."
    )
    story.need(
        "2026-09-08 10:10",
        "anneke",
        "operational",
        "The fire warden has a list of who is on site, at most one minute old.",
    )
    story.need(
        "2026-09-08 10:20", "anneke", "user", "A visitor signs in within a minute without help, in Welsh or English."
    )
    story.need(
        "2026-09-09 11:00",
        "naoko",
        "system",
        "Names are deleted after 30 days; the export is kept where only facilities reads it.",
    )
    story.papers("visitor", planned="2026-09-07 10:00", by="yusuf")
    story.outcomes(
        "2026-09-16 16:00",
        "yusuf",
        {
            "ENV-O1": "Vision note 1.0 read with Lucía Benítez and the three depot managers on [2026-09-16].",
            "ENV-O2": "Conceptual design is a section of vision note 1.0.",
            "ENV-O3": "Risks are a section of vision note 1.0; the depot managers added the weak Wi-Fi at the gates.",
        },
    )
    story.move("2026-09-17 09:00", "start_planning", "yusuf")
    tracing.taken_over(story, "2026-09-30 10:00", "anneke", "visitor_traceability.csv")
    story.outcomes(
        "2026-10-01 13:00",
        "yusuf",
        {
            "PLN-O1": "Functional specification 1.1: nine features, each with screen, texts and acceptance test.",
            "PLN-O2": "The specification names the requirement behind each of its nine features.",
        },
    )


def _plan_review(story: Story) -> None:
    review = Round(story, ReviewKind.PPA, opened="2026-09-30 15:00", by="yusuf", scheduled="2026-10-02 16:00")
    review.convene("2026-10-01 13:30")
    review.sheet("visitor_ppa", "2026-10-01 13:40")
    review.ask("2026-10-01 15:30", due="2026-10-02 16:00")
    review.sign("2026-10-01 17:20", "lucia")
    review.sign("2026-10-02 08:45", "hannah", "Agreed. Show me the guide before the pilot, not after it.")
    review.decide("2026-10-02 15:10", Decision.GO, "Approved as planned.")
    review.sheet("visitor_ppa_outputs", "2026-10-02 15:20")
    story.move("2026-10-05 08:30", "start_build", "yusuf")


def _build_and_stabilize(story: Story) -> None:
    tracing.built(story, "F-1 F-5", by="ravi", begun="2026-10-06", done="2026-10-23", tester="chloe")
    tracing.built(story, "F-6 F-9", by="ravi", begun="2026-10-12", done="2026-10-27", tester="chloe")
    tracing.evaluated(
        story, "2026-10-28 11:00", "dag", "The warden's list is renewed every 30 seconds.", addressed=True
    )
    story.outcomes(
        "2026-10-28 15:30",
        "yusuf",
        {
            "BLD-O1": "All four kinds of requirement traced to configuration 5: R-001 to R-004.",
            "BLD-O2": "9 of 9 features shown to Anneke de Wit and Lucía Benítez on [2026-10-28].",
        },
    )
    story.move("2026-10-29 09:00", "start_stabilize", "yusuf")
    story.planned("2026-11-02 09:00", "yusuf", "ART-35", "dag", "2026-11-25")
    story.planned("2026-11-02 09:05", "yusuf", "ART-36", "samira", "2026-11-24")
    story.not_applicable(
        "2026-11-11 14:00",
        "ART-20",
        by="anneke",
        reason="A bought product; the vendor says that it keeps to the data protection rules.",
        refused="2026-11-12 10:30",
        refused_by="naoko",
        why_not="Visitor names are personal data, and it is we who keep them. A review is needed before the release.",
    )
    story.planned("2026-11-12 11:00", "yusuf", "ART-20", "yusuf", "2026-11-25")
    story.planned("2026-11-16 09:35", "yusuf", "ART-46", "samira", "2026-11-25")
    story.planned("2026-11-16 09:40", "yusuf", "ART-41", "lucia", "2026-11-26")


def _release_review(story: Story) -> None:
    record_risks(story, "2026-09-29", "yusuf", RISKS)
    story.candidate("2026-11-02 15:00", "ravi", "Configuration 5", "Nine features, as shown at Scope Complete.")
    story.candidate("2026-11-05 15:00", "ravi", "Configuration 7", "With the findings of the first tests.")
    record_tests(story, "chloe", TESTS)
    hold_pilots(story, "anneke", PILOTS)
    record_issues(story, "chloe", ISSUES)
    judge(
        story,
        "2026-11-17 10:00",
        "dag",
        1,
        risks.address,
        "Repeaters are up at all three gates; measured on [2026-11-16].",
    )
    review = Round(
        story,
        ReviewKind.RR,
        opened="2026-11-16 09:30",
        by="yusuf",
        scheduled="2026-11-26 13:00",
        place="Depot North, meeting room 2, and by video",
        candidate="Configuration 7",
    )
    review.sheet("visitor_rr", "2026-11-20 09:20", minutes=23)
