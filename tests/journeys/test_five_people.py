"""The Release Readiness of a payroll migration, held twice by five people in five browsers, from convening to go.

Three more sign as well, elsewhere and by pages without a script: a major change asks seven groups. The server's clock
stands still and is moved on by the story, so that minutes and history can be held against when things were done.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone
from playwright.sync_api import expect

from projects.models import User
from reviews.evidence.verify import verify
from tests import world
from tests.journeys import major_review, steps
from tests.journeys.browsing import Desk
from tests.journeys.major_steps import Place
from tests.journeys.walking import Walker, code_of_now
from tests.parts import needs_chromium
from tests.world import PASSWORD

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

BEGINS = "2026-11-24 08:00Z"
CODE_LASTS = timedelta(seconds=31)  # a code is taken once, so each use waits for the next one
SCRIPT = Path(__file__).resolve().parents[2] / "docs/auditor/verify_pack.sh"
NAMES = {
    "ingrid": "Ingrid Solheim",
    "yusuf": "Yusuf Karaca",
    "dag": "Dag Lindqvist",
    "chloe": "Chloe Martin",
    "lucia": "Lucía Benítez",
    "samira": "Samira Okafor",
    "naoko": "Naoko Ishii",
    "hannah": "Hannah Vogel",
}
AT_A_BROWSER, ELSEWHERE = ("ingrid", "yusuf", "dag", "chloe", "lucia"), ("samira", "naoko", "hannah")
SIGN = {  # and for which group
    "dag": "Operations and support",
    "samira": "Project team",
    "naoko": "Security team",
    "chloe": "Business users",
    "hannah": "Operations management",
    "lucia": "Business management",
    "ingrid": "Project management",
}
NO_WAY_BACK = "Going back takes nine hours; the bank wants the file after six."
NEWS = 30_000  # milliseconds: an open room asks every five seconds
ONE_MAN = "Ravi Menon alone can repair a rejected file."
BAD = {"G-REL-3": ("Not confirmed", NO_WAY_BACK), "N-STR-1": ("Present", ONE_MAN)}
FINDING = "The chapter on leavers is missing from the guide."
AREAS = {NO_WAY_BACK: ("8", "Dag Lindqvist"), ONE_MAN: ("5.5", "Lucía Benítez"), FINDING: ("2", "Dag Lindqvist")}


@dataclass
class Diary:
    """What was done, in the words in which the record must tell it: who, what, when."""

    entries: list[tuple[str, str, datetime]] = field(default_factory=list)

    def note(self, who: str, what: str) -> None:
        self.entries.append((NAMES[who], what, timezone.now()))

    def lines(self, what: str) -> list[tuple[str, str, datetime]]:
        return [entry for entry in self.entries if entry[1].startswith(what)]


@dataclass
class Table:
    """Everybody who holds the review, by username, and the diary of it."""

    desks: dict[str, Desk]
    walkers: dict[str, Walker]
    clock: time_machine.Traveller
    project: str
    diary: Diary = field(default_factory=Diary)

    def __getattr__(self, name: str) -> Desk:
        return self.desks[name]

    def a_minute_later(self) -> None:
        self.clock.shift(timedelta(minutes=1))

    def room(self, ref: str) -> str:
        return f"{self.project}reviews/{ref}/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        yield traveller


@pytest.fixture
def table(desk_of, clock, settings, tmp_path) -> Table:
    """The payroll migration, everything done that its release asks for; everybody has an authenticator app."""
    settings.SEAL_KEY_FILE = tmp_path / "seal_key.pem"
    settings.SECOND_FACTOR_POLICY = "profile"  # as in production
    people = world.People()
    project = world.register_large(
        people, title="Payroll platform migration", conversion_applies=True, role_segregation=True
    )
    world.to_stabilize(project, people)
    world.supply_artifacts(world.fresh(project), "release", people)
    world.confirm_outcomes(project, people)
    known = {user.username: user for user in User.objects.filter(username__in=NAMES)}
    codes = {name: authenticator(user, clock) for name, user in known.items()}
    desks = {name: desk_of(known[name], code=codes[name]) for name in AT_A_BROWSER}
    walkers = {name: Walker(name, pass_time=clock.shift) for name in ELSEWHERE}
    for name, walker in walkers.items():
        walker.use_code = codes[name]
        walker.secret = "in the app"
    return Table(desks, walkers, clock, project.get_absolute_url())


def authenticator(user: User, clock: time_machine.Traveller) -> Callable[[], str]:
    """An authenticator app of the person's own; each look at it shows another code."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)

    def look() -> str:
        clock.shift(CODE_LASTS)
        return code_of_now(secret)

    return look


