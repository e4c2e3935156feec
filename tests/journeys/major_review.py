"""A round of a management review, held by pages: prepared, answered, attended, signed by everybody, decided."""

from collections.abc import Iterable

from tests.journeys.major_steps import Place
from tests.journeys.walking import Walker

GOOD = {"N-": "Clear"}  # what is fine for an indicator of no-go; all others are confirmed


def prepare(place: Place, person: Walker, name: str, **typed: str) -> str:
    """The round is prepared from the project's page and convened; returns the words that lead to its room."""
    place.at(person).follow(f"Prepare {name}", part="reviews")
    person.send("Prepare the round", typed)
    ref = person.page.path.rstrip("/").rpartition("/")[2]
    person.send("Convene the review")
    return ref


def enter(place: Place, person: Walker, ref: str) -> Walker:
    """The person is in the room of the round."""
    place.at(person).follow(ref, part="reviews")
    return person


def acknowledge(place: Place, people: Iterable[Walker], ref: str) -> None:
    """These people have read what is asked."""
    for person in people:
        enter(place, person, ref).send("I know the questions", look=False)


def answer_all(place: Place, person: Walker, ref: str) -> None:
    """Every question that blocks gets the good answer."""
    room = enter(place, person, ref).page
    answer(person, [item["id"] for item in room.root.all("article") if "Not answered: blocks" in item.text])


def answer(person: Walker, codes: Iterable[str]) -> None:
    """These questions of the room that is open get the good answer, with evidence."""
    room = person.page
    for code in codes:
        address = next(href for words, href in room.links(code) if words == f"Answer {code}")
        asked = person.open(address).form("Save the answer")[0]
        lines = asked.as_it_stands()["evidence"][0].splitlines()  # what the question wants to have stated
        said = "\n".join(f"{line} seen on site." for line in lines) or "Seen on site."
        person.send("Save the answer", {f"{code} ": GOOD.get(code[:2], "Confirmed"), "Evidence": said}, look=False)


def record_attendance(place: Place, person: Walker, ref: str) -> None:
    """Everybody who is named is there."""
    enter(place, person, ref).follow("Who took part")
    form = person.page.form("Record the attendance")[0]
    named = [form.caption(each) for each in form.controls if each.tag == "select"]
    person.send("Record the attendance", dict.fromkeys(named, "Present"), look=False)


def request_sign_offs(place: Place, person: Walker, ref: str) -> None:
    enter(place, person, ref).follow("Request the sign-offs")
    person.send("Request the sign-offs", look=False)


def sign_all(place: Place, people: Iterable[Walker], ref: str) -> int:
    """Everybody whose inbox asks for a signature gives it, with password and code; returns how many."""
    signed = 0
    for person in people:
        person.open("/")
        asked = [href for _words, href in person.page.links() if href.endswith(f"/{ref}/sign/")]
        if asked:
            person.open(asked[0])
            person.send("Sign as", {"Your position": "Agree", **person.credentials()}, look=False)
            signed += 1
    return signed


def decide_go(place: Place, chair: Walker, ref: str, **stated: object) -> None:
    """The chair decides go."""
    enter(place, chair, ref).follow("Go or no-go")
    chair.send("Decide as", {"Decision": "Go", **stated, **chair.credentials()})
