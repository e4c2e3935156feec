"""PRJ-0008: its risks, candidates, test results, its pilot and the issues that were still talked about at the end."""

from projects.actions import risks
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

RISKS = (  # as in the risk plan, ART-23
    RiskLine(
        *("Storm in the weeks after porting.", "availability reputation", 3, 4, "reduce"),
        *("The old exchange stays for 30 days.", "dag"),
    ),
    RiskLine(
        *("Porting fails for some numbers.", "availability", 3, 3, "reduce"),
        *("The telephone company stays on the line all night.", "samira"),
    ),
    RiskLine(
        *("Headsets do not fit.", "reliability", 2, 1, "reduce"),
        *("Spares of all three makes.", "owen"),
    ),
)
TESTS = (
    TestLine("System tests", "VC-12", "system", 186, 181, 5, "2026-03-06", "Five of the display of callers fail."),
    TestLine("System tests", "VC-14", "system", 186, 186, 0, "2026-04-01"),
    TestLine("Load test", "VC-14", "performance", 400, 400, 0, "2026-04-01", "400 calls held for an hour."),
    TestLine("Failing over", "VC-14", "operational", 12, 12, 0, "2026-04-01", "No call lost."),
)
PILOTS = (
    PilotLine(
        "Team West",
        "Team West, 12 agents",
        "VC-12",
        "Below 3 % of calls lost; nobody wants to go back.",
        "2026-03-05 10:00",
        "2026-03-09",
        "2026-03-20",
        "2026-03-25 09:30",
        "met",
        "3,480 calls, 1.9 % lost, nobody wants to go back.",
    ),
)
ISSUES = (
    IssueLine(
        *("V-031", "Caller's name missing after a transfer", "testing", 2, "VC-12", "2026-03-06", "ravi"),
        *("2026-03-31", "fixed", "In VC-14."),
    ),
    IssueLine(
        *("V-044", "Announcement of the queue is cut off", "testing", 4, "VC-12", "2026-03-10", "ravi"),
        *("2026-04-02", "deferred", "The announcement was recorded again, shorter."),
    ),
    IssueLine(
        *("V-052", "Statistics open on last week", "testing", 4, "VC-12", "2026-03-12", "owen"),
        *("2026-04-02", "deferred", "Choose the day in the list."),
    ),
    IssueLine(
        *("V-058", "Volume is forgotten when a seat changes", "pilot", 3, "VC-12", "2026-03-16", "ravi"),
        *("2026-03-31", "fixed", "In VC-14."),
    ),
)


def tell(story: Story) -> None:
    record_risks(story, "2025-11-26", "marcus", RISKS)
    story.candidate("2026-03-04 16:00", "ravi", "VC-12", "28 features on the test exchange.")
    story.candidate("2026-03-30 16:00", "ravi", "VC-14", "VC-12 with the findings of the tests and of the pilot.")
    record_tests(story, "chloe", TESTS)
    hold_pilots(story, "samira", PILOTS)
    record_issues(story, "chloe", ISSUES)
    judge(
        story, "2026-04-02 11:00", "owen", 3, risks.address, "Each of the 84 seats has a headset that was tried there."
    )
    judge(
        story,
        "2026-04-08 14:00",
        "samira",
        2,
        risks.address,
        "The telephone company has confirmed two people for the night to [2026-04-19].",
    )
    judge(
        story,
        "2026-04-09 09:30",
        "lucia",
        1,
        risks.accept,
        "The old exchange stays; a storm may come all the same.",
    )
