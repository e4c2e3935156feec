"""Features in the stories: taken over from a table with their requirements, built group by group, evaluated."""

from collections.abc import Mapping
from datetime import datetime

from projects.actions import features, operational
from projects.actions import traceability as taking
from projects.importing.matrix import matrix_lines
from projects.importing.reading import read
from projects.models import Feature, User
from reviews.demo import paper
from reviews.demo.story import Story


def taken_over(story: Story, on: str, by: str, name: str) -> None:
    """Requirements and features of this table in `documents/` are recorded, with what meets what."""

    def do(now: datetime) -> None:
        with (paper.FOLDER / name).open("rb") as file:
            lines = matrix_lines(read(file, name))
        taking.take_over(project_id=story.project.pk, by=story.who(by), lines=lines, now=now)

    story.tell(on, "features and requirements are taken over", do)


def built(story: Story, refs: str, *, by: str, begun: str, done: str, tester: str) -> None:
    """Features are in build from one day, tested and complete on another.

    Args:
        refs: the first and the last, e.g. ``F-001 F-009``.
    """
    first, last = refs.split()

    def of_group() -> list[Feature]:
        return list(story.project.features.filter(ref__gte=first, ref__lte=last, status__in=("planned", "in_build")))

    def begin(now: datetime) -> None:
        for feature in of_group():
            features.set_status(feature, by=story.who(by), status=Feature.Status.IN_BUILD, now=now)

    def test(now: datetime) -> None:
        for feature in of_group():
            features.record_test(feature, by=story.who(tester), test=feature.test, result="passed", now=now)

    def end(now: datetime) -> None:
        for feature in of_group():
            features.set_status(feature, by=story.who(by), status=Feature.Status.COMPLETE, now=now)

    story.tell(f"{begun} 09:10", f"{refs} are in build", begin)
    story.tell(f"{done} 14:00", f"{refs} are tested", test)
    story.tell(f"{done} 15:30", f"{refs} are complete", end)


def evaluated(
    story: Story, on: str, by: str, note: str, *, addressed: bool, but: Mapping[str, str] | None = None
) -> None:
    """The design is evaluated against every operational requirement: all are in it.

    Args:
        addressed: whether all of them are addressed, too.
        but: requirements that are not, by reference, with what is still to be done.
    """
    open_ones = but or {}

    def do(now: datetime) -> None:
        who: User = story.who(by)
        for requirement in story.project.requirements.filter(kind="operational"):
            operational.evaluate(
                project_id=story.project.pk,
                by=who,
                requirement=requirement,
                in_design=True,
                addressed=addressed and requirement.ref not in open_ones,
                note=story.told(open_ones.get(requirement.ref, note)),
                now=now,
            )

    story.tell(on, "the design is evaluated", do)
