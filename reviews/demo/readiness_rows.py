"""What the registers of operations readiness hold in each story."""

from reviews.demo import readiness
from reviews.demo.story import Story


def payroll(story: Story) -> None:
    """PRJ-0012: three of seven trained and a contract that does not suffice at the no-go; put right for the go."""
    readiness.training(
        story,
        "2026-04-09 10:00",
        "owen",
        "Corvus Pay: run, repair, support guide",
        "2026-09-11",
        (
            ("Farid Nasser", "2026-09-01 16:00", "Closed the trial month of [2026-08] with nothing but the guide."),
            ("Joy Mbeki", "2026-09-04 16:00", "Took ten calls from the script."),
            ("Amara Quist", "2026-09-10 16:00", "Took ten calls from the script."),
            ("Kirsten Aalto", "2026-09-30 16:00", "Closed a month with nothing but the guide."),
            ("Petr Holub", "2026-10-01 16:00", "Took ten calls from the script."),
            ("Sunita Rao", "2026-10-01 16:05", "Took ten calls from the script."),
            ("Callum Byrne", "2026-10-02 15:00", "Took ten calls from the script."),
        ),
    )
    readiness.agreement(
        story,
        "2026-09-04 11:00",
        "contract",
        "Corvus Pay",
        "Available 99.8 % in pay week; answer within 30 minutes.",
        ("2026-09-08 11:00", True, "Contract signed; both figures are in its annex."),
    )
    readiness.agreement(
        story,
        "2026-09-04 11:10",
        "ola",
        "Platform team",
        "Integration layer mended within two hours in pay week.",
        ("2026-09-08 11:05", True, "Operating level agreement signed."),
    )
    readiness.agreement(
        story,
        "2026-09-04 11:20",
        "contract",
        "Bank gateway",
        "Bank files are taken until 22:00, with support out of hours.",
        ("2026-09-08 11:10", False, "The amendment for the new sender is not signed."),
        (
            "2026-10-12 10:20",
            True,
            "On the strength of the bank's written confirmation of [2026-10-09]: support out of hours for the new "
            "sender. The signature is still missing, see waiver W-01.",
        ),
    )
    readiness.procedures(
        story,
        "2026-08-31 10:00",
        "2026-09-02 10:30",
        (
            ("Head office", "Opening and closing a run"),
            ("Head office", "Monthly variance report"),
            ("Computing centre", "Giving and taking rights, reviewed each quarter"),
        ),
        "Walked through with those who do it: no step unclear, none against the house rules.",
    )
    hours = "07:00 to 19:00, in pay week until 22:00"
    readiness.contacts(
        story,
        "2026-09-07 10:00",
        "samira",
        (
            (1, "Farid Nasser", "A run breaks.", "+44 1632 960112"),
            (2, "Tomasz Wilk", "Farid Nasser does not answer within 15 minutes.", "+44 1632 960118"),
            (3, "Corvus Pay, service desk", "The fault is in Corvus Pay.", "+44 1632 960900"),
            (1, "Gareth Pugh and the bank's desk", "The bank rejects a file: both at once.", "+44 1632 960140"),
            (1, "Naoko Ishii", "Data are seen by the wrong person.", "+44 1632 960131"),
        ),
        hours,
    )
    readiness.contacts(
        story,
        "2026-10-09 11:00",
        "samira",
        (
            (1, "Kirsten Aalto", "In place of Farid Nasser.", "+44 1632 960113"),
            (2, "Leila Haddad", "In place of Tomasz Wilk.", "+44 1632 960119"),
        ),
        hours,
    )
    _payroll_told(story)
    _payroll_plans(story)


def _payroll_told(story: Story) -> None:
    list_of = ("escalation", "23 people on call and in operations", "Whom to call, in which order", "Mail")
    readiness.told(story, "2026-09-09 09:30", "samira", *list_of)
    readiness.told(story, "2026-10-12 12:00", "samira", *list_of)
    readiness.told(
        story, "2026-08-06 10:00", "marcus", "release", "Depot managers", "Timesheets of casual staff", "Mail"
    )
    readiness.told(
        story, "2026-09-03 10:00", "ruth", "release", "Works council", "Move to Corvus Pay", "Letter and meeting"
    )
    first = ("release", "All staff", "Your payslip moves: first letter", "Letter, portal page")
    readiness.told(story, "2026-09-04 10:00", "ruth", *first)
    planned = "2026-10-09 14:00"
    second = ("release", "All staff", "Your payslip moves: second letter", "Letter, portal page")
    readiness.told(story, "2026-10-14 08:30", "ruth", *second, planned)
    day = "Cutover on [2026-10-24]"
    readiness.told(story, "2026-10-14 08:40", "marcus", "release", "Depot managers", day, "Mail", planned)
    readiness.told(story, "2026-10-14 08:50", "gareth", "release", "Bank", day, "Letter", planned)


