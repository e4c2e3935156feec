"""PRJ-0012: what its plan is made of, and what became of it."""

from projects.actions import planning
from reviews.demo import plan_rows
from reviews.demo.story import Story


def tell(story: Story) -> None:
    _plan(story)
    _controls(story)
    _environments(story)
    _afterwards(story)


def _plan(story: Story) -> None:
    plan_rows.money(
        story,
        "2026-04-21 14:50",
        840000,
        "gareth",
        limit_stage="stabilize",
        until_gate="release",
        conditions="EUR 610,000 are released to the end of Stabilize; no further without Release Readiness.",
    )
    plan_rows.deliverables(
        story,
        "2026-04-08 10:00",
        "marcus",
        (
            ("Corvus Pay set up for three pay groups", "Priya, Leila; 14 sprints.", 312000, "2026-04-22", "2026-07-17"),
            ("Bank file and its gateway", "Tomasz; from sprint 3.", 148000, "2026-05-18", "2026-07-17"),
            (
                "Converted masters, year-to-date and deductions",
                "Leila; three loads.",
                176000,
                "2026-05-04",
                "2026-09-04",
            ),
            ("Parallel runs and pilots", "Chen Yufei, Aroha Ngata.", 130000, "2026-07-20", "2026-10-02"),
            ("Training and support guide", "Owen Prichard, Dag Lindqvist.", 74000, "2026-07-06", "2026-10-09"),
        ),
    )
    plan_rows.milestones(
        story,
        "2026-02-24 10:00",
        "marcus",
        (
            ("planning", "Specification signed by the feature owners", "2026-03-27", "2026-04-01"),
            ("planning", "Cost estimates agreed with Finance", "2026-04-10", "2026-04-09"),
            (
                "planning",
                "Privacy review of all three pay groups",
                "2026-04-10",
                "Casual staff follow with finding F-02; the plan does not change by it.",
            ),
            ("build", "Bank file accepted by the test gateway", "2026-06-12", "2026-06-11"),
            ("stabilize", "First parallel run compared", "2026-08-07", "2026-08-07"),
        ),
    )
    plan_rows.metrics(
        story,
        "2026-04-09 10:00",
        "marcus",
        (
            ("Corrections", "a run", "below 40 from the third run on", "Correction journal of payroll", "each run"),
            ("On-time pay", "% of employees", "100", "Bank's confirmation", "each run"),
            ("Support tickets", "per 1,000 payslips", "below 5", "Service desk", "every month"),
        ),
    )
    story.row(
        "2026-04-13 11:00",
        "a gap",
        planning.add_gap,
        "marcus",
        people={"owner": "marcus"},
        kind="capability",
        text="One specialist for the bank file: nobody but Tomasz Wilk can repair it.",
        plan="A second developer learns it during Stabilize and repairs one file alone.",
    )
    plan_rows.opportunity(
        story,
        "2026-04-14 11:00",
        "viktor",
        "decommission",
        "Two spreadsheet interfaces between time recording and payroll.",
        "Both are retired with the cutover.",
    )


def _controls(story: Story) -> None:
    plan_rows.internal_controls(
        story,
        "2026-04-13 14:00",
        "marcus",
        (
            "Dual release of the bank file: no file leaves without a second person.",
            "A second person for every change of somebody's bank details.",
            "A monthly report of variances over 5 %.",
            "A review of access rights every quarter.",
        ),
    )
    plan_rows.controls_approved(story, "2026-04-21 13:40", "gareth", 4)
    for number, on, by, where in (
        (1, "2026-06-26 15:00", "tomasz", "Release screen of the bank file; the gateway refuses a single release."),
        (2, "2026-06-19 15:00", "leila", "Work flow “bank details” of Corvus Pay."),
        (3, "2026-07-10 15:00", "leila", "Report VAR-05, run on the second working day."),
        (4, "2026-07-13 15:00", "leila", "Task “access review” of Corvus Pay, with the list of rights."),
    ):
        plan_rows.control_built(story, number, on, by, where)
    for number, on, how in (
        (1, "2026-08-20 10:00", "Tried with one person, refused; with two, sent. Test cases 311 to 314."),
        (2, "2026-08-20 10:20", "Own change not released by its author. Test cases 320 to 322."),
        (3, "2026-09-03 10:00", "Report of parallel run 2 recalculated by hand."),
        (4, "2026-09-03 10:20", "First review rehearsed with 40 accounts; two rights taken away."),
    ):
        plan_rows.control_verified(story, number, on, "yufei", how)


def _environments(story: Story) -> None:
    plan_rows.places(
        story,
        "2026-04-10 09:30",
        "samira",
        (
            ("Corvus tenant D", "development", "Its own tenant and accounts; invented people only."),
            ("Corvus tenant T", "test", "Its own tenant; masked data; no way to the bank but the test gateway."),
            ("Corvus tenant P, casual group", "pilot", "One pay group of the production tenant, its bank file held."),
            ("Corvus tenant P", "production", "Developers have no account; changes by release management alone."),
        ),
    )
    for component, version, until in (
        ("Corvus Pay", "2026.3", "2028-03-31"),
        ("Sign-on connector", "3.1", "2027-12-31"),
        ("Bank gateway client", "4.2", "2029-06-30"),
    ):
        plan_rows.level(story, "2026-08-05 10:00", "samira", component, version, "Corvus tenant P", until)
    plan_rows.compliance(
        story,
        "marcus",
        (
            (
                "2026-04-08",
                "privacy",
                "Personal data of employees",
                "Naoko Ishii",
                "conditions",
                "Casual staff are not covered yet.",
            ),
            ("2026-04-14", "standards", "Bank file, pain.001", "Viktor Brandt", "passed", ""),
            ("2026-04-15", "policy", "Segregation of duties in payroll", "Gareth Pugh", "passed", ""),
            ("2026-05-20", "privacy", "Personal data of employees", "Naoko Ishii", "passed", ""),
        ),
    )


def _afterwards(story: Story) -> None:
    plan_rows.measured(story, "2026-05-12 11:00", "aroha", "Corrections", "140", "The baseline; mean of 12 months.")
    plan_rows.measured(story, "2026-10-30 16:00", "aroha", "Corrections", "3", "First live run.")
    plan_rows.measured(story, "2026-10-30 16:05", "aroha", "On-time pay", "100", "4,180 of 4,180.")
    story.done(
        "2026-10-02 17:15",
        "the gap is closed",
        planning.close_gap,
        "marcus",
        lambda project: project.capabilitygaps.get(),
        outcome="Leila Haddad built, sent and repaired the bank file alone on the test gateway.",
    )
