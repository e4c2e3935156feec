"""A standard change from request to done through pages alone: everything that whoever runs it does for the change
itself stands on one page; the reviews' rooms are entered by those who answer, sign and decide there.
"""

import pytest
import time_machine

from projects.models import Project
from tests import world
from tests.journeys import major_review as review
from tests.journeys.major_steps import EachRow, Pasted, Place, Row, write_documents
from tests.journeys.walking import Walker

NAMES = ("ingrid", "yusuf", "ravi", "anneke", "hannah", "joy")
ON_PAGE = "Do it on one page"
REACHED = {"What shows that they are reached": "Read with the owner of the template."}


@pytest.fixture
def staff(db):
    people = world.People()
    template = world.known_template(people)
    with time_machine.travel(world.NOW, tick=False) as clock:
        yield {name: Walker(name, pass_time=clock.shift) for name in NAMES}, template


@pytest.fixture
def place(staff) -> Place:
    """The change is asked for: which template, when, and who does what."""
    people, template = staff
    program = people["yusuf"]
    program.open("/")
    program.follow("Templates")
    program.follow(template.code)
    program.follow("Open a change from it")
    typed = {
        "When it is deployed": "2026-11-24",
        "Who deploys": "hannah",
        "Who speaks for the customer": "anneke",
        "Who prepares it": "ravi",
        "Who supports it": "joy",
        "Solution manager": "Ingrid Solheim",
    }
    program.send("Register the change", typed)
    return Place(program.page.path.removesuffix("standard/"))


def on_page(place: Place, person: Walker) -> Walker:
    return place.at(person, ON_PAGE)


def go_on(place: Place, person: Walker, step: str) -> None:
    on_page(place, person)
    person.send(step, REACHED if person.page.has("id_evidence") else {}, part="next", look=False)


def round_of(people: dict[str, Walker], place: Place, name: str, **named: str) -> None:
    ref = review.prepare(place, people["yusuf"], name, **named)
    if named:
        review.acknowledge(place, [people[who] for who in ("anneke", "yusuf", "joy")], ref)
    review.answer_all(place, people["anneke"], ref)
    review.request_sign_offs(place, people["yusuf"], ref)
    review.sign_all(place, people.values(), ref)
    stated = {"The risks that remain": True} if named else {}
    review.decide_go(place, people["ingrid"], ref, **stated)


@pytest.mark.req("SEED-07", "EXT-17")
def test_a_standard_change_goes_from_request_to_done(staff, place):
    people, _template = staff
    program, deployer = people["yusuf"], people["hannah"]
    on_page(place, program).send("Take over the documents")
    on_page(place, people["anneke"]).send("Approve the documents")
    go_on(place, program, "Start Envision")
    go_on(place, program, "Start Project Planning")
    confirm_and_review(people, place)
    for number in (1, 2, 3):
        on_page(place, deployer).send("Done", {"What shows it": "Seen."}, part=f"step-{number}")
    on_page(place, program).send("Record how it went", {"How it went": "As the template", "What was seen": "All well."})
    assert "It went as the template says" in program.page.html
    for row in DEPLOYED:
        row.done(place, people[row.who])
    assert write_documents(place, program, people["anneke"], "deploy") == 1
    review.answer(review.enter(place, program, "RR-1"), ("O1", "O3"))
    on_page(place, people["ingrid"]).send("Close the project", REACHED, part="next")
    assert Project.objects.get().stage == "closed"


DEPLOYED = (
    Pasted("yusuf", "Deployments", "Five addresses,2026-11-23 08:00,RC-1"),
    EachRow("yusuf", "Deployments", "Record the beginning", {"Deployed by": "Hannah"}),
    EachRow("yusuf", "Deployments", "Record the result", {"Result": "Success"}),
    EachRow("yusuf", "Deployments", "Say that it is stable", {"What shows": "Half an hour without an alarm."}),
)


def confirm_and_review(people: dict[str, Walker], place: Place) -> None:
    """Both gates, with the outcomes of the stages on the way."""
    program = people["yusuf"]
    on_page(place, program).send("Confirm, and stay", REACHED)
    round_of(people, place, "Project Plan Approved")
    go_on(place, program, "Start Build")
    review.answer(review.enter(place, program, "PPA-1"), ("O7",))
    go_on(place, program, "Start Stabilize")
    Row("ravi", "Release candidates", {"Candidate": "RC-1", "Built on": "2026-11-23"}).done(place, people["ravi"])
    on_page(place, program).send("Confirm, and stay", REACHED)
    round_of(people, place, "Release Readiness", **{"Release candidate": "RC-1"})
    go_on(place, program, "Start Deploy")


@pytest.mark.req("EXT-17")
def test_a_failed_change_suspends_its_template_from_the_same_page(staff, place):
    people, template = staff
    program = people["yusuf"]
    on_page(place, program)
    program.send("Record how it went", {"How it went": "It failed", "What was seen": "It timed out."})
    assert "It failed, and the template is suspended" in program.page.html
    template.refresh_from_db()
    assert template.state == "suspended"


@pytest.mark.req("SEED-05", "SEED-07")
def test_a_change_that_departs_becomes_a_minor_one_from_the_same_page(staff, place):
    people, _template = staff
    program = people["yusuf"]
    on_page(place, program)
    program.send("Make it a minor change", {"From which step": "2.", "What is different": "Another issuer."})
    assert Project.objects.get().category == "minor"
    assert "Minor" in program.page.root.text
