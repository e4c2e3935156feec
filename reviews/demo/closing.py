"""What the stories tell of Deploy: what went where and how it ran, what became of the intents, who was released."""

from projects.actions import deployments
from projects.models import Deployment, Project
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


def payroll(story: Story) -> None:
    """One site, deployed on a Saturday; its quiet period still runs."""
    _planned(story, "2026-10-14 11:00", "samira", "prod-eu-1", "RC-4", "2026-10-24 06:00")
    _deployed(
        story,
        "prod-eu-1",
        "2026-10-24 06:00",
        "2026-10-24 15:20",
        "4,180 masters, 61,344 year-to-date records, 12,902 deductions, no mismatch. The way back was not needed.",
    )


def voice(story: Story) -> None:
    """Ported in one night, a month under watch, closed."""
    _planned(story, "2026-04-15 14:00", "samira", "Both computing centres", "VC-14", "2026-04-18 22:00")
    _deployed(
        story, "Both computing centres", "2026-04-18 22:00", "2026-04-19 02:40", "47 of 47 numbers, first call 02:44."
    )
    _stable(
        story,
        "2026-05-19 17:00",
        "dag",
        "Both computing centres",
        "30 days without a call lost to us, the storm of [2026-05-06] among them. The old exchange is switched off.",
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
