"""PRJ-0012: its risks, candidates, test results, pilots and the issues that were still talked about at the end."""

from projects.actions import risks
from reviews.demo.story import Story
from reviews.demo.testing import (
    IssueLine,
    PilotLine,
    RiskLine,
    TestLine,
    hold_pilots,
    judge,
    of,
    record_issues,
    record_risks,
    record_tests,
)

RISKS = (  # as in the risk plan, ART-23
    RiskLine(
        "Wrong payments in the first run.",
        "reliability compliance reputation",
        3,
        5,
        "reduce",
        "Three parallel runs, with a criterion that is fixed beforehand.",
        "yufei",
    ),
    RiskLine(
        "This year's figures do not agree after the conversion.",
        "compliance",
        3,
        4,
        "reduce",
        "Three trial conversions; customer and finance sign the reconciliation.",
        "leila",
    ),
    RiskLine(
        "One specialist alone knows the bank file.",
        "availability reliability",
        4,
        4,
        "reduce",
        "A second developer learns it before the release.",
        "marcus",
    ),
    RiskLine(
        "The bank changes its contract late.",
        "availability compliance",
        3,
        3,
        "transfer",
        "Ask early; the bank confirms in writing what holds in the meantime.",
        "samira",
    ),
    RiskLine(
        "There is no way back once the bank has the file.",
        "availability reputation",
        2,
        5,
        "reduce",
        "A point of no return in the plan, and a rehearsal of the way back within six hours.",
        "samira",
    ),
    RiskLine(
        "A key of the bank gateway is copied.",
        "security compliance",
        1,
        5,
        "avoid",
        "Keys never lie on disk; the dual release is kept.",
        "naoko",
    ),
    RiskLine(
        "People do not find their payslip.",
        "reputation",
        3,
        2,
        "reduce",
        "A pilot, a page with pictures, the service desk briefed.",
        "owen",
    ),
)
JUDGED = (
    ("2026-10-07 10:00", "owen", 7, risks.address, "97 % of pilot B opened their payslip unaided."),
    ("2026-10-09 14:00", "yufei", 1, risks.address, "Parallel run 3 met the criterion."),
    ("2026-10-09 14:30", "leila", 2, risks.address, "No mismatch left; reconciliation signed."),
    ("2026-10-09 15:00", "naoko", 6, risks.address, "Keys are in the key store, as the security review found."),
    ("2026-10-12 10:20", "hannah", 4, risks.accept, "As long as W-01 holds: confirmed in writing, on-call doubled."),
    ("2026-10-12 11:40", "ruth", 5, risks.accept, "The way back took 4 h 35. What remains after it I take upon me."),
)
CANDIDATES = (
    ("RC-1", "2026-07-27", "All 46 features; converted data of July."),
    ("RC-2", "2026-08-24", "Calculation of rehires mended; first findings of the casual group's pilot."),
    ("RC-3", "2026-09-07", "Bank file on the new gateway; converted data of August."),
    ("RC-4", "2026-10-06", "Every difference of parallel run 2 explained or mended; new start page of the portal."),
)
TESTS = (
    TestLine(
        "Parallel run PR-1, July",
        "RC-1",
        "parallel",
        4180,
        4139,
        41,
        "2026-08-06",
        "212 differences, 171 explained. Net total off by 0.084 %. Criterion missed.",
    ),
    TestLine("System tests", "RC-3", "system", 412, 409, 3, "2026-09-09", "Three of the conversion of rehires fail."),
    TestLine("Load test, 6,000 people", "RC-3", "performance", 1, 1, 0, "2026-09-09", "38 minutes."),
    TestLine(
        "Parallel run PR-2, August",
        "RC-3",
        "parallel",
        4180,
        4166,
        14,
        "2026-09-10",
        "61 differences, 47 explained. Net total off by 0.021 %. Criterion missed.",
    ),
    TestLine("System tests", "RC-4", "system", 412, 412, 0, "2026-10-07"),
    TestLine(
        "Parallel run PR-3, September",
        "RC-4",
        "parallel",
        4180,
        4180,
        0,
        "2026-10-08",
        "9 differences, all explained. Net total off by 0.002 %, no reject at the bank. Criterion met.",
    ),
)
PILOTS = (
    PilotLine(
        "Pilot A",
        "Casual staff, 80 people",
        "RC-1",
        "95 % open their payslip unaided.",
        "2026-08-05 10:00",
        "2026-08-10",
        "2026-08-28",
        "2026-08-31 11:00",
        "missed",
        "73 of 80 opened their payslip unaided, 91 %. Older telephones fail; the start page is not understood.",
    ),
    PilotLine(
        "Pilot B",
        "Casual staff, 80 people",
        "RC-3",
        "95 % open their payslip unaided.",
        "2026-09-17 10:00",
        "2026-09-21",
        "2026-10-02",
        "2026-10-05 10:30",
        "met",
        "78 of 80 opened their payslip unaided, 97 %. The new start page is liked. One more issue came up.",
    ),
)
ISSUES = (  # those that ART-34 lists by name
    IssueLine(
        *("I-090", "Report of absences prints in landscape", "testing", 3, "RC-1", "2026-08-05", "leila"),
        *("2026-09-10", "deferred", "Print from the screen."),
    ),
    IssueLine(
        *("I-104", "Column titles of the journal export in English only", "testing", 4, "RC-1", "2026-08-07", "leila"),
        *("2026-09-10", "deferred", "None needed: who reads the export reads English."),
    ),
    IssueLine(
        *("I-117", "Attachment of earnings taken twice after a rehire", "testing", 1, "RC-3", "2026-09-09", "tomasz"),
        *("2026-10-07", "fixed", "In RC-4."),
    ),
    IssueLine(
        *("I-122", "Tax code of rehires not carried over (37 people)", "testing", 2, "RC-3", "2026-09-10", "leila"),
        *("2026-10-07", "fixed", "In RC-4; no mismatch left."),
    ),
    IssueLine(
        *("I-128", "Variance report counts leavers twice", "testing", 3, "RC-3", "2026-09-10", "leila"),
        *("2026-10-07", "fixed", "In RC-4."),
    ),
    IssueLine(
        *("I-131", "Payslip cannot be opened on older telephones", "pilot", 2, "RC-1", "2026-08-24", "owen"),
        *("2026-10-05", "fixed", "Start page of [2026-09-18]; nobody of pilot B met it."),
    ),
    IssueLine(
        *("I-133", "Portal tile keeps the old picture", "pilot", 4, "RC-1", "2026-08-25", "owen"),
        *("2026-09-10", "deferred", "Load the page again."),
    ),
    IssueLine(
        *("I-136", "Casual timesheet forgets its comment", "pilot", 3, "RC-1", "2026-08-27", "leila"),
        *("2026-10-07", "fixed", "In RC-4."),
    ),
    IssueLine(
        *("I-139", "Run log shows times in UTC", "testing", 3, "RC-3", "2026-09-10", "tomasz"),
        *("2026-10-09", "deferred", "The offset stands in the log's title."),
    ),
)


def tell(story: Story) -> None:
    record_risks(story, "2026-04-09", "marcus", RISKS)
    for ref, built, contents in CANDIDATES:
        story.candidate(f"{built} 16:00", "tomasz", ref, contents)
    record_tests(story, "yufei", TESTS)
    hold_pilots(story, "samira", PILOTS)
    record_issues(story, "yufei", ISSUES)
    _one_specialist(story)
    for on, by, number, do, words in JUDGED:
        judge(story, on, by, number, do, words)


def _one_specialist(story: Story) -> None:
    """Operations will not have it at the first release round; a second developer settles it."""
    judge(
        story,
        "2026-09-14 16:20",
        "hannah",
        3,
        risks.call_unacceptable,
        "If Tomasz Wilk is ill in pay week, nobody can repair a rejected file. Operations cannot run that.",
    )
    story.done(
        "2026-10-02 17:30",
        "RISK-3 stands open again",
        risks.reopen,
        "hannah",
        of("risks", "RISK-3"),
        reason="A second person has shown today that she can do it.",
    )
    judge(
        story,
        "2026-10-05 09:20",
        "marcus",
        3,
        risks.address,
        "Leila Haddad built, sent and repaired the bank file alone on [2026-10-02].",
    )
