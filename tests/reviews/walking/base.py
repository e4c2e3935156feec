"""What every rule of the walk uses: the world it begins in, trying something, and what must be true after each step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from projects import ledger, ledger_check, lifecycle
from projects.actions import candidates
from projects.blocker import Refused
from projects.models import GatePass
from reviews import gates, signing
from reviews.models import Review
from tests import world
from tests.reviews.walking import model
from tests.reviews.walking.model import good

people = st.sampled_from(model.EVERYBODY)
codes = st.sampled_from(sorted({code for asked in model.ASKED.values() for code in asked.questions}))
days = st.integers(0, 6)
STEP = timedelta(minutes=1)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Nothing that is written inside stays."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


# Where a walk begins: some way before the review of the plan or of the release.
STARTS = {
    ("emergency", "envision"): world.to_envision,
    ("emergency", "planning"): world.to_planning,
    ("emergency", "stabilize"): world.to_stabilize,
    ("standard", "planning"): world.to_planning,
    ("standard", "build"): world.to_build,
}


def build() -> SimpleNamespace:
    """Everybody, and a project in each of the places where a walk begins."""
    known = world.People()
    known.deputy = world.person("deputy", is_solution_manager=True)
    known.gone = world.person("gone", is_solution_manager=True, is_active=False)
    at = {}
    for start, reach in STARTS.items():
        project = reach(world.register(known, category=start[0]), known)
        for gate in ("plan", "release"):
            world.supply_artifacts(world.fresh(project), gate, known)
        named = project.releasecandidates.values_list("ref", flat=True)
        for ref in sorted(model.CANDIDATES - set(named)):
            candidates.add(project_id=project.pk, by=known.program, ref=ref, built_on=world.NOW.date(), now=world.NOW)
        world.confirm_outcomes(project, known)
        at[start] = project.pk
    return SimpleNamespace(people=known, at=at)


class Base(RuleBasedStateMachine):
    """One project on its way. `self.p` is the model's view of it."""

    world: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        self.undo = rolled_back()
        self.undo.__enter__()
        self.keys = 0
        self.checked: object = None
        self.present: tuple[object, str] = (None, "")  # of which round, and the digest of its content
        self.pages: list[str] = []  # digests of packets that somebody has had on the screen

    def teardown(self) -> None:
        try:
            if hasattr(self, "p"):
                report = ledger_check.verify(world.fresh(self.project))
                assert report.holds, report.findings
        finally:
            self.undo.__exit__(None, None, None)

    @initialize(start=st.sampled_from(sorted(STARTS)), early=st.booleans(), ahead=st.integers(0, 24))
    def begin(self, start: tuple[str, str], early: bool, ahead: int) -> None:
        """Args: early: rounds are prepared a stage ahead. ahead: so many steps of the way that leads on."""
        self.project, self.early = world.fresh(SimpleNamespace(pk=self.world.at[start])), early
        self.p = model.Project(*start, world.NOW + timedelta(hours=1), title=self.project.title)
        self.p.approved[1] = world.NOW
        if start[1] in ("build", "stabilize"):
            before = model.Round(start[0], "ppa", 1, "manager", "async", "", delta=False, state="decided")
            before.decision, before.decided_at, before.pinned = "go", world.NOW, 1
            asked = before.asked.questions[1:]
            before.answers = {code: model.Answered(1, good(code), "sponsor", world.NOW) for code in asked}
            before.named = [model.Named(0, *each) for each in before.asked.named]
            self.p.rounds.append(before)
            self.p.passes["ppa"] = None
        for _step in range(ahead):
            self.onward()

    def who(self, name: str) -> Any:
        return getattr(self.world.people, name)

    @property
    def now(self) -> Any:
        return self.p.now

    @property
    def soon(self) -> Any:
        """When what is attempted next happens."""
        return self.p.now + STEP

    def review(self, of: model.Round) -> Review:
        return Review.objects.get(project=self.project, kind=of.kind, round=of.number)

    def digest(self, of: model.Round) -> str:
        if self.checked == self._moment() and self.present[0] == (of.kind, of.number):
            return self.present[1]
        return signing.packet_digest(signing.load(self.review(of).pk))

    def _moment(self) -> object:
        """As long as it is the same, so is all that is on record."""
        return ledger.newest_entry(), self.p.today

    def attempt(self, allowed: object, act: Callable[[], Any]) -> Any:
        """Done, exactly when the model allows it. A refusal writes nothing; whatever else is raised is a fault."""
        self.p.now += STEP
        written = ledger.newest_entry()
        done, refusal = None, ""
        try:
            done = act() or True
        except Refused as refused:
            refusal = str(refused)
        if done is None:
            assert not allowed, f"refused, and should not be: {refusal}"
            assert refusal
            assert ledger.newest_entry() == written
        else:
            assert allowed, "done, and should have been refused"
        return done

    def some_round(self, choice: int) -> model.Round | None:
        """The open round mostly, else any."""
        if not self.p.rounds:
            return None
        return (choice < 8 and self.p.round) or self.p.rounds[choice % len(self.p.rounds)]

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        moment = self._moment() if hasattr(self, "p") else None
        if moment == self.checked:
            return  # a refusal has written nothing
        self.checked = moment
        found = list(Review.objects.filter(project=self.project).order_by("id"))
        assert [(each.kind, each.round) for each in found if each.is_open] == [
            (each.kind, each.number) for each in self.p.rounds if each.is_open
        ]
        project = world.fresh(self.project)
        assert (project.stage, project.status) == (self.p.stage, self.p.status)
        gates_open = GatePass.objects.filter(project=project, revoked_at__isnull=True).values_list(
            "gate", "valid_until"
        )
        assert {{"plan": "ppa", "release": "rr"}[gate]: until for gate, until in gates_open} == self.p.passes
        step = lifecycle.next_move(project)
        if step is not None and step.name in model.FORWARD:
            assert (not lifecycle.blockers(project, step, self.now)) == self.p.may_enter(step.name)
        r = self.p.round
        if r is None:
            return
        review = signing.load(self.review(r).pk)
        assert {each.code for each in gates.blockers(review, self.now)} == self.p.lacks_to_go(r)
        if not r.live:
            return
        standing = signing.standing(review)
        self.present = ((r.kind, r.number), standing.digest)
        assert {each.user.pk for each in standing.signed} == {self.who(name).pk for name in self.p.standing(r)}
