"""One round of a management review in a story: opened, answered, signed, decided."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from projects.credentials import unauthenticated_demo
from reviews import signing
from reviews.actions import (
    acknowledgements,
    answers,
    conditions,
    decisions,
    delegations,
    findings,
    meeting,
    polls,
    recusal,
    rounds,
    sign_offs,
)
from reviews.actions.decisions import AreaToAddress
from reviews.actions.meeting import Attended
from reviews.demo import paper
from reviews.demo.paper import Said
from reviews.demo.story import Story
from reviews.models import GO_DECISIONS, GOOD_ANSWERS, Decision, Presence, Review, ReviewKind


class Area(NamedTuple):
    """A line of a remediation plan: what, person-days, owner, due day of the story, the items it would make fine."""

    text: str
    days: int
    owner: str
    due: str
    items: str


class Round:
    """Told like a story: any order, played by date."""

    def __init__(
        self,
        story: Story,
        kind: ReviewKind,
        *,
        opened: str,
        by: str,
        chair: str = "ingrid",
        scheduled: str = "",
        place: str = "",
        candidate: str = "",
        delta: bool = False,
    ) -> None:
        self.story = story
        self.by = by
        self.chair = chair
        self._review: Review | None = None
        self._digest = ""  # of the packet as it is; emptied by what changes it

        def do(now: datetime) -> None:
            self._review = rounds.open_round(
                project_id=story.project.pk,
                kind=kind,
                by=story.who(by),
                chair=story.who(chair),
                now=now,
                scheduled_for=story.calendar.at(scheduled) if scheduled else None,
                place=story.told(place),
                candidate=candidate,
                delta=delta,
            )

        story.tell(opened, f"{kind} is opened", do)

    @property
    def pk(self) -> int:
        if self._review is None:
            raise LookupError(f"{self.story.code}: the round is not opened yet")
        return self._review.pk

    def loaded(self) -> Review:
        return signing.load(self.pk)

    def _packet(self) -> str:
        self._digest = self._digest or signing.packet_digest(self.loaded())
        return self._digest

    def people(self, on: str, signing_for: Mapping[str, str], watching: Mapping[str, str] | None = None) -> None:
        """Exactly these people take part: ``{"RR-P1": "dag farid"}`` sign, the others watch."""
        wanted = {
            key: (group, signs)
            for groups, signs in ((signing_for, True), (watching or {}, False))
            for group, keys in groups.items()
            for key in keys.split()
        }

        def do(now: datetime) -> None:
            by = self.story.who(self.by)
            there = set()
            for participant in self.loaded().participants.all():
                key = participant.user.username
                if wanted.get(key) == (participant.group, participant.signs):
                    there.add(key)
                else:
                    rounds.remove_participant(review_id=self.pk, participant_id=participant.pk, by=by, now=now)
            for key, (group, signs) in wanted.items():
                if key not in there:
                    rounds.name_participant(
                        review_id=self.pk, by=by, group=group, person=self.story.who(key), signs=signs, now=now
                    )

        self.story.tell(on, "people are named", do)

    def convene(self, on: str) -> None:
        self.story.tell(
            on, "is convened", lambda now: rounds.convene(review_id=self.pk, by=self.story.who(self.by), now=now)
        )

    def sheet(self, name: str, start: str, *, minutes: int = 7) -> None:
        """The answers of this sheet are given one after another, the first at `start`."""
        at = self.story.calendar.at(start)
        sheet = list(paper.answers(name))
        self.story.timeline.add(
            at,
            f"{self.story.code}: the questions of {name} are known",
            partial(self._acknowledge, list(dict.fromkeys(said.who for said in sheet))),
        )
        for number, said in enumerate(sheet):
            self.story.timeline.add(
                at + timedelta(minutes=minutes * number),
                f"{self.story.code}: {name}, {said.code} by {said.who}",
                partial(self._answer, said),
            )

    def _acknowledge(self, keys: list[str], now: datetime) -> None:
        """Everybody who signs, and everybody who answers."""
        review = self.loaded()
        if not review.is_acknowledged_first or not review.is_open:
            return
        signers = [person.user.username for person in review.participants.all() if person.signs]
        known = set(review.acknowledgements.values_list("user__username", flat=True))
        for key in dict.fromkeys([*signers, *keys]):
            if key not in known:
                acknowledgements.acknowledge(review_id=self.pk, by=self.story.who(key), now=now)

    def _answer(self, said: Said, now: datetime) -> None:
        self._digest = ""
        good = said.value in GOOD_ANSWERS and said.value != "not_applicable"
        text = self.story.told(said.text).replace(" // ", "\n")
        answers.answer(
            review_id=self.pk,
            code=said.code,
            by=self.story.who(said.who),
            value=said.value,
            evidence=text if good else "",
            reason="" if good else text,
            version_ids=tuple(self.story.versions[version].pk for version in said.versions),
            now=now,
        )

    def waiver(
        self,
        asked: str,
        code: str,
        *,
        by: str,
        reason: str,
        risk: str,
        compensation: str,
        expires: str,
        approved: str,
        approver: str,
    ) -> None:
        """Somebody asks that an item need not be fine until a day, another person approves."""
        made: list[int] = []
        story = self.story

        def ask(now: datetime) -> None:
            waiver = answers.request_waiver(
                review_id=self.pk,
                code=code,
                by=story.who(by),
                reason=story.told(reason),
                risk=story.told(risk),
                compensation=story.told(compensation),
                expires_on=story.calendar.day(expires),
                now=now,
            )
            made.append(waiver.pk)

        story.tell(asked, f"a waiver of {code} is asked for", ask)
        story.tell(
            approved,
            f"the waiver of {code} is approved",
            lambda now: answers.answer_waiver(
                review_id=self.pk, waiver_id=made[0], by=story.who(approver), approve=True, now=now
            ),
        )

    def condition(
        self,
        on: str,
        text: str,
        *,
        consequence: str,
        owner: str,
        due: str,
        closed: str = "",
        evidence: str = "",
        closer: str = "",
    ) -> None:
        """A dated debt of the go; found paid by `closer`, or the chair, on the day `closed`, with evidence."""
        made: list[int] = []
        story = self.story

        def add(now: datetime) -> None:
            condition = conditions.add(
                review_id=self.pk,
                by=story.who(self.chair),
                text=story.told(text),
                consequence=story.told(consequence),
                owner=story.who(owner),
                due_on=story.calendar.day(due),
                now=now,
            )
            made.append(condition.pk)

        story.tell(on, "a condition is set", add)
        if closed:
            story.tell(
                closed,
                "a condition is closed",
                lambda now: decisions.close_condition(
                    condition_id=made[0], by=story.who(closer or self.chair), evidence=story.told(evidence), now=now
                ),
            )

    def finding(
        self,
        on: str,
        by: str,
        code: str,
        text: str,
        *,
        change: str,
        owner: str,
        due: str,
        closed: str,
        done: str,
        category: str = "after_go",
    ) -> None:
        """Something found wanting; done by its owner, and closed by who raised it on the day `closed`."""
        made: list[int] = []
        story = self.story

        def found(now: datetime) -> None:
            self._digest = ""
            finding = findings.raise_finding(
                review_id=self.pk,
                by=story.who(by),
                code=code,
                category=category,
                text=story.told(text),
                requested_change=story.told(change),
                owner=story.who(owner),
                due_on=story.calendar.day(due),
                now=now,
            )
            made.append(finding.number)

        story.tell(on, "a finding is raised", found)
        story.tell(
            closed,
            "a finding is closed",
            lambda now: findings.settle(
                review_id=self.pk,
                number=made[0],
                by=story.who(by),
                disposition="done",
                text=story.told(done),
                now=now,
            ),
        )

    def ask(self, on: str, due: str) -> None:
        """Sign-offs are requested."""
        self.story.tell(
            on,
            "sign-offs are requested",
            lambda now: sign_offs.request_sign_offs(
                review_id=self.pk, by=self.story.who(self.by), due_at=self.story.calendar.at(due), now=now
            ),
        )

    def sign(self, on: str, key: str, comment: str = "", *, position: str = "agree") -> None:
        """The person signs what is there at that moment. Nobody was at a keyboard: the signature says so."""

        def do(now: datetime) -> None:
            digest = self._packet()
            sign_offs.sign(
                review_id=self.pk,
                by=self.story.who(key),
                position=position,
                comment=self.story.told(comment),
                packet_digest=digest,
                proof=unauthenticated_demo(self.story.who(key)),
                idempotency_key=f"demo-{self.pk}-{key}-{digest[:24]}",
                now=now,
            )

        self.story.tell(on, f"{key} signs", do)

    def lend(self, on: str, owner: str, to: str, *, until: str, reason: str) -> None:
        """The owner's signature of this round is delegated until then."""
        story = self.story
        story.tell(
            on,
            f"{owner} delegates the signature",
            lambda now: delegations.delegate(
                review_id=self.pk,
                by=story.who(owner),
                to=story.who(to),
                ends_at=story.calendar.at(until),
                reason=story.told(reason),
                now=now,
            ),
        )

    def signed_by(self, start: str, keys: str, *, minutes: int = 4) -> None:
        """These people agree, one after another."""
        at = self.story.calendar.at(start) - timedelta(weeks=self.story.calendar.weeks)
        for number, key in enumerate(keys.split()):
            self.sign(f"{at + timedelta(minutes=minutes * number):%Y-%m-%d %H:%M}", key)

    def decide(
        self,
        on: str,
        decision: Decision,
        reason: str = "",
        *,
        areas: tuple[Area, ...] = (),
        next_look: str = "",
    ) -> None:
        """The chair decides what everybody has before them."""
        story = self.story

        def do(now: datetime) -> None:
            self._attended(now)
            review = self.loaded()
            decisions.decide(
                review_id=review.pk,
                by=review.chair,
                decision=decision,
                packet_digest=signing.packet_digest(review),
                proof=unauthenticated_demo(review.chair),
                now=now,
                reason=story.told(reason),
                areas=tuple(
                    AreaToAddress(
                        area=story.told(area.text),
                        effort_days=Decimal(area.days),
                        owner=story.who(area.owner),
                        due_on=story.calendar.day(area.due),
                        item_codes=tuple(area.items.split()),
                    )
                    for area in areas
                ),
                next_review_on=_day(story, next_look),
                risks_acceptable=review.kind == ReviewKind.RR and decision in GO_DECISIONS,
            )

        story.tell(on, "is decided", do)

    def poll(self, opened: str, said: Mapping[str, tuple[str, str]], *, minutes: int = 2) -> None:
        """How ready it is in the eyes of each signer, unseen by the others: ``{"dag": ("not_ready", "Why.")}``."""
        story = self.story
        story.tell(
            opened,
            "a readiness poll is opened",
            lambda now: polls.open_poll(review_id=self.pk, by=story.who(self.chair), now=now),
        )
        for number, (key, (value, text)) in enumerate(said.items(), start=1):

            def answer(now: datetime, key: str = key, value: str = value, text: str = text) -> None:
                polls.answer(review_id=self.pk, by=story.who(key), value=value, text=story.told(text), now=now)

            at = story.calendar.at(opened) + timedelta(minutes=minutes * number)
            story.timeline.add(at, f"{story.code}: {key} answers the readiness poll", answer)

    def conflict(self, on: str, key: str, text: str) -> None:
        """The person declares a conflict of interest, or none, and is recused by one."""

        def do(now: datetime) -> None:
            self._digest = ""
            recusal.declare(review_id=self.pk, by=self.story.who(key), conflict=self.story.told(text), now=now)

        self.story.tell(on, f"{key} declares interests", do)

    def named(self, on: str, group: str, key: str) -> None:
        """Somebody more looks on for this group."""

        def do(now: datetime) -> None:
            self._digest = ""
            rounds.name_participant(
                review_id=self.pk,
                by=self.story.who(self.by),
                group=group,
                person=self.story.who(key),
                signs=False,
                now=now,
            )

        self.story.tell(on, f"{key} is named", do)

    def agenda(self, on: str, **minutes: int) -> None:
        """The chair sets how long these points of the meeting take."""
        self.story.tell(
            on,
            "the agenda is set",
            lambda now: meeting.set_agenda(review_id=self.pk, by=self.story.who(self.chair), minutes=minutes, now=now),
        )

    def attended(self, on: str, present: str = "", *, remote: str = "", absent: str = "") -> None:
        """These people took part in the meeting as given; whoever signs is there anyhow."""
        ways = ((Presence.PRESENT, present), (Presence.REMOTE, remote), (Presence.ABSENT, absent))
        told = [Attended(person=self.story.who(key), how=how) for how, keys in ways for key in keys.split()]
        self.story.tell(
            on,
            "attendance is recorded",
            lambda now: meeting.record_attendance(
                review_id=self.pk, by=self.story.who(self.chair), attended=told, now=now
            ),
        )

    def _attended(self, now: datetime) -> None:
        """Who signed took part, himself or by a delegate, and the chair."""
        review = self.loaded()
        known = {row.user_id for row in review.attendance.all()}
        told = [Attended(person=review.chair, how=Presence.PRESENT)] if review.chair_id not in known else []
        for person in review.participants.all():
            given = list(person.sign_offs.all())
            if not given or person.user_id in {*known, review.chair_id}:
                continue
            delegate = given[-1].printed_name if given[-1].on_behalf_of else ""
            how = Presence.DELEGATE if delegate else Presence.PRESENT
            told.append(Attended(person=person.user, how=how, delegate=delegate))
        meeting.record_attendance(review_id=review.pk, by=review.chair, attended=told, now=now)

    def addressed(self, on: str, number: int, note: str) -> None:
        """A line of the remediation plan is reported done by its owner."""

        def do(now: datetime) -> None:
            line = self.loaded().remediation.select_related("owner").get(number=number)
            decisions.finish_remediation(item_id=line.pk, by=line.owner, note=self.story.told(note), now=now)

        self.story.tell(on, f"REM-{number:02} is done", do)


def _day(story: Story, text: str) -> date | None:
    return story.calendar.day(text) if text else None
