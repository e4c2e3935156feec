"""PRJ-0012: the payroll migration up to its plan. A major project, told to the quiet period after its cutover."""

from projects.actions import features
from reviews.demo import governance, payroll_plan, payroll_release, payroll_testing, readiness_rows, tracing
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind

TEAM = {
    "R-PDM": "priya",
    "R-DEV": "tomasz leila",
    "R-TST": "yufei",
    "R-TM": "beatriz",
    "R-UX": "owen",
    "R-REL": "samira",
    "R-OPX": "dag",
    "P-DEPLOY": "jonas",
}
OTHERS = {
    "P-SPONSOR": "ruth",
    "P-CUST": "aroha",
    "P-USER": "aroha",
    "P-FIN": "gareth",
    "P-ARCH": "viktor",
    "P-SEC": "naoko",
    "P-OPS": "hannah",
    "P-AUD": "emile",
}
SIGN_THE_PLAN = {
    "PPA-P1": "marcus",
    "PPA-P2": "priya",
    "PPA-P3": "viktor",
    "PPA-P4": "tomasz",
    "PPA-P5": "yufei",
    "PPA-P6": "ruth gareth",
    "PPA-P7": "hannah",
    "PPA-P9": "aroha",
}
LOOK_ON_THE_PLAN = {"PPA-P6": "ingrid", "PPA-P7": "dag joy", "PPA-P8": "emile"}


def tell(timeline: Timeline) -> None:
    story = Story(timeline, "PRJ-0012")
    _register(story)
    _envision(story)
    _plan(story)
    _build(story)
    payroll_testing.tell(story)
    payroll_plan.tell(story)
    payroll_release.tell(story)
    readiness_rows.payroll(story)
    governance.payroll(story)


def _register(story: Story) -> None:
    story.register(
        "2026-01-16 09:20",
        by="ingrid",
        program_manager="marcus",
        title="Payroll platform migration",
        description=(
            "PayLedger 6, on a database server that nobody supports any more, is replaced by the hosted Corvus Pay for "
            "4,180 employees in three pay groups: monthly 2,960, four-weekly 1,140, casual 80."
        ),
        project_type="it_service",
        category="major",
        category_nature="Financial and personal data; a bank file that cannot be called back.",
        category_size="All 4,180 employees, nine months, EUR 840,000.",
        methodology="MSF, with Scrum sprints in Build",
        conversion_applies=True,
        role_segregation=True,
        intents=(
            "Pay everyone correctly and on time.\nRetire the unsupported server by the end of the year.\nCut manual "
            "corrections from 140 to below 40 a month."
        ),
        portfolio_ref="PMR-2026-03",
        portfolio_on="2026-01-15",
        unit="Human resources",
        external_ref="RFC-2217",
        planned_cost=840000,
        currency="EUR",
        planned_start="2026-01-19",
        planned_end="2026-12-04",
    )
    story.people("2026-01-16 10:00", "ingrid", TEAM)
    story.people("2026-01-16 11:00", "marcus", OTHERS)
    story.papers("payroll_plan", planned="2026-01-19 14:00", by="marcus")
    story.papers("payroll_build", planned="2026-04-22 14:00", by="marcus")
    story.papers("payroll_release", planned="2026-07-20 14:00", by="marcus")


def _envision(story: Story) -> None:
    story.move("2026-01-19 09:00", "start_envision", "marcus")
    needs = (
        ("priya", "business", "Every employee is paid correctly and on the day, in all three pay groups."),
        ("priya", "business", "Fewer than 40 manual corrections a month from the third run on; today 140."),
        ("hannah", "business", "The unsupported database server is switched off by the end of the year."),
        ("owen", "user", "At least 95 % of employees open their payslip without help."),
        ("aroha", "user", "A run can be repeated as often as needed until the bank file has left."),
        ("dag", "operational", "A broken run can be started again from the run log by support, at night too."),
        ("gareth", "operational", "No bank file leaves without a second person's release."),
        ("tomasz", "system", "The bank file is a signed ISO 20022 pain.001; keys never lie on disk."),
        ("naoko", "system", "Every look at another person's payslip is logged."),
    )
    for number, (by, kind, text) in enumerate(needs):
        story.need(f"2026-01-{26 + number // 3} 1{number % 3}:15", by, kind, text)
    story.signs("2026-02-20 13:30", "vision", {"team": "leila", "customer": "aroha"})
    story.outcomes(
        "2026-02-20 15:00",
        "marcus",
        {
            "ENV-O1": "Vision document 1.2; understood by the team (Marcus Adeyemi, Leila Haddad) and by the customer "
            "(Aroha Ngata, Ruth Castellanos) at the reading of [2026-02-19].",
            "ENV-O2": "Conceptual design is a section of vision document 1.2.",
            "ENV-O3": "Risks are a section of vision document 1.2; acknowledged by the same four people.",
        },
    )


