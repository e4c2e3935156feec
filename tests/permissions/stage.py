"""What the matrix plays on: one project between two rounds, with one of everything that an address can name."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from projects.actions import artifacts, importing
from projects.actions.artifacts import Content
from projects.importing.plan import Mapping
from projects.models import ChangeTemplate, ImportMapping, ImportRun, Notice, Project, User
from reviews import signing, terms
from reviews.actions import (
    answers,
    blackouts,
    conditions,
    delegations,
    findings,
    policy,
    policy_versions,
    retirements,
    rounds,
)
from reviews.actions.decisions import AreaToAddress
from reviews.models import (
    Blackout,
    ChecklistAddition,
    Condition,
    Delegation,
    PolicyVersion,
    Retirement,
    Review,
    ReviewKind,
    SignerAddition,
    SignOff,
    Waiver,
)
from tests import world


@dataclass
class Stage:
    """The first round ended in a no-go with an area to address; the second is being signed."""

    people: world.People
    project: Project
    first: Review
    review: Review
    condition: Condition
    waiver: Waiver
    sign_off: SignOff
    delegation: Delegation
    run: ImportRun
    mapping: ImportMapping
    notice: Notice
    template: ChangeTemplate
    blackout: Blackout
    question: ChecklistAddition
    asked: ChecklistAddition
    changed: ChecklistAddition
    retirement: Retirement
    version: PolicyVersion
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def next_week(self) -> str:
        return (timezone.localdate() + timedelta(days=7)).isoformat()

    def person(self, who: str) -> User:
        return {"member": self.people.developer, "signer": self.people.sponsor}.get(who) or getattr(self.people, who)

    def client(self, who: str) -> Client:
        """A browser in which this person has logged in, once for all rows."""
        if who not in self.clients:
            self.clients[who] = Client(raise_request_exception=True)
            if who != "anonymous":
                self.clients[who].force_login(self.person(who))
        return self.clients[who]


def set_up() -> Stage:
    people, now = world.People(), timezone.now()
    project = world.register(people, now=now)
    world.to_planning(project, people, now=now)
    first = world.ready_to_sign(project, ReviewKind.PPA, people, now=now)
    world.sign_all(first, now=now)
    area = AreaToAddress(area="Estimate anew.", effort_days=Decimal(3), owner=people.user, due_on=now.date())
    world.decide(first, "no_go_postponed", now=now, reason="Too dear.", areas=(area,))
    review = world.convene(world.open_review(project, ReviewKind.PPA, people, now=now), people, now=now)
    world.answer_all(review, people, now=now)
    condition = conditions.add(
        review_id=review.pk,
        by=people.program,
        text="Label the tablets.",
        consequence="They walk off.",
        owner=people.user,
        due_on=now.date(),
        now=now,
    )
    waiver = answers.request_waiver(
        review_id=review.pk,
        code="A2",
        by=people.user,
        reason="Measured next month.",
        risk="A wrong estimate.",
        compensation="A weekly look.",
        expires_on=now.date() + timedelta(days=9),
        now=now,
    )
    for number in (1, 2):
        findings.raise_finding(
            review_id=review.pk,
            by=people.program,
            code=f"A{number}",
            category="after_go",
            text="No figure of today to compare with.",
            owner=people.user,
            due_on=now.date() + timedelta(days=9),
            now=now,
        )
    rounds.set_facts(
        review_id=review.pk,
        by=people.manager,
        chair=people.manager,
        mode="meeting",
        scheduled_for=now + timedelta(days=3),
        candidate="",
        now=now,
    )
    world.request_sign_offs(review, people, now=now)
    sign_off = world.sign(review, people.sponsor, now=now)
    delegation = delegations.delegate(
        review_id=review.pk,
        by=people.sponsor,
        to=people.process_owner,
        ends_at=now + timedelta(days=9),
        reason="At sea.",
        now=now,
    )
    content = Content(file=ContentFile(b"A vision.", name="vision.txt"))
    version = artifacts.add_version(project_id=project.pk, kind="ART-16", by=people.product, content=content, now=now)
    artifacts.submit(project_id=project.pk, version_id=version.pk, by=people.product, now=now)
    file = ContentFile(b"title\nTen more depots\n", name="depots.csv")
    notice = Notice.objects.filter(recipient=people.sponsor).first()
    Notice.objects.filter(pk=notice.pk).update(state=Notice.State.SENT, sent_at=now, calendar="BEGIN:VCALENDAR")
    blackout = blackouts.announce(
        by=people.process_owner, starts_on=now.date(), ends_on=now.date(), reason="Year-end closing.", now=now
    )
    question = proposed(people, "The last incident cannot happen again.", now)
    asked, changed = (in_force(people, text, now) for text in ("Is the way back known?", "Was the way back tried?"))
    propose_change(people, changed, "Was the way back tried twice?", now)
    signer = policy.propose_signer(
        by=people.process_owner, kind="rr", categories=("major",), role="P-SEC", origin="Policy 7.", now=now
    )
    policy.approve(what=SignerAddition, pk=signer.pk, by=people.manager, now=now)
    retirement = retirements.ask(
        what=SignerAddition, pk=signer.pk, by=people.process_owner, reason="It is a line of its own.", now=now
    )
    version = policy_versions.propose(
        by=people.process_owner,
        kind="rr",
        category="minor",
        places=dict.fromkeys(terms.delivered("rr", "minor").signer_groups, terms.SIGNS),
        quorum={},
        validity_days=20,
        on=1,
        reason="Releases wait too long.",
        now=now,
    )
    return Stage(
        version=version,
        people=people,
        project=world.fresh(project),
        first=first,
        review=signing.load(review.pk),
        condition=condition,
        waiver=waiver,
        sign_off=sign_off,
        delegation=delegation,
        run=importing.upload(file=file, filename="depots.csv", by=people.program, now=now),
        mapping=importing.save_mapping(name="Ours", mapping=Mapping({"title": "title"}), by=people.program, now=now),
        notice=notice,
        template=world.draft_template(people, now=now),
        blackout=blackout,
        question=question,
        asked=asked,
        changed=changed,
        retirement=retirement,
    )


def asks(text: str) -> dict[str, Any]:
    """What a question of our own says, with this wording."""
    said = {"section": "decision", "element": "", "text": text, "must": True, "origin": "Incident 7."}
    return {"categories": ("minor",), **said}


def proposed(people: world.People, text: str, now: datetime) -> ChecklistAddition:
    return policy.propose_question(by=people.process_owner, kind="rr", now=now, **asks(text))


def in_force(people: world.People, text: str, now: datetime) -> ChecklistAddition:
    row = proposed(people, text, now)
    return policy.approve(what=ChecklistAddition, pk=row.pk, by=people.manager, now=now)


def propose_change(people: world.People, row: ChecklistAddition, text: str, now: datetime) -> ChecklistAddition:
    return policy.propose_change(pk=row.pk, by=people.process_owner, reason="It is clearer.", now=now, **asks(text))
