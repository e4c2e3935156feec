"""What the stories tell of Deploy: what went where and how it ran, what became of the intents, who was released."""

from datetime import datetime, timedelta
from functools import partial

from projects.actions import closing as looking_back
from projects.actions import deployments, quiet, rollout
from projects.models import Deployment, Project, RolloutTask
from reviews.demo.story import Story


def _planned(story: Story, on: str, by: str, site: str, candidate: str, planned_for: str) -> None:
    story.row(
        on,
        "a planned deployment",
        deployments.plan,
        by,
        site=site,
        candidate=candidate,
        planned_for=story.calendar.at(planned_for),
    )


def _deployed(story: Story, site: str, began: str, ended: str, note: str) -> None:
    """Jonas deploys what was planned for the site, with success."""

    def row(project: Project) -> Deployment:
        return project.deployments.get(site=site)

    began_at, ended_at = story.calendar.at(began), story.calendar.at(ended)
    jonas = story.who("jonas")
    story.done(began, f"{site} is begun", deployments.start, "jonas", row, deployed_by=jonas, started_at=began_at)
    story.done(
        ended,
        f"{site} is done",
        deployments.finish,
        "jonas",
        row,
        ended_at=ended_at,
        result="success",
        result_note=note,
    )


def _stable(story: Story, on: str, by: str, site: str, stability: str) -> None:
    story.done(
        on,
        f"{site} is stable",
        deployments.call_stable,
        by,
        lambda project: project.deployments.get(site=site),
        stability=stability,
    )


def _looked_back(story: Story, on: str, by: str, results: tuple[tuple[str, str, str], ...], goes_to: str) -> None:
    """Each intent beside its result, then the team is released. Args: results: intent, result, what shows it."""
    for intent, result, evidence in results:
        story.row(on, "a result", looking_back.judge_intent, by, intent=intent, result=result, evidence=evidence)
    story.row(on, "the release of the team", looking_back.release, by, days={"released_on": on[:10]}, goes_to=goes_to)


def _prepared(story: Story, done: tuple[tuple[str, str, str], ...]) -> None:
    """Samira does the tasks that the go set. Args: done: when, how the task begins, what was done."""
    for on, task, note in done:

        def row(project: Project, task: str = task) -> RolloutTask:
            return project.rollouttasks.get(text__startswith=task)

        story.done(on, f"done: {task}", rollout.finish, "samira", row, done_note=note)


INCIDENTS = (
    (
        "INC-8841",
        "P2",
        "2026-10-29 07:40",
        "Variance report late by two hours.",
        "Restarted, schedule mended.",
        3,
    ),
    ("INC-8856", "P3", "2026-11-02 10:15", "Payslip of a rehire without address.", "Master record corrected.", 5),
    ("INC-8902", "P3", "2026-11-06 09:20", "Two depot managers cannot open timesheets.", "The right was given.", 1),
    ("INC-8930", "P4", "2026-11-11 14:05", "Portal tile shows the old picture.", "Picture replaced.", 26),
    ("INC-8967", "P4", "2026-11-18 11:30", "Run log's title cut off on narrow screens.", "", 0),
)
"""Reference, priority, when, what, how it was resolved and after how many hours."""


def _incidents(story: Story) -> None:
    """Recorded by the desk as they happen; the last one is still open."""
    for ref, priority, when, what, resolution, hours in INCIDENTS:
        at = story.calendar.at(when)
        story.row(
            when,
            "an incident",
            quiet.add_incident,
            "farid",
            ref=ref,
            priority=priority,
            occurred_at=at - timedelta(minutes=10),
            description=what,
        )
        if resolution:
            story.timeline.add(
                at + timedelta(hours=hours),
                f"{story.code}: {ref} is resolved",
                partial(_resolve, story, ref, resolution),
            )


def _resolve(story: Story, ref: str, resolution: str, now: datetime) -> None:
    quiet.resolve_incident(story.project.incidents.get(ref=ref), by=story.who("farid"), resolution=resolution, now=now)


