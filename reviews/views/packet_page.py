"""A packet as a signer reads it: worked out from the packet's own values and from nothing else.

What the page shows and what the digest covers are therefore the same. The catalogue lends words for codes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import role_name
from projects.models import ArtifactStatus
from reviews import packets
from reviews.catalog import REVIEW_TYPES
from reviews.catalog.own import called
from reviews.models import GOOD_ANSWERS, Answer, Disposition, FindingClass, Mode, Section

Packet = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """An artifact version that an answer or an input stands on."""

    name: str
    kind: str
    version: str
    digest: str
    warning: str = ""
    newer: bool = False


@dataclass(frozen=True)
class Line:
    """One thing that is signed.

    Args:
        kind, value, label: the state, as for ``ui_pill``.
        why: why it asks for attention; empty when it is simply fine.
        concerns: the groups that answer for it, by name; empty when it concerns everybody.
        yours: whether the reader's signature hangs on it.
        version: of a question of our own that was worded anew, which of its versions is asked.
    """

    ref: str
    text: str
    kind: str = ""
    value: str = ""
    label: str = ""
    evidence: str = ""
    reason: str = ""
    documents: list[Document] = field(default_factory=list)
    who: str = ""
    at: datetime | None = None
    waiver: dict[str, Any] | None = None
    why: str = ""
    concerns: str = ""
    yours: bool = True
    version: str = ""


@dataclass
class PacketSection:
    title: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Debt:
    """A condition that a go would carry."""

    ref: str
    text: str
    consequence: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Found:
    """A finding as it is signed."""

    ref: str
    item: str
    text: str
    category: str
    label: str
    place: str
    requested_change: str
    owner: str
    due_on: date | None
    state: str
    settled: str


@dataclass(frozen=True)
class Named:
    """A person named in the packet."""

    name: str
    group: str
    signs: bool
    recused: bool = False


@dataclass(frozen=True)
class Accountability:
    """A role on the project and who holds it."""

    role: str
    names: str


@dataclass(frozen=True)
class PacketPage:
    """The whole packet in the order of the page."""

    question: str
    statement: str
    review: Packet
    project: Packet
    mode: str
    chair: str
    sections: list[PacketSection]
    conditions: list[Debt]
    findings: list[Found]
    people: list[Named]
    accountabilities: list[Accountability]

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]

    @property
    def attention(self) -> list[Line]:
        """What is not simply fine, on top of the page."""
        return [line for line in self.lines if line.why]

    @property
    def yours(self) -> int:
        """On how many of them the reader's signature hangs."""
        return sum(line.yours for line in self.lines)

    @property
    def fine(self) -> int:
        return sum(not line.why for line in self.lines)


def page_of(body: str, reader: str = "") -> PacketPage:
    """The page of a packet given as its canonical bytes.

    Args:
        reader: the group for which whoever reads it signs; empty for anybody else.
    """
    packet = packets.read(body)
    review = packet["review"]
    groups = {group.code: group.name for group in REVIEW_TYPES[review["kind"]].groups}
    items = [(line.values, line.groups) for line in packets.lines(body) if line.kind == "items"]
    return PacketPage(
        question=review["question"],
        statement=review["statement"],
        review=review,
        project=packet["project"],
        mode=str(Mode(review["mode"]).label),
        chair=review["chair"]["name"],
        sections=_sections(items, groups, reader),
        conditions=[
            Debt(
                f"C-{each['number']}",
                each["text"],
                each["consequence"],
                each["owner"]["name"],
                date.fromisoformat(each["due_on"]),
            )
            for each in packet["conditions"]
        ],
        findings=[_found(each) for each in packet.get("findings", [])],  # packets of earlier versions have none
        people=[
            Named(
                each["person"]["name"],
                groups.get(each["group"], each["group"]),
                each["signs"],
                each.get("recused", False),
            )
            for each in packet["participants"]
        ],
        accountabilities=[
            Accountability(role_name(each["role"]), ", ".join(person["name"] for person in each["people"]))
            for each in packet.get("accountabilities", ())  # a review of a plan names them
        ],
    )