def _plan(story: Story) -> None:
    story.move("2026-02-23 09:00", "start_planning", "marcus")
    tracing.taken_over(story, "2026-04-07 09:40", "priya", "payroll_traceability.csv")
    tracing.evaluated(story, "2026-04-09 15:00", "samira", "Read in design 1.0 with Dag Lindqvist.", addressed=False)
    story.outcomes(
        "2026-04-17 14:00",
        "marcus",
        {
            "PLN-O1": "Functional specification 2.0, signed by the owners of all six feature groups.",
            "PLN-O2": "58 requirements traced to 46 features in ART-27 1.0; nothing loose either way.",
        },
    )
    story.owners_sign("2026-04-15 09:30")
    story.signs("2026-04-15 10:00", "specification", {"customer": "aroha"})
    story.signs("2026-04-15 10:30", "design", {"release": "samira"})
    story.signs("2026-04-15 11:00", "master-plan", {"team": "marcus", "stakeholders": "ruth"})
    story.signs("2026-04-15 11:10", "master-schedule", {"team": "marcus", "stakeholders": "ruth"})
    story.signs("2026-04-16 14:00", "plan", {"team": "priya", "customer": "aroha", "stakeholders": "ruth"})
    review = Round(story, ReviewKind.PPA, opened="2026-04-14 15:00", by="marcus", scheduled="2026-04-21 13:00")
    review.people("2026-04-14 15:20", SIGN_THE_PLAN, LOOK_ON_THE_PLAN)
    review.convene("2026-04-17 15:00")
    review.sheet("payroll_ppa1", "2026-04-20 09:10", minutes=35)
    review.finding(
        "2026-04-21 13:02",
        "yufei",
        "A5",
        "Nobody has measured how many payslips are wrong today: fewer than 40 corrections has nothing to compare with.",
        change="Count the corrections of three past runs, by cause.",
        owner="priya",
        due="2026-05-15",
        closed="2026-05-12 11:20",
        done="Baseline of the runs of January to March: 140 corrections a month, 61 of them from timesheets.",
    )
    review.finding(
        "2026-04-21 13:06",
        "aroha",
        "A4",
        "The privacy review leaves out the 80 casual staff, whose data comes from the depots' lists.",
        change="Extend the privacy review to casual staff.",
        owner="marcus",
        due="2026-05-22",
        closed="2026-05-20 16:10",
        done="Privacy review 1.1 of [2026-05-19] covers casual staff; read with Naoko Ishii.",
    )
    review.attended("2026-04-21 13:08", "ingrid dag joy emile")
    review.ask("2026-04-21 13:10", due="2026-04-21 17:00")
    review.signed_by("2026-04-21 14:05", "marcus priya viktor tomasz yufei ruth")
    review.sign(
        "2026-04-21 14:32", "gareth", "With the limit: EUR 610,000 to the end of Stabilize, no further without RR."
    )
    review.signed_by("2026-04-21 14:36", "hannah aroha")
    review.decide(
        "2026-04-21 15:05",
        Decision.GO,
        "Approved. Two findings to settle after the go: F-01 baseline of the error rate, due [2026-05-15]; F-02 "
        "privacy review for casual staff, due [2026-05-22].",
        next_look="2026-09-15",
    )
    review.sheet("payroll_ppa1_outputs", "2026-04-21 15:20")
    story.move("2026-04-22 09:00", "start_build", "marcus")


