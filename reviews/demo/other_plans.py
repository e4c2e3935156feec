"""What the plans of PRJ-0008, PRJ-0015 and PRJ-0019 are made of."""

from reviews.demo import plan_rows
from reviews.demo.story import Story


def voice(story: Story) -> None:
    plan_rows.money(story, "2025-12-09 10:50", 285000, "lucia")
    plan_rows.deliverables(
        story,
        "2025-11-20 10:00",
        "marcus",
        (
            ("Voice service for 84 seats", "Ravi Menon and the provider.", 214000, "2025-12-10", "2026-02-27"),
            ("Agents' desktop", "Ravi Menon, Owen Prichard.", 46000, "2026-01-12", "2026-02-27"),
            ("Training of agents and supervisors", "Owen Prichard; six sessions.", 25000, "2026-03-09", "2026-04-10"),
        ),
    )
    plan_rows.milestones(
        story,
        "2025-10-28 10:00",
        "marcus",
        (
            ("planning", "Provider chosen", "2025-11-14", "2025-11-12"),
            ("planning", "Numbers that are ported are listed", "2025-11-28", "2025-11-28"),
            ("stabilize", "Pilot with one team ended", "2026-03-27", "2026-03-27"),
        ),
    )
    plan_rows.metrics(
        story,
        "2025-11-24 10:00",
        "owen",
        (
            ("Calls answered in 30 seconds", "%", "at least 80", "Call statistics", "every week"),
            ("Lost calls", "%", "below 4", "Call statistics", "every week"),
        ),
    )
    plan_rows.measured(story, "2025-11-28 15:00", "owen", "Calls answered in 30 seconds", "71", "The baseline.")
    plan_rows.measured(story, "2026-05-15 15:00", "owen", "Calls answered in 30 seconds", "83.5", "Four weeks live.")
    plan_rows.internal_controls(
        story,
        "2025-11-25 10:00",
        "marcus",
        ("Foreign calls are limited for each seat.", "Recordings are heard by two named people only."),
    )
    plan_rows.controls_approved(story, "2025-12-09 10:30", "lucia", 2)
    plan_rows.control_built(story, 1, "2026-02-12 15:00", "ravi", "Dial plan of the voice service.")
    plan_rows.control_built(story, 2, "2026-02-18 15:00", "ravi", "Roles of the recording archive.")
    plan_rows.control_verified(story, 1, "2026-03-20 11:00", "chloe", "Calls to three countries refused, logged.")
    plan_rows.control_verified(story, 2, "2026-03-20 11:20", "chloe", "A supervisor's account was turned away.")
    plan_rows.opportunity(
        story,
        "2025-11-26 10:00",
        "viktor",
        "decommission",
        "The old exchange and its maintenance contract.",
        "Switched off two weeks after the cutover.",
    )
    plan_rows.places(
        story,
        "2025-11-21 10:00",
        "samira",
        (
            ("Provider's sandbox", "development", "No real numbers; its own accounts."),
            ("Test floor", "test", "Four seats with test numbers in their own network."),
            ("Contact centre", "production", "Changes by release management alone."),
        ),
    )
    plan_rows.level(story, "2026-03-10 10:00", "samira", "Headset firmware", "7.4", "Contact centre", "2029-01-31")
    plan_rows.level(story, "2026-03-10 10:05", "samira", "Voice client", "22", "Contact centre", "2027-11-30")
    plan_rows.compliance(
        story,
        "marcus",
        (("2025-11-27", "privacy", "Recording of calls", "Naoko Ishii", "passed", ""),),
    )


def wifi(story: Story) -> None:
    plan_rows.deliverables(
        story,
        "2026-06-12 10:00",
        "yusuf",
        (
            ("Networks of eleven depots", "Two crews, a depot a month.", 372000, "2026-07-06", "2027-05-28"),
            ("One console for all access points", "Ravi Menon.", 38000, "2026-07-06", "2026-10-30"),
        ),
    )
    plan_rows.milestones(
        story,
        "2026-05-26 10:00",
        "yusuf",
        (("planning", "Signal measured at all depots", "2026-06-12", "2026-06-11"),),
    )
    plan_rows.metrics(
        story,
        "2026-06-12 11:00",
        "anneke",
        (("Calls about the network", "a month", "a third of today's", "Service desk", "every month"),),
    )
    plan_rows.internal_controls(story, "2026-06-12 11:30", "yusuf", ("Guests never reach the depots' machines.",))
    plan_rows.controls_approved(story, "2026-06-16 10:00", "lucia", 1)
    plan_rows.opportunity(
        story,
        "2026-06-15 10:00",
        "viktor",
        "consolidate",
        "A managed service covers two of the eleven depots already and could take more.",
    )
    plan_rows.places(
        story,
        "2026-06-12 12:00",
        "samira",
        (
            ("Bench in the workshop", "development", "Not connected to any depot."),
            ("Ember Lane, hall 2", "test", "Its own network beside the old one."),
            ("Eleven depots", "production", "Changed in the nights between Sunday and Monday."),
        ),
    )


def visitor(story: Story) -> None:
    plan_rows.milestones(
        story,
        "2026-09-17 10:00",
        "yusuf",
        (
            ("planning", "Specification read at all three depots", "2026-09-28", "2026-09-29"),
            ("stabilize", "Pilot at North Quay ended", "2026-11-20", "2026-11-20"),
        ),
    )
    plan_rows.metrics(
        story,
        "2026-09-24 10:00",
        "anneke",
        (("Time to sign in", "seconds", "below 90", "The product's log", "every week"),),
    )
    plan_rows.measured(
        story, "2026-11-20 15:00", "anneke", "Time to sign in", "74", "Pilot at North Quay, 312 visitors."
    )
    plan_rows.places(
        story,
        "2026-09-25 10:00",
        "samira",
        (
            ("Vendor's trial account", "test", "Invented visitors only."),
            ("Nine tablets at three depots", "production", "Their own wireless network; managed devices."),
        ),
    )
    plan_rows.level(
        story,
        "2026-11-03 10:00",
        "samira",
        "Tablet operating system",
        "14",
        "Nine tablets at three depots",
        "2029-09-30",
    )