def _found(row: Packet) -> Found:
    document, settled = row["document"], row["settled"]
    place = f"{artifact_name(document['artifact'])} {document['version']}" if document else ""
    return Found(
        ref=f"F-{row['number']:02}",
        item=row["item"],
        text=row["text"],
        category=row["category"],
        label=str(FindingClass(row["category"]).label),
        place=", ".join(part for part in (place, row["location"]) if part),
        requested_change=row["requested_change"],
        owner=row["owner"]["name"] if row["owner"] else "",
        due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        state=settled["state"],
        settled=_("One case of F-%(number)02d") % {"number": settled["merged_into"]}
        if settled["merged_into"]
        else str(Disposition(settled["state"]).label),
    )


POLARITY = {Section.GO.value: gettext_lazy("must be confirmed"), Section.NO_GO.value: gettext_lazy("must be clear")}


def _sections(
    items: Iterable[tuple[Packet, packets.Groups]], names: Mapping[str, str], reader: str
) -> list[PacketSection]:
    """One section a title; of an element of Table 4 what must be confirmed and what must be clear stand together."""
    sections: dict[tuple[str, str], PacketSection] = {}
    for item, concerned in items:
        title = str(Section(item["section"]).label)
        if item["element"]:
            title = f"{item['element']}: {POLARITY.get(item['section'], title)}"
        whose = [] if packets.ALL in concerned else [names.get(group, group) for group in concerned]
        line = _line(item, ", ".join(whose), yours=not whose or not reader or reader in concerned)
        sections.setdefault((item["element"], item["section"]), PacketSection(title)).lines.append(line)
    elements = list(dict.fromkeys(element for element, _section in sections))
    places = {key: at for at, key in enumerate(sections)}
    first = {element: min(at for key, at in places.items() if key[0] == element) for element in elements}
    return [
        sections[key]
        for key in sorted(sections, key=lambda key: (first[key[0]] if key[0] else places[key], places[key]))
    ]


def _line(item: Packet, concerns: str, *, yours: bool) -> Line:
    answer, waiver = item["answer"], item["waiver"]
    pins = [_document(pin) for pin in item["pins"]]
    linked = [
        Document(artifact_name(each["artifact"]), each["artifact"], each["version"], each["digest"])
        for each in (answer["versions"] if answer else [])
    ]
    kind, value, label = _state(item)
    return Line(
        ref=item["code"],
        text=item["text"],
        kind=kind,
        value=value,
        label=label,
        evidence=answer["evidence"] if answer else "",
        reason=answer["reason"] if answer else "",
        documents=pins + linked,
        who=answer["assessor"]["name"] if answer else "",
        at=datetime.fromisoformat(answer["at"]) if answer else None,
        waiver=waiver and {**waiver, "until": date.fromisoformat(waiver["expires_on"])},
        why=_why(item, pins),
        concerns=concerns,
        yours=yours,
        version=_version(item["code"]),
    )


def _version(code: str) -> str:
    question, number = called(code) or (0, 1)
    if number == 1:
        return ""
    return _("Version %(number)d of the question X-%(question)d") % {"number": number, "question": question}


def _document(pin: Packet) -> Document:
    warning = ""
    newer = pin["newest_version"] != pin["version"]
    if newer:
        warning = _("version %(version)s exists") % {"version": pin["newest_version"]}
    elif pin["status"] != ArtifactStatus.APPROVED:
        warning = _("not approved")
    return Document(artifact_name(pin["artifact"]), pin["artifact"], pin["version"], pin["digest"], warning, newer)


def _state(item: Packet) -> tuple[str, str, str]:
    """The state as word, shape and colour."""
    if item["answer"]:
        value = item["answer"]["value"]
        return "answer", value, str(Answer(value).label)
    if item["pins"]:
        return "artifact", item["pins"][0]["status"], str(ArtifactStatus(item["pins"][0]["status"]).label)
    return "answer", "", _("Not answered")


def _why(item: Packet, pins: list[Document]) -> str:
    """Why a signer looks at this first."""
    waiver, answer = item["waiver"], item["answer"]
    if waiver and waiver["approved_by"]:
        return _("Waived")
    if waiver:
        return _("A waiver is asked for")
    if warned := next((pin for pin in pins if pin.warning), None):
        return _("Newer version") if warned.newer else _("Not approved")
    if answer is None:
        return "" if pins or not item["must"] else _("Not answered")
    if answer["value"] == Answer.NOT_APPLICABLE:
        return _("Not applicable")
    return "" if answer["value"] in GOOD_ANSWERS else _("Stands against a go")
