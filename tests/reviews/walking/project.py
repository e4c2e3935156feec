"""What is done to the project itself: moving, resting, editing, writing what the reviews stand on."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from projects.actions import artifacts, projects, stages
from projects.actions.artifacts import Content
from projects.facts import ProjectFacts
from tests import world
from tests.reviews.walking import model
from tests.reviews.walking.base import Base, people
from tests.reviews.walking.model import BACK, FORWARD


class ProjectSteps(Base):
    """What is done to the project itself: moving, resting, editing, writing what the reviews stand on."""

    @rule(hours=st.sampled_from([1, 24, 48, 96]))
    def time_passes(self, hours: int) -> None:
        self.p.now += timedelta(hours=hours)

    @rule(who=people, resume=st.booleans())
    def rest(self, who: str, resume: bool) -> None:
        allowed = who in model.MANAGES and self.p.status == ("on_hold" if resume else "active")
        act = projects.resume if resume else projects.hold
        if self.attempt(
            allowed, lambda: act(project_id=self.project.pk, by=self.who(who), reason="Wait.", now=self.now)
        ):
            self.p.status = "active" if resume else "on_hold"

    @rule(who=people, step=st.sampled_from([*FORWARD, *BACK]), reason=st.sampled_from(["", "Once more."]))
    def move(self, who: str, step: str, reason: str) -> None:
        allowed = who in model.MANAGES
        if step in FORWARD:
            allowed, target = allowed and self.p.may_enter(step), FORWARD[step][1]
        else:
            sources, target = BACK[step]
            allowed = allowed and self.p.active and self.p.stage in sources and bool(reason)
        if self.attempt(
            allowed,
            lambda: stages.move(project_id=self.project.pk, by=self.who(who), name=step, reason=reason, now=self.now),
        ):
            (self.p.enter if step in FORWARD else self.p.go_back)(target)

    @rule(who=st.sampled_from(["program", "outsider"]))
    def confirm(self, who: str) -> None:
        if who == "program" and self.p.active:
            self.p.now += timedelta(minutes=1)
            world.confirm_outcomes(self.project, self.world.people, now=self.now)
            self.p.confirmed = True
            return
        self.attempt(
            False,
            lambda: stages.confirm_outcome(
                project_id=self.project.pk,
                by=self.who(who),
                outcome="PLN-O1",
                confirmed=True,
                evidence="Seen.",
                now=self.now,
            ),
        )

    @rule(who=people)
    def retitle(self, who: str) -> None:
        project = world.fresh(self.project)
        title = "Another title" if project.title != "Another title" else "Title"
        edited = replace(ProjectFacts.of(project), title=title)
        if self.attempt(
            who in model.MANAGES and self.p.active,
            lambda: projects.edit(
                project_id=project.pk, by=self.who(who), facts=edited, version=project.version, now=self.now
            ),
        ):
            self.p.title = title

    @rule()
    def write_document(self) -> None:
        """A newer version of what the first question is about; it waits for approval."""
        content = Content(text=f"Version {self.p.version + 1} of it.")
        given = {"project_id": self.project.pk, "by": self.who("developer")}
        version = self.attempt(
            self.p.active, lambda: artifacts.add_version(kind="ART-36", content=content, now=self.now, **given)
        )
        if version:
            artifacts.submit(version_id=version.pk, now=self.now, **given)
            self.p.version, self.p.version_state = self.p.version + 1, "in_review"

    @rule(who=people)
    def approve_document(self, who: str) -> None:
        newest = self.project.artifacts.get(kind="ART-36").versions.order_by("number").last()
        allowed = self.p.active and who in model.APPROVES and self.p.version_state == "in_review"
        if self.attempt(
            allowed,
            lambda: artifacts.approve(project_id=self.project.pk, version_id=newest.pk, by=self.who(who), now=self.now),
        ):
            self.p.version_state, self.p.approved[self.p.version] = "approved", self.now