def payroll(story: Story) -> None:
    """One site, deployed on a Saturday; its quiet period still runs."""
    _prepared(
        story,
        (
            ("2026-10-15 11:30", "Write", "Nine steps from the freeze to the opening, each with a name and a time."),
            ("2026-10-19 16:00", "Prepare", "PayLedger 6 stands by as a warm copy; access for the weekend is given."),
            ("2026-10-19 10:00", "Tell", "Mail to 4,180 employees and notice in the portal, with the desk's number."),
        ),
    )
    _planned(story, "2026-10-14 11:00", "samira", "prod-eu-1", "RC-4", "2026-10-24 06:00")
    _deployed(
        story,
        "prod-eu-1",
        "2026-10-24 06:00",
        "2026-10-24 15:20",
        "4,180 masters, 61,344 year-to-date records, 12,902 deductions, no mismatch. The way back was not needed.",
    )
    story.row(
        "2026-10-26 09:00",
        "the quiet period",
        quiet.add_period,
        "dag",
        days={"starts_on": "2026-10-26", "ends_on": "2026-11-27"},
        watched="Corrections for each run, pay on time, tickets for each 1,000 payslips.",
        exit_criteria=(
            "Two live runs, each with fewer than 40 corrections; everybody paid on the day; no incident of "
            "priority 1 or 2 open."
        ),
    )
    _incidents(story)


def voice(story: Story) -> None:
    """Ported in one night, a month under watch, closed."""
    _prepared(
        story,
        (
            ("2026-04-15 16:00", "Write", "Ten steps for the night with the telephone company, each with a name."),
            ("2026-04-17 15:00", "Prepare", "All 84 seats have a headset; the old exchange stays ready."),
            ("2026-04-17 11:00", "Tell", "Supervisors and large customers are told, with the desk's number."),
        ),
    )
    _planned(story, "2026-04-15 14:00", "samira", "Both computing centres", "VC-14", "2026-04-18 22:00")
    _deployed(
        story, "Both computing centres", "2026-04-18 22:00", "2026-04-19 02:40", "47 of 47 numbers, first call 02:44."
    )
    story.row(
        "2026-04-20 09:00",
        "the quiet period",
        quiet.add_period,
        "dag",
        days={"starts_on": "2026-04-20", "ends_on": "2026-05-19"},
        watched="Share of calls answered within 30 seconds, calls lost, quality of lines.",
        exit_criteria="80 % within 30 seconds, fewer than 2 % lost, no line below the agreed quality.",
    )
    story.done(
        "2026-05-19 16:30",
        "the quiet period is over",
        quiet.end_period,
        "marcus",
        lambda project: project.quietperiods.get(),
        outcome="83 % within 30 seconds, 1.6 % lost, every line above the agreed quality.",
    )
    _stable(
        story,
        "2026-05-19 17:00",
        "dag",
        "Both computing centres",
        "30 days without a call lost to us, the storm of [2026-05-06] among them. The old exchange is switched off.",
    )
    _looked_back(
        story,
        "2026-05-29 15:00",
        "marcus",
        (
            ("Callers reach a person who can help.", "met", "83 % within 30 seconds, before 61 %; 1.6 % lost."),
            ("No day on which nobody can be reached.", "met", "None since [2026-04-19], the storm included."),
        ),
        "Ravi Menon to the portal, Samira Okafor and Dag Lindqvist to the payroll; the others to their lines.",
    )


def visitor(story: Story) -> None:
    """Three depots on three mornings, once the release is approved."""
    for site, day in (("North Quay", "2026-12-01"), ("Ember Lane", "2026-12-02"), ("Halden Road", "2026-12-03")):
        _planned(story, "2026-11-16 10:20", "samira", site, "Configuration 7", f"{day} 06:30")


def certificate(story: Story) -> None:
    """Eighteen minutes before breakfast."""
    _planned(story, "2026-11-03 16:05", "ravi", "Portal", "Certificate 7C:41", "2026-11-04 05:30")
    _deployed(story, "Portal", "2026-11-04 05:30", "2026-11-04 05:48", "Smoke test 5 of 5.")
    _stable(story, "2026-11-04 06:20", "jonas", "Portal", "Watched until 06:18, nothing seen.")


def leaked_key(story: Story) -> None:
    """The key is replaced at night."""
    night = "2026-08-15"
    _planned(story, f"{night} 23:06", "yusuf", "Meter gateway", "Key 51-0C", f"{night} 23:07")
    _deployed(story, "Meter gateway", f"{night} 23:07", f"{night} 23:20", "Old key refused, new key accepted.")
    _stable(story, "2026-08-17 10:00", "hannah", "Meter gateway", "1,204 readings came in again, none is missing.")
    _looked_back(
        story,
        "2026-08-19 14:40",
        "yusuf",
        (
            (
                "The leaked key is worth nothing before anybody uses it.",
                "met",
                "Refused from 23:20 on; no use of it in the logs.",
            ),
        ),
        "Everybody goes on with the week's work.",
    )
