"""The steps that a major project takes many times: a document, rows of a register, a statement, a stage left."""

from dataclasses import dataclass, field
from typing import Protocol

from tests.journeys.walking import Walker


class Place:
    """The project as people know their way about it: pages by the words of the links that lead there."""

    def __init__(self, url: str) -> None:
        self.url = url

    def at(self, person: Walker, *trail: str) -> Walker:
        """The person on the page that the links in `trail` lead to from the project's own page; later by heart."""
        if trail in person.trails:
            person.open(person.trails[trail])
        elif trail:
            self.at(person, *trail[:-1]).follow(trail[-1])
            person.trails[trail] = person.page.path
        else:
            if self.url not in person.known:
                person.open("/")
                person.follow("Portfolio")
            person.open(self.url)
        return person


class Step(Protocol):
    """Something that one person does. Args: who: username."""

    who: str

    def done(self, place: Place, person: Walker) -> None: ...


@dataclass(frozen=True)
class Row:
    """One row of a register, by its form."""

    who: str
    register: str
    typed: dict[str, object]

    def done(self, place: Place, person: Walker) -> None:
        place.at(person, "Registers", self.register).send("Record it", self.typed, look=False)


@dataclass(frozen=True, init=False)
class Pasted:
    """Rows of a register as they come out of a spreadsheet."""

    who: str
    register: str
    rows: tuple[str, ...]

    def __init__(self, who: str, register: str, *rows: str) -> None:
        for name, value in (("who", who), ("register", register), ("rows", rows)):
            object.__setattr__(self, name, value)

    def done(self, place: Place, person: Walker) -> None:
        place.at(person, "Registers", self.register)
        person.send("Record all of them", {"Rows": "\n".join(self.rows)}, look=False)


@dataclass(frozen=True)
class EachRow:
    """The same is done with every row for which the register offers it."""

    who: str
    register: str
    verb: str
    typed: dict[str, object] = field(default_factory=dict)

    def done(self, place: Place, person: Walker) -> None:
        page = place.at(person, "Registers", self.register).page
        addresses = [href for words, href in page.links() if words == self.verb]
        assert addresses, f"{self.register} offers {person} {self.verb!r} for no row"
        for address in addresses:
            person.open(address)
            person.send(self.verb, self.typed, look=False)


@dataclass(frozen=True)
class Signature:
    """The side of a statement that is asked of this person is read and signed, from the list of them."""

    who: str
    topic: str

    def done(self, place: Place, person: Walker) -> None:
        place.at(person, "Statements").follow("Read and sign", part=self.topic)
        person.send("Sign", person.credentials(), part="signature", look=False)


def take(place: Place, person: Walker, step: str) -> None:
    """The step forward, from the project's own page."""
    place.at(person).follow(step)
    person.send(step)


def confirm_outcomes(place: Place, person: Walker, stage: str) -> None:
    """Every outcome of the stage is confirmed with what shows it."""
    page = place.at(person, stage).page
    for code in [node["id"] for node in page.part("outcomes").all("article")]:
        typed = {"Answer": "Confirmed", "What shows it": f"Walked through with the customer: {code}."}
        person.send("Record the answer", typed, part=code, look=False)


def write_documents(place: Place, author: Walker, approver: Walker, stage: str) -> int:
    """Every document that the list of artifacts asks for under this stage is written, and approved by another.

    Returns: how many they were.
    """
    rows = [row for row in place.at(author, "Artifacts").page.part(stage).all("tr") if row.first("a")]
    addresses = [row.first("a")["href"] for row in rows]
    for address in addresses:
        author.open(address)
        title = author.page.root.first("h1").text
        author.send("Add this version", {"or a text": f"{title}, as agreed with everybody concerned."})
        if author.page.has("parts"):
            parts = [label.text for label in author.page.part("parts").all("label")]
            author.send("These parts are in it", dict.fromkeys(parts, True), look=False)
        author.send("Submit version", look=False)
    place.at(approver, "Artifacts")
    for address in addresses:
        approver.open(address)
        approver.send("Approve version", look=False)
    return len(addresses)