@pytest.mark.req("SEED-84", "SEED-87", "SEED-90", "SEED-91", "SEED-108", "EXT-08", "EXT-15", "AUD-03", "AUD-08")
def test_five_people_hold_release_readiness_twice(table, tmp_path):
    first_round(table)
    put_right(table)
    second_round(table)
    steps.take(table.yusuf, table.project, "Start Deploy", "Deploy")
    minutes_tell_it(table)
    history_tells_it(table)
    evidence_verifies(table, tmp_path)


def first_round(table: Table) -> None:
    room = convened(table, "RR-1")
    dag, chloe, lucia = (desk.open(room) for desk in (table.dag, table.chloe, table.lucia))
    asked = steps.unanswered(dag)
    parts = {
        dag: [code for code in asked if re.match(r"[GN]-(REL|ENV)|ASP[12]", code)],
        lucia: [code for code in asked if re.match(r"[GN]-STR|D1|ASP4", code)],
    }
    parts[chloe] = [code for code in asked if code not in [*parts[dag], *parts[lucia]]]
    assert all(len(codes) > 4 for codes in parts.values())
    at_the_same_time(table, "RR-1", parts)
    finding_is_raised(table, "RR-1")
    signatures(table, "RR-1", {"dag": ("Dissent", NO_WAY_BACK), "chloe": ("Disagree, but will support", FINDING)})
    no_go(table)


def convened(table: Table, ref: str, *, delta: bool = False) -> str:
    """Prepared and convened by the program manager; everybody says to know the questions."""
    yusuf = table.yusuf
    room = steps.open_round(yusuf, table.project, "rr", candidate="RC-1", delta=delta)
    assert room == table.room(ref)
    yusuf.press("Convene the review")
    table.diary.note("yusuf", f"convened {ref}")
    for name, desk in table.desks.items():
        table.a_minute_later()
        steps.acknowledge(desk.open(room))
        desk.open("/")  # an open room asks for news
        table.diary.note(name, f"acknowledged the questions of {ref}")
    for name, walker in table.walkers.items():
        table.a_minute_later()
        major_review.acknowledge(Place(table.project), [walker], ref)
        table.diary.note(name, f"acknowledged the questions of {ref}")
    return room


def at_the_same_time(table: Table, ref: str, parts: dict[Desk, list[str]]) -> None:
    """Each answers other questions; all forms stand open together before anybody saves."""
    for row in rows_of(parts):
        table.a_minute_later()
        given = {code: BAD.get(code) if ref == "RR-1" else None for _desk, code in row}
        for desk, code in row:
            value, reason = given[code] or ("Clear" if code.startswith("N-") else "Confirmed", "")
            given[code] = (value, reason)
            steps.begin_answer(desk, code, value, evidence="" if reason else f"Seen on site: {code}.", reason=reason)
        for desk, code in row:
            steps.save_answer(desk, code)
        for desk, code in row:
            steps.answered(desk, code, given[code][0])
            table.diary.note(desk.person.username, f"answered {code} in {ref}")


def rows_of(parts: dict[Desk, list[str]]) -> Iterator[list[tuple[Desk, str]]]:
    """One question of each, again and again, until none is left."""
    waiting = {desk: list(codes) for desk, codes in parts.items()}
    while any(waiting.values()):
        yield [(desk, codes.pop(0)) for desk, codes in waiting.items() if codes]


def finding_is_raised(table: Table, ref: str) -> None:
    table.a_minute_later()
    chloe = table.chloe.open(table.room(ref))
    chloe.follow("Raise a finding")
    chloe.choose("Before the go")
    main = chloe.within("main")
    main.get_by_label("Question of the review").select_option(value="A3")
    chloe.fill("What was found", FINDING)
    main.get_by_label("Who settles it").select_option(label="Dag Lindqvist")
    chloe.press("Raise the finding")
    table.diary.note("chloe", f"raised finding F-01 in {ref}")
    expect(chloe.within("#findings")).to_contain_text(FINDING)