GROUPS = {  # of the functional specification: first and last feature, who builds, from when, until when
    "F-001 F-009": ("leila", "2026-04-27", "2026-05-22"),
    "F-022 F-027": ("tomasz", "2026-05-04", "2026-06-19"),
    "F-010 F-021": ("leila", "2026-05-18", "2026-07-03"),
    "F-028 F-034": ("leila", "2026-06-08", "2026-07-10"),
    "F-035 F-039": ("owen", "2026-06-15", "2026-07-10"),
    "F-040 F-046": ("tomasz", "2026-06-22", "2026-07-15"),
    "F-047 F-047": ("leila", "2026-06-17", "2026-07-14"),
}


def _features(story: Story) -> None:
    """46 features as planned; with CR-03 one is left and another comes."""
    for refs, (by, begun, done) in GROUPS.items():
        tracing.built(story, refs, by=by, begun=begun, done=done, tester="yufei")
    story.done(
        "2026-05-12 10:00",
        "the typed list is deferred",
        features.defer,
        "priya",
        lambda project: project.features.get(ref="F-009"),
        reason="Casual staff are to hand in timesheets themselves: CR-03 is being written.",
    )
    story.done(
        "2026-06-10 16:00",
        "the deferral is approved",
        features.approve_deferral,
        "aroha",
        lambda project: project.features.get(ref="F-009"),
    )
    story.need("2026-06-10 16:20", "aroha", "user", "Depot managers enter the timesheets of casual staff.")
    story.row(
        "2026-06-11 09:00",
        "the feature of CR-03",
        features.add,
        "leila",
        people={"owner": "aroha"},
        name="Timesheets of casual staff",
        requirements=lambda project: project.requirements.filter(ref="R-059"),
        test="ST-213",
    )


def _build(story: Story) -> None:
    _features(story)
    review = Round(story, ReviewKind.PPA, opened="2026-06-10 10:00", by="marcus", scheduled="2026-06-16 15:00")
    review.convene("2026-06-10 11:00")
    review.sheet("payroll_ppa2", "2026-06-10 11:20", minutes=15)
    review.ask("2026-06-10 15:00", due="2026-06-16 14:00")
    review.signed_by("2026-06-10 15:40", "marcus priya viktor")
    review.signed_by("2026-06-11 09:50", "tomasz gareth hannah", minutes=20)
    story.signs("2026-06-12 14:00", "master-plan", {"team": "marcus", "stakeholders": "ruth"})
    story.owners_sign("2026-06-12 14:30")
    story.signs("2026-06-12 15:00", "specification", {"customer": "aroha"})
    review.sheet("payroll_ppa2_again", "2026-06-12 10:05")
    review.signed_by("2026-06-12 10:40", "hannah gareth marcus viktor", minutes=25)
    review.signed_by("2026-06-15 09:30", "priya tomasz yufei", minutes=50)
    review.lend(
        "2026-06-15 16:05",
        "ruth",
        "joy",
        until="2026-06-17 18:00",
        reason="Wage negotiations in Lyon, both days without a computer.",
    )
    review.sign("2026-06-16 11:15", "joy", "Ruth has read the specification and asks that depot managers are trained.")
    review.signed_by("2026-06-16 11:45", "aroha")
    review.decide(
        "2026-06-16 14:20",
        Decision.GO,
        "Delta review for CR-03, timesheets of casual staff. Approved with specification 2.1; everything else stands "
        "as approved with PPA-1.",
    )
    review.sheet("payroll_ppa2_outputs", "2026-06-16 14:30")
    story.outcomes(
        "2026-07-17 13:00",
        "marcus",
        {
            "BLD-O1": "All 59 requirements, of all four kinds, traced to the built design 1.1 on [2026-07-13].",
            "BLD-O2": "46 of 46 features shown to Aroha Ngata and the feature owners in the last sprint's review.",
        },
    )
    for kind in ("business", "user", "operational", "system"):
        story.signs("2026-07-17 14:00", f"design-{kind}", {"team": "priya"})
    story.signs("2026-07-17 14:30", "scope", {"management": "marcus", "team": "tomasz"})
    story.move("2026-07-20 09:00", "start_stabilize", "marcus")