def _payroll_plans(story: Story) -> None:
    readiness.way_back(
        story,
        "2026-09-07 09:20",
        "samira",
        580,
        held="2026-09-05",
        window=360,
        candidate="RC-2",
        no_return="Wednesday [2026-09-30], 16:00, when the bank takes the file.",
        seen="The last copy of PayLedger 6 was loaded; what came in since was typed, and that took most of the time.",
    )
    readiness.way_back(
        story,
        "2026-10-05 09:10",
        "samira",
        275,
        held="2026-10-03",
        window=360,
        candidate="RC-3",
        no_return="Wednesday [2026-10-28], 16:00, when the bank takes the file.",
        seen="PayLedger 6 ran beside as a warm copy; the adapters replayed what came in.",
    )
    readiness.prerequisite(
        story,
        "2026-07-20 15:00",
        "aroha",
        "users",
        "Twelve users of payroll are present for acceptance testing.",
        ("2026-09-09 16:00", True, "Twelve were booked, and came."),
    )
    readiness.prerequisite(
        story,
        "2026-07-20 15:10",
        "yufei",
        "other",
        "A parallel run and a pilot have met their criteria.",
        ("2026-09-11 15:00", False, "14 unexplained differences, 4 allowed; pilot A reached 91 % of 95 %."),
        ("2026-10-07 11:00", True, "PR-3 left nothing unexplained; pilot B reached 97 %."),
    )
    readiness.change(
        story,
        "2026-06-10 11:00",
        "priya",
        "CR-03",
        "Timesheets of casual staff",
        (
            "Specification 2.1: 80 casual employees hand in timesheets in the portal.",
            "14 days of Leila Haddad, 3 of Chen Yufei.",
            "A delta review of the plan; Scope Complete stays on [2026-07-17], the float falls to eleven days.",
            "From the reserve; the total stays at EUR 840,000.",
        ),
        "2026-06-16 15:30",
        "Approved with PPA-2.",
    )
    readiness.change(
        story,
        "2026-09-03 09:40",
        "samira",
        "RFC-2217",
        "Payroll to Corvus Pay, RC-3",
        ("As specified.", "Jonas Feld and payroll's night team on the day.", "None.", "As planned."),
        "2026-09-07 10:00",
        "Complete; names RC-3 and the date.",
    )
    readiness.change(
        story,
        "2026-10-08 09:40",
        "samira",
        "RFC-2217 rev 2",
        "Payroll to Corvus Pay, RC-4",
        (
            "As specified.",
            "As the first revision; on-call is doubled in pay week.",
            "Cutover on Saturday [2026-10-24], weekend flag on.",
            "One more month on the old server: EUR 41,000 of licences.",
        ),
        "2026-10-12 10:40",
        "Complete; names RC-4 and the date.",
    )


def voice(story: Story) -> None:
    """PRJ-0008: everything was there at the first attempt."""
    readiness.way_back(
        story,
        "2026-03-30 16:20",
        "samira",
        14,
        held="2026-03-29",
        window=20,
        candidate="VC-12",
        no_return="None: the old exchange stays 30 days.",
        seen="Numbers were routed to the old exchange; test calls came in on all queues.",
    )
    readiness.training(
        story,
        "2025-11-21 14:00",
        "owen",
        "Voice service: queues, faults, support guide",
        "2026-03-24",
        [
            (name, "2026-03-24 16:00", "Mended a broken queue in the test room.")
            for name in ("Farid Nasser", "Kirsten Aalto", "Joy Mbeki", "Petr Holub", "Sunita Rao")
        ],
    )
    readiness.agreement(
        story,
        "2026-03-26 11:00",
        "contract",
        "Telephone company",
        "Available 99.95 %; answer within 15 minutes.",
        ("2026-03-30 11:00", True, "Contract signed."),
    )
    readiness.agreement(
        story,
        "2026-03-26 11:05",
        "ola",
        "Network team",
        "A lost line between the two sites is mended within an hour.",
        ("2026-03-30 11:05", True, "Operating level agreement signed."),
    )
    readiness.procedures(
        story,
        "2026-03-25 10:00",
        "2026-03-27 10:30",
        [
            (site, "Queues, opening hours, announcements and rights")
            for site in ("Contact centre North", "Contact centre South")
        ],
        "Walked through with both supervisors.",
    )
    readiness.contacts(
        story,
        "2026-03-27 11:00",
        "samira",
        (
            (1, "Farid Nasser", "No calls come in.", "+44 1632 960112"),
            (2, "Telephone company, fault desk", "Lines are dead on our side of the exchange.", "+44 1632 960700"),
            (3, "Hannah Vogel", "Calls are lost for more than 30 minutes.", "+44 1632 960101"),
        ),
        "Day and night for two weeks, then 07:00 to 19:00",
    )
    readiness.told(
        story, "2026-03-31 09:30", "samira", "escalation", "31 people", "Whom to call when no calls come in", "Mail"
    )
    night = "New exchange in the night to [2026-04-19]"
    for party, channel in (("Regulator", "Letter"), ("Emergency services", "Letter")):
        readiness.told(story, "2026-04-07 10:30", "owen", "release", party, night, channel)
    for party, channel in (("Callers", "Web site"), ("Agents", "Board")):
        readiness.told(story, "2026-04-15 09:30", "owen", "release", party, night, channel, "2026-04-07 10:40")
    readiness.prerequisite(
        story,
        "2026-03-25 14:00",
        "joy",
        "users",
        "Ten agents are free for acceptance testing.",
        ("2026-04-07 15:00", True, "All ten were there."),
    )
    readiness.change(
        story,
        "2026-04-01 09:40",
        "samira",
        "RFC-2094",
        "Contact centre to the voice service, VC-14",
        ("As specified.", "Jonas Feld for one night.", "None.", "As planned."),
        "2026-04-03 10:00",
        "Complete; names VC-14 and the night.",
    )


