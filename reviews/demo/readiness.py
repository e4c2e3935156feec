"""Operations readiness in the stories: who was trained, which agreements suffice, who was told, how one goes back."""

from collections.abc import Callable, Iterable
from typing import Any

from projects.actions import environment, rollbacks, strategy
from projects.models import Project
from reviews.demo.story import Story

Trained = tuple[str, str, str]
"""Name, moment it was confirmed (empty while it is open), what shows it."""


def the(rows: str, **by: Any) -> Callable[[Project], Any]:
    """The one row of a register with these values, looked up when the story has come so far."""
    return lambda project: getattr(project, rows).get(**by)


def training(story: Story, planned: str, by: str, course: str, on: str, people: Iterable[Trained]) -> None:
    """Each of these people is to learn the course on a day; somebody confirms for those who have."""
    for name, done, evidence in people:
        story.row(
            planned,
            f"training of {name}",
            environment.plan_training,
            by,
            name=name,
            course=course,
            days={"planned_on": on},
        )
        if done:
            story.done(
                done,
                f"{name} is trained",
                environment.training_done,
                by,
                the("trainings", name=name),
                done_on=story.calendar.day(done[:10]),
                evidence=evidence,
            )


def agreement(story: Story, on: str, kind: str, party: str, level: str, *judged: tuple[str, bool, str]) -> None:
    """Samira records an agreement; Hannah judges it, sometimes more than once."""
    story.row(
        on,
        f"agreement with {party}",
        environment.add_agreement,
        "samira",
        kind=kind,
        party=party,
        service_level=level,
    )
    for when, sufficient, evidence in judged:
        story.done(
            when,
            f"the agreement with {party} is judged",
            environment.judge_agreement,
            "hannah",
            the("agreements", party=party),
            sufficient=sufficient,
            evidence=evidence,
        )


def procedures(story: Story, on: str, confirmed: str, sites: Iterable[tuple[str, str]], evidence: str) -> None:
    """Dag records what each site does; Hannah walks through it there."""
    for site, text in sites:
        story.row(on, f"procedure at {site}", environment.add_procedure, "dag", site=site, text=text)
        story.done(
            confirmed,
            f"procedure at {site} is confirmed",
            environment.answer_procedure,
            "hannah",
            the("procedures", site=site, text=text),
            clear=True,
            aligned=True,
            evidence=evidence,
        )


def contacts(story: Story, on: str, by: str, rows: Iterable[tuple[int, str, str, str]], hours: str) -> None:
    """People are put on the escalation list: level, name, when they are called, how."""
    for level, name, call_when, reach in rows:
        story.row(
            on,
            f"contact {name}",
            strategy.add_contact,
            by,
            level=level,
            name=name,
            call_when=call_when,
            reach=reach,
            hours=hours,
        )


def told(
    story: Story, sent: str, by: str, kind: str, party: str, subject: str, channel: str, planned: str = ""
) -> None:
    """A party is told something by somebody; planned beforehand when `planned` says at which moment."""
    values: dict[str, Any] = {"kind": kind, "party": party, "subject": subject, "channel": channel}
    sent_at = story.calendar.at(sent)
    if not planned:
        story.row(sent, f"what {party} is told", strategy.add_communication, by, sent_at=sent_at, **values)
        return
    story.row(
        planned, f"what {party} will be told", strategy.add_communication, by, days={"planned_on": sent[:10]}, **values
    )
    story.done(
        sent,
        f"{party} is told",
        strategy.communication_sent,
        by,
        the("communications", party=party, subject=story.told(subject), sent_at=None),
        sent_at=sent_at,
    )


def prerequisite(story: Story, on: str, by: str, kind: str, text: str, *answers: tuple[str, bool, str]) -> None:
    """Something the plan takes for granted, and whether it was met when somebody looked."""
    story.row(on, "prerequisite", strategy.add_prerequisite, by, kind=kind, text=text)
    for when, met, evidence in answers:
        story.done(
            when,
            "prerequisite is looked at",
            strategy.answer_prerequisite,
            by,
            the("prerequisites", text=story.told(text)),
            met=met,
            evidence=evidence,
        )


def change(
    story: Story, on: str, by: str, ref: str, title: str, effects: tuple[str, str, str, str], settled: str, why: str
) -> None:
    """A change with its effects on scope, resourcing, project management and money; Hannah finds it in order."""
    scope, resources, management, money = effects
    story.row(
        on,
        f"change {ref}",
        strategy.add_change_record,
        by,
        ref=ref,
        title=title,
        scope_effect=scope,
        resource_effect=resources,
        management_effect=management,
        financial_effect=money,
    )
    story.done(
        settled,
        f"change {ref} is in order",
        strategy.set_change_status,
        "hannah",
        the("changerecords", ref=ref),
        status="in_order",
        reason=why,
    )


def way_back(
    story: Story,
    recorded: str,
    who: str,
    minutes: int,
    *,
    held: str,
    seen: str,
    no_return: str,
    window: int | None = None,
    candidate: str = "",
) -> None:
    """A rehearsal that worked, recorded by who led it. Args: held: its day. minutes, window: taken, and left for it."""
    story.row(
        recorded,
        "rehearsal of the way back",
        rollbacks.add,
        who,
        people={"rehearsed_by": who},
        days={"rehearsed_on": held},
        result="worked",
        minutes=minutes,
        window_minutes=window,
        point_of_no_return=no_return,
        seen=seen,
        **({"candidate": the("releasecandidates", ref=candidate)} if candidate else {}),
    )
