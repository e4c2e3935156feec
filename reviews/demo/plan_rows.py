"""What the plans of the story are made of: money, deliverables, milestones, metrics, controls, gaps, environments."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from projects.actions import controls, environments, funding, planning
from projects.models import InternalControl, Milestone, Project
from reviews.demo.story import Story


def money(story: Story, on: str, amount: int, approver: str, **limit: str) -> None:
    """Marcus records that somebody approved the whole sum on that day."""
    story.row(
        on,
        "an approval of funding",
        funding.add,
        "marcus",
        people={"approver": approver},
        days={"approved_on": on[:10]},
        amount=Decimal(amount),
        currency="EUR",
        **limit,
    )


def deliverables(story: Story, on: str, by: str, rows: Sequence[tuple[str, str, int, str, str]]) -> None:
    """Args: rows: name, work plan, cost in EUR, planned start and end."""
    for name, work, cost, start, end in rows:
        story.row(
            on,
            "a deliverable",
            funding.add_package,
            by,
            days={"planned_start": start, "planned_end": end},
            name=name,
            work_plan=work,
            cost=Decimal(cost),
            currency="EUR",
        )


def milestones(story: Story, on: str, by: str, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Args: rows: stage, name, planned day, and the day on which it was reached or why it was not."""
    for stage, name, planned, reached in rows:
        story.row(on, "a milestone", planning.add_milestone, by, days={"planned_on": planned}, stage=stage, name=name)

        def found(project: Project, stage: str = stage, name: str = name) -> Milestone:
            return project.milestones.get(stage=stage, name=name)

        if reached[:2] == "20":
            day = story.calendar.day(reached)
            story.done(f"{reached} 16:00", "a milestone is met", planning.meet, by, found, actual_on=day)
        elif reached:
            story.done(f"{planned} 16:00", "a milestone is not met", planning.explain, by, found, unmet_reason=reached)


def metrics(story: Story, on: str, by: str, rows: Sequence[tuple[str, str, str, str, str]]) -> None:
    """Args: rows: name, unit, target, source, how often."""
    for name, unit, target, source, cadence in rows:
        story.row(
            on,
            "a metric",
            planning.add_metric,
            by,
            name=name,
            unit=unit,
            target=target,
            source=source,
            cadence=cadence,
        )


def measured(story: Story, on: str, by: str, name: str, value: str, note: str = "") -> None:
    story.row(
        on,
        "a measurement",
        planning.add_measurement,
        by,
        days={"measured_on": on[:10]},
        metric=lambda project: project.projectmetrics.get(name=name),
        value=Decimal(value),
        note=note,
    )


def internal_controls(story: Story, on: str, by: str, texts: Sequence[str]) -> None:
    for text in texts:
        story.row(on, "an internal control", controls.add, by, text=text)


def controls_approved(story: Story, on: str, by: str, count: int) -> None:
    for number in range(1, count + 1):
        story.done(on, f"IC-{number} is approved", controls.approve, by, _control(number))


def control_built(story: Story, number: int, on: str, by: str, where: str) -> None:
    story.done(on, f"IC-{number} is built", controls.build, by, _control(number), built_where=where)


def control_verified(story: Story, number: int, on: str, by: str, how: str) -> None:
    story.done(on, f"IC-{number} is verified", controls.verify, by, _control(number), verified_how=how)


def _control(number: int) -> Callable[[Project], InternalControl]:
    return lambda project: project.internalcontrols.get(ref=f"IC-{number}")


def places(story: Story, on: str, by: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Args: rows: name, purpose, how it is kept apart."""
    for name, purpose, kept_apart in rows:
        story.row(on, "an environment", environments.add, by, name=name, purpose=purpose, kept_apart=kept_apart)


def level(story: Story, on: str, by: str, component: str, version: str, environment: str, until: str) -> None:
    """A version that is supported until a day."""
    story.row(
        on,
        "a supported level",
        environments.add_level,
        by,
        days={"supported_until": until},
        component=component,
        version=version,
        environment=lambda project: project.environments.get(name=environment),
        supported="yes",
    )


def compliance(story: Story, by: str, rows: Sequence[tuple[str, str, str, str, str, str]]) -> None:
    """Args: rows: day, kind, subject, reviewer, result, findings or conditions."""
    for on, kind, subject, reviewer, result, note in rows:
        story.row(
            f"{on} 15:00",
            "a compliance review",
            environments.add_review,
            by,
            days={"reviewed_on": on},
            kind=kind,
            subject=subject,
            reviewer=reviewer,
            result=result,
            note=note,
        )


def opportunity(story: Story, on: str, by: str, kind: str, text: str, decision: str = "") -> None:
    story.row(on, "an opportunity", planning.add_opportunity, by, kind=kind, text=text, decision=decision)
