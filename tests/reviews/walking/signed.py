"""A walk that begins where a release is signed by everybody, and in which what was signed changes often."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.reviews.walking.base import days
from tests.reviews.walking.deciding import DecidingSteps
from tests.reviews.walking.findings import FindingSteps
from tests.reviews.walking.model import ASKED
from tests.reviews.walking.onward import Onward
from tests.reviews.walking.project import ProjectSteps
from tests.reviews.walking.questions import QuestionSteps
from tests.reviews.walking.rounds import RoundSteps

ASKED_HERE = ASKED["emergency", "rr"]
of_a_release = st.sampled_from(ASKED_HERE.questions[1:])


class Walk(Onward, ProjectSteps, RoundSteps, QuestionSteps, FindingSteps, DecidingSteps):
    """One project on its way."""


class SignedWalk(Walk):
    """One project whose release everybody has signed."""

    @initialize(also=st.booleans())
    def begin(self, also: bool) -> None:
        Walk.begin(self, ("emergency", "stabilize"), early=False, ahead=0)
        while self.p.round is None or len(self.p.standing(self.p.round)) < 2:
            self.onward()
        if also:
            self.remove("manager", 0, "manager")
            self.name("manager", 0, "manager", "RR-P7", signs=True)
            while len(self.p.standing(self.p.round)) < 3:
                self.onward()

    @precondition(lambda self: self.p.round and self.p.round.kind == "rr")
    @rule(code=st.sampled_from(sorted(ASKED_HERE.concerns)))
    def see_what_is_of_some(self, code: str) -> None:
        self.answer("sponsor", code, fine=True, told=True)

    @precondition(lambda self: self.p.round and self.p.round.kind == "rr")
    @rule(code=st.sampled_from([code for code in ASKED_HERE.questions[1:] if code not in ASKED_HERE.concerns]))
    def see_what_is_of_all(self, code: str) -> None:
        self.answer("sponsor", code, fine=True, told=True)

    @precondition(lambda self: self.p.round and self.p.round.kind == "rr")
    @rule(code=of_a_release)
    def find(self, code: str) -> None:
        self.raise_finding("sponsor", code, "editorial", None, None)

    @precondition(lambda self: self.p.round and self.p.round.kind == "rr")
    @rule(code=of_a_release, last=days)
    def ask_a_waiver(self, code: str, last: int) -> None:
        self.request_waiver("sponsor", code, last, told=True)
