"""Rows written past the actions, as a shell or a script would: for tests of what the database itself holds."""

import itertools
from datetime import UTC, date, datetime

from projects import ledger
from projects.models import Artifact, ArtifactVersion, GatePass, Project, User
from reviews import packets
from reviews.models import Condition, Packet, Participant, Review, SignOff

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_numbers = itertools.count(1)


def person(name: str = "Alice Meyer") -> User:
    number = next(_numbers)
    return User.objects.create(username=f"person{number}", email=f"person{number}@example.org", name=name)


def project(by: User | None = None, **columns) -> Project:
    number = next(_numbers)
    return Project.objects.create(
        code=f"ROW-{number:04}",  # apart from the codes that the actions give
        title="Payroll platform migration",
        project_type="it_service",
        category="major",
        category_nature="new platform",
        category_size="all sites",
        created_at=NOW,
        created_by=by or person(),
        **columns,
    )


def version(of: Project, author: User | None = None, text: str = "The plan.", number: int = 1) -> ArtifactVersion:
    artifact, _made = Artifact.objects.get_or_create(project=of, kind="ART-16")
    return ArtifactVersion.objects.create(
        artifact=artifact,
        number=number,
        label=f"{number}.0",
        medium="text",
        text=text,
        digest=ledger.digest(text),
        author=author or person(),
        created_at=NOW,
    )


def review(of: Project, kind: str = "ppa", round: int = 1, **columns) -> Review:
    chair = columns.pop("chair", None) or person("Chair")
    return Review.objects.create(
        project=of,
        kind=kind,
        round=round,
        catalog_version="1",
        category=of.category,
        chair=chair,
        created_at=NOW,
        created_by=chair,
        **columns,
    )


def asked_to_sign(of: Review, *people: User) -> list[Participant]:
    """The round has these signers and is out for signing."""
    signers = [Participant.objects.create(review=of, group="PPA-G1", user=each, asked_at=NOW) for each in people]
    Review.objects.filter(pk=of.pk).update(state="convened", convened_at=NOW, convened_by=of.chair)
    Review.objects.filter(pk=of.pk).update(state="signing", sign_offs_requested_at=NOW, sign_off_due_at=NOW)
    return signers


def packet(of: Review, body: str = '{"type":"packet"}', **columns) -> Packet:
    return Packet.objects.create(review=of, digest=ledger.digest(body), body=body, created_at=NOW, **columns)


def sign_off(by: Participant, under: Packet, **columns) -> SignOff:
    return SignOff.objects.create(
        participant=by,
        packet=under,
        **{
            "user": by.user,
            "part_digest": ledger.digest(packets.part(under.body, by.group)),
            "position": "agree",
            "meaning": "approval",
            "statement": "I approve the plan.",
            "printed_name": by.user.name,
            "role": "Business sponsor",
            "method": "password",
            "signed_at": NOW,
            "time_zone": "UTC",
            "idempotency_key": f"key{next(_numbers)}",
            **columns,
        },
    )


def decide(of: Review, digest: str, decision: str = "go", *, risks_acceptable: bool = True) -> Review:
    """One UPDATE, as SQL by hand would do it; returns the row as it is then."""
    Review.objects.filter(pk=of.pk).update(
        state="decided",
        decision=decision,
        risks_acceptable=risks_acceptable and of.kind == "rr",
        decision_digest=digest,
        decision_method="password",
        decided_at=NOW,
        decided_by=of.chair,
    )
    return Review.objects.get(pk=of.pk)


def decided(of: Project, kind: str = "ppa", round: int = 1) -> Review:
    """A round with one signer who signed, decided as a go."""
    held = review(of, kind, round)
    [signer] = asked_to_sign(held, person("Signer"))
    signed = packet(held)
    sign_off(signer, signed)
    return decide(held, signed.digest)


def condition(of: Review, owner: User, *, due_on: date | None = None, number: int = 1, **columns) -> Condition:
    return Condition.objects.create(
        review=of,
        number=number,
        text="The night shift is trained.",
        consequence="Back.",
        owner=owner,
        due_on=due_on or NOW.date(),
        created_at=NOW,
        created_by=of.chair,
        **columns,
    )


def gate_pass(from_: Review, gate: str | None = None, **columns) -> GatePass:
    return GatePass.objects.create(
        **{
            "project": from_.project,
            "gate": gate or {"ppa": "plan", "rr": "release"}[from_.kind],
            "review_ref": from_.ref,
            "packet_digest": from_.decision_digest,
            "opened_at": NOW,
            "opened_by": from_.chair,
            **columns,
        }
    )


def at_stage(stage: str) -> Project:
    """A project brought to this stage by plain UPDATEs, every one of which the database allowed."""
    moved = project()
    rows = Project.objects.filter(pk=moved.pk)
    steps = ["registered", "envision", "planning", "build", "stabilize", "deploy", "closed"]
    for step in steps[1 : steps.index(stage) + 1]:
        if step == "build":
            gate_pass(decided(moved, "ppa"))
            rows.update(plan_approved_at=NOW)
        if step == "deploy":
            gate_pass(decided(moved, "rr"))
            rows.update(release_ready_at=NOW)
        closing = {"status": "closed", "closed_at": NOW} if step == "closed" else {}
        rows.update(stage=step, **closing)
    return Project.objects.get(pk=moved.pk)
