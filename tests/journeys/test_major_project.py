"""A major project from an empty organisation to its close, through pages alone: links that are followed, forms that
are filled, a password and a fresh code at every signature. Nothing here calls an action or touches a row; the accounts
are there beforehand, and the clock is moved.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests import world
from tests.journeys import major_cast as cast
from tests.journeys import major_review as review
from tests.journeys.major_steps import Place, Step, confirm_outcomes, take, write_documents
from tests.journeys.walking import Walker
from tests.parts import long_journey

BEGINS = "2026-09-07 06:00Z"


class Staff:
    """Everybody, by username."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        names = (cast.MANAGER, cast.PROGRAM, *cast.ROLES.values())
        self.people = {name: Walker(name, pass_time=clock.shift) for name in names}
        self.clock = clock

    def __getattr__(self, name: str) -> Walker:
        return self.people[name]

    def do(self, place: Place, steps: tuple[Step, ...]) -> None:
        for step in steps:
            step.done(place, self.people[step.who])


@pytest.fixture
def staff(db, settings) -> Iterator[Staff]:
    settings.SECOND_FACTOR_POLICY = "profile"  # as in production
    world.People()
    for username, name in world.LARGE.values():
        world.person(username, name)
    with time_machine.travel(BEGINS, tick=False) as clock:
        yield Staff(clock)


@long_journey
@pytest.mark.req("SEED-09", "SEED-18", "SEED-19", "SEED-22", "SEED-46", "SEED-70")
def test_a_major_project_goes_from_nothing_to_its_close_by_pages_alone(staff):
    place = registered(staff)
    for person in staff.people.values():
        person.set_up_second_factor()
    documents = envision(staff, place) + planning(staff, place)
    assert round_of(staff, place, "Project Plan Approved") == 9  # signatures
    documents += build(staff, place) + stabilize(staff, place)
    assert round_of(staff, place, "Release Readiness", candidate="RC-1") == 7
    documents += deploy(staff, place)
    assert documents == 52  # all kinds but the plan that follows a no-go
    close(staff, place)


def registered(staff: Staff) -> Place:
    """The solution manager registers the project and names everybody."""
    manager = staff.ingrid
    manager.open("/")
    manager.follow("Portfolio")
    manager.follow("Register a project")
    manager.send("Register the project", cast.FACTS)
    manager.follow("Fill the roles")
    manager.send("Save the roles", {f"{role}: person": username for role, username in cast.ROLES.items()})
    return Place(manager.page.path.removesuffix("roles/"))


def envision(staff: Staff, place: Place) -> int:
    take(place, staff.yusuf, "Start Envision")
    documents = write_documents(place, staff.ravi, staff.lucia, "envision")
    staff.do(place, cast.ENVISION)
    place.at(staff.anneke, "Requirements").send("Record it", cast.FIRST_NEED)
    confirm_outcomes(place, staff.yusuf, "Envision")
    return documents


def planning(staff: Staff, place: Place) -> int:
    take(place, staff.yusuf, "Start Project Planning")
    place.at(staff.anneke, "Requirements", "Traceability").send("Take it over", cast.matrix())
    documents = write_documents(place, staff.ravi, staff.lucia, "planning")
    staff.do(place, cast.PLANNING)
    confirm_outcomes(place, staff.yusuf, "Project Planning")
    return documents


def build(staff: Staff, place: Place) -> int:
    take(place, staff.yusuf, "Start Build")
    documents = write_documents(place, staff.ravi, staff.lucia, "build")
    staff.do(place, cast.BUILD)
    review.answer(review.enter(place, staff.yusuf, "PPA-1"), [f"O{number}" for number in range(1, 8)])
    confirm_outcomes(place, staff.yusuf, "Build")
    return documents


def stabilize(staff: Staff, place: Place) -> int:
    take(place, staff.yusuf, "Start Stabilize")
    documents = write_documents(place, staff.ravi, staff.lucia, "stabilize")
    staff.do(place, cast.STABILIZE)
    confirm_outcomes(place, staff.yusuf, "Stabilize")
    return documents


def round_of(staff: Staff, place: Place, name: str, *, candidate: str = "") -> int:
    """A round is held and ends with a go; returns how many have signed."""
    named = {"Release candidate": candidate} if candidate else {}
    ref = review.prepare(place, staff.yusuf, name, **named)
    signers = cast.RELEASE_SIGNERS if candidate else cast.PLAN_SIGNERS
    review.acknowledge(place, [staff.people[name] for name in signers], ref)
    review.answer_all(place, staff.lucia, ref)
    review.record_attendance(place, staff.yusuf, ref)
    review.request_sign_offs(place, staff.yusuf, ref)
    signed = review.sign_all(place, staff.people.values(), ref)
    stated = {"The risks that remain": True} if candidate else {}
    review.decide_go(place, staff.ingrid, ref, **stated)
    return signed


def deploy(staff: Staff, place: Place) -> int:
    take(place, staff.yusuf, "Start Deploy")
    documents = write_documents(place, staff.ravi, staff.lucia, "deploy")
    staff.do(place, cast.DEPLOY)
    return documents


def close(staff: Staff, place: Place) -> None:
    """The quiet period is waited for, what is left is confirmed, and nothing stands against closing any more."""
    staff.clock.shift(timedelta(days=15))
    staff.do(place, cast.CLOSE)
    confirm_outcomes(place, staff.yusuf, "Deploy")
    review.answer(review.enter(place, staff.yusuf, "RR-1"), ("O1", "O3"))
    review.answer(review.enter(place, staff.joy, "RR-1"), ("O2",))
    take(place, staff.ingrid, "Close the project")
    assert "The project is now in Closed." in staff.ingrid.page.part("messages").text
    listed = place.at(staff.emile, "Artifacts").page.root.text
    assert "52 of 52 artifacts that this change must have are approved or do not apply." in listed
    assert "Not signed" not in place.at(staff.emile, "Statements").page.root.text
