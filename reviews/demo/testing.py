"""Risks, test results, pilots and issues in a story, each line as the project's people would have recorded it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from projects.actions import issues, pilots, risks, test_runs
from projects.models import Project
from reviews.demo.story import Story


class RiskLine(NamedTuple):
    """Args: impacts: what it touches, separated by spaces. likelihood, impact: 1 to 5."""

    text: str
    impacts: str
    likelihood: int
    impact: int
    response: str
    plan: str
    owner: str


class TestLine(NamedTuple):
    """Args: day: of the story; recorded on it at ten past five."""

    name: str
    candidate: str
    level: str
    run: int
    passed: int
    failed: int
    day: str
    note: str = ""


class PilotLine(NamedTuple):
    """Args: planned, recorded: moments of the story at which it is planned and its result recorded."""

    ref: str
    group: str
    candidate: str
    criteria: str
    planned: str
    starts: str
    ends: str
    recorded: str
    result: str
    feedback: str


class IssueLine(NamedTuple):
    """Args: found, settled: days of the story; settled is empty while it is open. words: what was done or how one
    lives with it."""

    ref: str
    title: str
    origin: str
    severity: int
    candidate: str
    found: str
    owner: str
    settled: str = ""
    way: str = "fixed"
    words: str = ""


def of(register: str, ref: str) -> Callable[[Project], Any]:
    """The row of a project's register that is called so."""
    return lambda project: getattr(project, register).get(ref=ref)


def record_risks(story: Story, day: str, by: str, lines: Iterable[RiskLine]) -> None:
    """The risks are recorded one after another, from ten past eleven on."""
    for number, line in enumerate(lines):
        story.row(
            f"{day} 11:{10 + 5 * number}",
            "a risk",
            risks.add,
            by,
            people={"owner": line.owner},
            **{**line._asdict(), "impacts": line.impacts.split(), "owner": None},
        )


def judge(story: Story, on: str, by: str, number: int, do: Callable[..., object], words: str) -> None:
    """Somebody says where a risk stands."""
    story.done(on, f"RISK-{number} is judged", do, by, of("risks", f"RISK-{number}"), judgement=words)


def record_tests(story: Story, by: str, lines: Iterable[TestLine]) -> None:
    for line in lines:
        given = line._asdict()
        day = given.pop("day")
        story.row(
            f"{day} 17:10",
            f"result of {line.name}",
            test_runs.add,
            by,
            days={"run_on": day},
            **{**given, "candidate": of("releasecandidates", line.candidate)},
        )


def hold_pilots(story: Story, by: str, lines: Iterable[PilotLine]) -> None:
    for line in lines:
        story.row(
            line.planned,
            line.ref,
            pilots.add,
            by,
            ref=line.ref,
            group=line.group,
            candidate=of("releasecandidates", line.candidate),
            criteria=line.criteria,
            days={"starts_on": line.starts, "ends_on": line.ends},
        )
        story.done(
            line.recorded,
            f"{line.ref} has a result",
            pilots.record_result,
            by,
            of("pilots", line.ref),
            result=line.result,
            feedback=line.feedback,
        )


def record_issues(story: Story, by: str, lines: Iterable[IssueLine]) -> None:
    """Issues are recorded on the day on which they were found, and settled by their owners."""
    for line in lines:
        story.row(
            f"{line.found} 17:30",
            f"issue {line.ref}",
            issues.add,
            by,
            ref=line.ref,
            title=line.title,
            origin=line.origin,
            severity=line.severity,
            candidate=of("releasecandidates", line.candidate),
            days={"found_on": line.found},
            people={"owner": line.owner},
        )
        if line.settled:
            story.done(
                f"{line.settled} 17:45",
                f"{line.ref} is settled",
                issues.settle,
                line.owner,
                of("issues", line.ref),
                disposition=line.way,
                **{"note" if line.way == "fixed" else "workaround": line.words},
            )