def signatures(table: Table, ref: str, otherwise: dict[str, tuple[str, str]]) -> None:
    """Attendance is recorded, the sign-offs are requested, and seven sign with password and code."""
    table.a_minute_later()
    yusuf, room = table.yusuf, table.room(ref)
    yusuf.open(room).follow("Who took part")
    for row in yusuf.within("main fieldset.panel select").all():
        row.select_option(label="Present")
    yusuf.page.get_by_label("Naoko Ishii").select_option(label="Remote")
    yusuf.press("Record the attendance")
    steps.request_sign_offs(yusuf, room)
    table.diary.note("yusuf", f"asked for the sign-offs of {ref}")
    assert steps.waiting_for(yusuf, room) == sorted(NAMES[name] for name in SIGN)
    for name, desk in table.desks.items():
        if name in SIGN:
            position, comment = otherwise.get(name, ("Agree", ""))
            steps.open_sign_page(desk, table.project)
            steps.sign(desk, position, PASSWORD, comment=comment)
            desk.told("You have signed.")
            table.diary.note(name, f"signed {ref}: {position}")
    for name, walker in table.walkers.items():
        assert major_review.sign_all(Place(table.project), [walker], ref) == 1
        table.diary.note(name, f"signed {ref}: Agree")
    assert steps.waiting_for(yusuf, room) == []


def no_go(table: Table) -> None:
    """The chair cannot say go, and says what has to be addressed, by whom and with how much work."""
    ingrid = table.ingrid.open(table.room("RR-1"))
    ingrid.follow("Go or no-go")
    expect(ingrid.page.get_by_role("radio", name=re.compile("^Go"))).to_be_disabled()
    areas = ingrid.within(".area")
    for number, (about, (days, owner)) in enumerate(AREAS.items()):
        area = areas.nth(number)
        expect(area.get_by_label("Area to address")).to_have_value(re.compile(re.escape(about)))
        area.get_by_label("First estimate, person-days").fill(days)
        area.get_by_label("Owner").select_option(label=owner)
    steps.fill_decision(ingrid, "No-go, postponed", PASSWORD, reason=f"{NO_WAY_BACK} We meet again when it is five.")
    ingrid.told("RR-1 is decided: No-go, postponed.")
    table.diary.note("ingrid", "decided RR-1: No-go, postponed")


def put_right(table: Table) -> None:
    """A week later each area is reported done by its owner; who raised the finding closes it."""
    table.clock.shift(timedelta(days=7))
    for desk in table.desks.values():  # nobody is still logged in
        desk.open("/").log_in()
    for number, (days, owner) in enumerate(AREAS.values(), start=1):
        desk = next(desk for desk in table.desks.values() if str(desk.person) == owner).open(table.room("RR-1"))
        expect(desk.within("#remediation")).to_contain_text(f"{float(days):.1f} person-days")
        desk.follow(f"Report done REM-{number:02}")
        desk.fill("What was done", "Rehearsed twice and seen by operations.")
        desk.press("Report it done")
        desk.told(f"REM-{number:02} is done.")
        table.diary.note(desk.person.username, f"finished remediation REM-{number:02}")
        table.a_minute_later()
    chloe = table.chloe.open(table.room("RR-1"))
    chloe.follow("Close F-01")
    chloe.choose("Accepted and done")
    chloe.fill("What was done and shows it, or why it is rejected", "Chapter 7 of guide 1.0, read with Joy Mbeki.")
    chloe.press("Close the finding")
    table.diary.note("chloe", "closed finding F-01 of RR-1 as done")
    table.desks["yusuf"].open(f"{table.project}move/start_deploy/")
    expect(table.yusuf.page.get_by_role("button", name="Start Deploy")).to_be_disabled()


def second_round(table: Table) -> None:
    """What nothing has touched is carried over; only what stood against a go is asked again."""
    table.a_minute_later()
    room = convened(table, "RR-2", delta=True)
    dag, chloe, lucia = (desk.open(room) for desk in (table.dag, table.chloe, table.lucia))
    assert steps.unanswered(dag) == ["A3", *BAD]
    dag.sees(NO_WAY_BACK)  # what the last round said stands beside the question
    expect(dag.within("#G-REL-3")).to_contain_text("REM-01 put right by Dag Lindqvist")
    at_the_same_time(table, "RR-2", {dag: ["G-REL-3"], chloe: ["A3"], lucia: ["N-STR-1"]})
    expect(dag.within("#N-STR-1 .item-answer")).to_contain_text("Clear", timeout=NEWS)  # without doing anything
    signatures(table, "RR-2", {"lucia": ("Disagree, but will support", "I would wait for the new year.")})
    table.a_minute_later()
    steps.decide(table.ingrid, room, "Go", PASSWORD)
    table.ingrid.told("RR-2 is decided: Go.")
    table.diary.note("ingrid", "decided RR-2: Go")