def leaked_key(story: Story, night: str) -> None:
    """EMG-0003: whom to call was said on the line, the way back was tried on the standby."""
    readiness.way_back(
        story,
        f"{night} 23:00",
        "jonas",
        2,
        held=night,
        candidate="Key 51-0C",
        no_return="06:00, when the old key is deleted.",
        seen="The standby gateway accepted the old key again.",
    )
    readiness.contacts(
        story,
        f"{night} 22:46",
        "farid",
        (
            (1, "Jonas Feld", "The gateway refuses the spare key.", "+44 1632 960121"),
            (2, "Leila Haddad", "Jonas Feld is lost.", "+44 1632 960119"),
            (3, "Gateway's maker, night desk", "The gateway itself fails.", "+44 1632 960800"),
        ),
        "This night",
    )
    for party in ("The three on the list", "Service desk"):
        readiness.told(story, f"{night} 22:47", "farid", "escalation", party, "Whom to call tonight", "Telephone")


def visitor(story: Story) -> None:
    """PRJ-0019: three of eight are trained next week, the acceptance test is booked and not yet held."""
    for day, minutes, depot in (("2026-11-17", 4, "North Quay"), ("2026-11-18", 6, "Halden Road")):
        readiness.way_back(
            story,
            f"{day} 16:10",
            "samira",
            minutes,
            held=day,
            candidate="Configuration 7",
            no_return="None: the paper book works at any time.",
            seen=f"{depot}: the receptionist copied who is on site from the printed list and told the service desk.",
        )
    trained = (
        *(("Joy Mbeki", "2026-11-12"), ("Amara Quist", "2026-11-12"), ("Gwen Pryce", "2026-11-16")),
        *(("Tadeo Vance", "2026-11-16"), ("Ffion Rees", "2026-11-17")),
        *(("Ola Brandvold", ""), ("Mei Tanaka", ""), ("Rhodri Hale", "")),
    )
    readiness.training(
        story,
        "2026-11-02 10:00",
        "dag",
        "Helping a receptionist: tablet, printer, evacuation list",
        "2026-11-24",
        [(name, f"{day} 15:30" if day else "", "Signed in ten visitors." if day else "") for name, day in trained],
    )
    readiness.agreement(
        story,
        "2026-11-13 10:00",
        "contract",
        "Tablet vendor",
        "A broken tablet is swapped on the next working day.",
        ("2026-11-13 11:00", True, "Contract of [2026-09-28], clause on swaps."),
    )
    readiness.procedures(
        story,
        "2026-11-12 10:00",
        "2026-11-17 11:00",
        [(site, "Signing in at the gate when the tablet is dark") for site in ("North Quay", "Ember Lane")],
        "Walked through with a receptionist of the depot.",
    )
    readiness.contacts(
        story,
        "2026-11-16 10:00",
        "samira",
        (
            (1, "Service desk", "A tablet or a printer stays dark.", "+44 1632 960150"),
            (2, "Ravi Menon", "The evacuation list is not there.", "+44 1632 960161"),
        ),
        "Opening hours of the depots",
    )
    for party in ("Depot managers", "Service desk"):
        readiness.told(story, "2026-11-16 10:30", "samira", "escalation", party, "Whom to call", "Mail")
    story_of = ("release", "Receptionists", "Sign-in by tablet from [2026-12-01]", "Notice at the gate")
    readiness.told(story, "2026-11-18 10:00", "anneke", *story_of)
    readiness.prerequisite(
        story, "2026-11-16 11:00", "lucia", "users", "15 receptionists are present for acceptance testing."
    )