def minutes_tell_it(table: Table) -> None:
    """The minutes of both rounds: who was there, who signed what and when, what was found, what was decided."""
    for ref, decision in (("RR-1", "No-go, postponed"), ("RR-2", "Go")):
        ingrid = table.ingrid.open(table.room(ref))
        ingrid.follow("Minutes")
        read = minutes(ingrid)
        [(_who, _told, decided_at)] = table.diary.lines(f"decided {ref}")
        [[told, *_reason, label]] = read["Decision"]
        assert (told.partition(", on packet")[0], label) == (f"Ingrid Solheim, {clock_of(decided_at)}", decision)
        there = {line[0].partition(" (")[0]: line[-1] for line in read["Attendance"]}
        assert {name: there[name] for name in NAMES.values()} == dict.fromkeys(NAMES.values(), "Present") | {
            "Naoko Ishii": "Remote"
        }
        given = {who: (clock_of(at), told.partition(": ")[2]) for who, told, at in table.diary.lines(f"signed {ref}")}
        positions = {line[0]: (line[1].partition(";")[0], line[-1]) for line in read["Positions"]}
        assert positions == {f"{NAMES[name]} ({group})": given[NAMES[name]] for name, group in SIGN.items()}
    assert [line[-1] for line in read["Findings"]] == ["None."]
    read = minutes(table.ingrid.open(f"{table.room('RR-1')}minutes/"))
    assert [line[0] for line in read["Findings"]] == [f"F-01 {FINDING}"]
    assert [line[1].partition(", due")[0] for line in read["Areas to address"]] == [
        f"{float(days):.1f} person-days, {owner}" for days, owner in AREAS.values()
    ]


def minutes(desk: Desk) -> dict[str, list[list[str]]]:
    """The lines of the minutes that are open, part by part: what, what is said about it, how it stands."""
    desk.sees("Frozen with the decision")
    return {
        part.get_by_role("heading").inner_text(): [
            [words for words in line.inner_text().splitlines() if words.strip()]
            for line in part.get_by_role("listitem").all()
        ]
        for part in desk.within(".packet-section").all()
    }


def clock_of(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


KINDS = re.compile(
    "|".join(
        (
            "convened",
            "acknowledged",
            "answered",
            "raised",
            "closed",
            "asked for the sign",
            "signed",
            "decided",
            "finished",
        )
    )
)


def history_tells_it(table: Table) -> None:
    """Everything that was done stands in the history at its moment, in its order, and nothing else of these kinds."""
    table.ingrid.open(table.project).follow("History")
    read = history(table.ingrid, until=table.diary.entries[0][2])
    told = [(who, what.partition(",")[0] if what.startswith("acknowledged") else what, at) for who, what, at in read]
    kept = [line for line in told if KINDS.match(line[1])]
    assert sorted(kept, key=in_time) == sorted(table.diary.entries, key=in_time)
    assert [line[2] for line in kept] == sorted(line[2] for line in kept)


def in_time(line: tuple[str, str, datetime]) -> tuple[datetime, str, str]:
    """Of what was done at one moment the order is not asked for."""
    who, what, at = line
    return at, who, what


def history(desk: Desk, *, until: datetime) -> list[tuple[str, str, datetime]]:
    """Who did what when, from that moment on, as the history that is open tells it; the oldest first."""
    read: list[tuple[str, str, datetime]] = []
    while not read or read[-1][2] >= until:
        for entry in desk.within(".timeline-entry").all():
            at = datetime.fromisoformat(entry.locator(".timeline-when time").get_attribute("datetime"))
            for line in reversed(entry.locator(".timeline-what").all()):
                who = line.get_by_role("strong").inner_text()
                read.append((who, line.inner_text().removeprefix(who).strip(), at))
        if not desk.page.get_by_role("link", name="Older").count():
            break
        desk.follow("Older")
    return [line for line in reversed(read) if line[2] >= until]


def evidence_verifies(table: Table, tmp_path: Path) -> None:
    """The pack is downloaded in the browser, and both verifiers hold."""
    ingrid = table.ingrid.open(f"{table.project}evidence/")
    pack, key = tmp_path / "pack.zip", tmp_path / "key.pem"
    with ingrid.page.expect_download() as download:
        ingrid.page.get_by_role("button", name="Download the evidence pack").click()
    download.value.save_as(pack)
    with ingrid.page.expect_download() as download:
        ingrid.page.get_by_role("link", name="Download the public key").click()
    download.value.save_as(key)
    assert verify(pack, key.read_bytes()).faults == []
    said = subprocess.run(["sh", str(SCRIPT), str(pack), str(key)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
