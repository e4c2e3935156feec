"""People and projects for tests, brought to where a test needs them by the same actions a person uses."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from projects import ledger
from projects.actions import artifacts, candidates, change_templates, parts, projects, requirements, roles, stages
from projects.actions.artifacts import Content
from projects.actions.change_templates import TemplateContent
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.catalog.categories import required_artifacts
from projects.catalog.parts import PARTS
from projects.catalog.stages import STAGES
from projects.credentials import Proof
from projects.facts import ProjectFacts
from projects.models import ChangeTemplate, Project, RoleAssignment, User
from reviews import signing
from reviews.actions import acknowledgements, answers, decisions, meeting, rounds, sign_offs
from reviews.catalog import REVIEW_TYPES
from reviews.models import GO_DECISIONS, Decision, Participant, PinnedInput, Review, ReviewKind, Section
from tests.supplies import supply

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


def person(username: str, name: str = "", **flags: object) -> User:
    """An account that can log in with PASSWORD."""
    user = User(username=username, email=f"{username}@example.test", name=name or username.title(), **flags)
    user.set_password(PASSWORD)
    user.save()
    return user


@dataclass
class People:
    """One of each kind: who manages, who signs, who audits, who has nothing to do with it."""

    manager: User = field(default_factory=lambda: person("ingrid", "Ingrid Solheim", is_solution_manager=True))
    program: User = field(default_factory=lambda: person("yusuf", "Yusuf Karaca", is_program_manager=True))
    product: User = field(default_factory=lambda: person("anneke", "Anneke de Wit"))
    developer: User = field(default_factory=lambda: person("ravi", "Ravi Menon"))
    sponsor: User = field(default_factory=lambda: person("lucia", "Lucía Benítez"))
    operations: User = field(default_factory=lambda: person("hannah", "Hannah Vogel"))
    support: User = field(default_factory=lambda: person("joy", "Joy Mbeki"))
    user: User = field(default_factory=lambda: person("chloe", "Chloe Martin"))
    auditor: User = field(default_factory=lambda: person("emile", "Émile Fontaine", is_auditor=True))
    process_owner: User = field(default_factory=lambda: person("beatriz", "Beatriz Moura", is_process_owner=True))
    operator: User = field(default_factory=lambda: person("olaf", "Olaf Berg", is_operator=True, is_staff=True))
    outsider: User = field(default_factory=lambda: person("mallory", "Mallory Outside", is_program_manager=True))


ROLES = {
    "program": "R-PGM",
    "product": "R-PDM",
    "developer": "R-DEV",
    "sponsor": "P-SPONSOR",
    "operations": "P-OPS",
    "support": "P-SUP1",
    "user": "P-USER",
}


def facts(**changes: object) -> ProjectFacts:
    """A minor packaged product deployment, unless told otherwise."""
    given = {
        "title": "Visitor sign-in at three depots",
        "project_type": "packaged_product",
        "category": "minor",
        "category_nature": "No core system is touched.",
        "category_size": "Three sites, six weeks.",
        "conversion_applies": False,
        "portfolio_ref": "PMR-2026-11",
        "portfolio_date": date(2026, 9, 3),
        "portfolio_outcome": "approved",
    }
    return ProjectFacts(**{**given, **changes})


TEMPLATE = {
    "title": "Replace the certificate of the customer portal",
    "changes": "The certificate that five addresses serve.",
    "steps": "Make the key in the key store.\nCheck chain and names in staging.\nInstall and reload.",
    "project_type": "it_service",
    "nature": "Known and tested; only the certificate is replaced.",
    "size": "One certificate, five addresses, an hour.",
    "plan": "The three steps, in this order, on one morning.",
    "deployment": "Install and reload; to roll back, restore the previous bundle within ten minutes.",
}


def draft_template(people: People, *, now: datetime = NOW, code: str = "", **changes: str) -> ChangeTemplate:
    """A template that the program manager wrote and the developer owns."""
    content = TemplateContent(**{**TEMPLATE, **changes})
    return change_templates.create(by=people.program, owner=people.developer, content=content, now=now, code=code)


def known_template(people: People, *, now: datetime = NOW, expires_on: date | None = None, code: str = ""):
    """One from which standard changes can be opened, approved by the solution manager."""
    return change_templates.approve(
        template_id=draft_template(people, now=now, code=code).pk,
        by=people.manager,
        note="Eleven runs without a fault.",
        evidence="Rehearsed in staging, rollback took six minutes.",
        expires_on=expires_on or now.date() + timedelta(days=365),
        now=now,
    )


def register(people: People, *, now: datetime = NOW, code: str = "", **changes: object) -> Project:
    """A registered project with its roles filled; a standard one from a template that is known and tested."""
    if changes.get("category") == "standard" and "template" not in changes:
        changes["template"] = known_template(people, now=now)
    project = projects.create(
        by=people.manager,
        facts=facts(**changes),
        solution_manager=people.manager,
        program_manager=people.program,
        now=now,
        code=code,
    )
    for who, role in ROLES.items():
        if role != "R-PGM":
            roles.assign(project_id=project.pk, by=people.manager, role=role, person=getattr(people, who), now=now)
    return project


LARGE = {
    "P-CUST": ("aroha", "Aroha Ngata"),
    "P-FIN": ("gareth", "Gareth Pugh"),
    "P-SEC": ("naoko", "Naoko Ishii"),
    "P-ARCH": ("viktor", "Viktor Brandt"),
    "P-SUP2": ("kirsten", "Kirsten Aalto"),
    "R-TST": ("yufei", "Chen Yufei"),
    "R-TM": ("margit", "Margit Lund"),
    "R-REL": ("samira", "Samira Okafor"),
    "R-UX": ("owen", "Owen Prichard"),
    "R-OPX": ("dag", "Dag Lindqvist"),
}


def register_large(people: People, *, category: str = "major", **changes: object) -> Project:
    """A project with everybody that the reviews and statements of a significant or major change ask for."""
    project = register(people, category=category, **changes)
    known = {user.username: user for user in User.objects.filter(username__in=[name for name, _full in LARGE.values()])}
    held = {role: known.get(username) or person(username, name) for role, (username, name) in LARGE.items()}
    for role, who in {**held, "P-AUD": people.auditor}.items():
        roles.assign(project_id=project.pk, by=people.manager, role=role, person=who, now=NOW)
    return project


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def approved_artifact(project: Project, kind: str, people: People, *, text: str = "", now: datetime = NOW):
    """A version written by the developer and approved by the sponsor."""
    version = artifacts.add_version(
        project_id=project.pk,
        kind=kind,
        by=people.developer,
        content=Content(text=text or f"{ARTIFACT_KINDS[kind].name} of {project.code}."),
        now=now,
    )
    if kind in PARTS:
        found = [part.code for part in PARTS[kind].parts]
        parts.check(project_id=project.pk, version_id=version.pk, by=people.developer, parts=found, now=now)
    artifacts.submit(project_id=project.pk, version_id=version.pk, by=people.developer, now=now)
    return artifacts.approve(project_id=project.pk, version_id=version.pk, by=people.sponsor, now=now)


def supply_artifacts(project: Project, gate: str, people: People, *, now: datetime = NOW) -> None:
    """Everything that the profile wants at this gate is approved, and what the registers ask for is recorded."""
    wanted = required_artifacts(
        project.category,
        gate,
        conversion_applies=project.conversion_applies,
        role_segregation=project.role_segregation,
    )
    have = set(project.artifacts.filter(status__in=["approved", "not_applicable"]).values_list("kind", flat=True))
    for kind in wanted:
        if kind not in have:
            approved_artifact(project, kind, people, now=now)
    supply(project, gate, people, now)
    if gate == "scope" and project.category != "emergency":  # its record is complete before it closes
        record_outputs(project, people, ReviewKind.PPA, now=now)
    if gate == "close":
        record_outputs(project, people, ReviewKind.PPA, now=now)
        record_outputs(project, people, ReviewKind.RR, now=now)


def confirm_outcomes(project: Project, people: People, *, now: datetime = NOW) -> None:
    for outcome in STAGES[fresh(project).stage].outcomes:
        stages.confirm_outcome(
            project_id=project.pk,
            by=people.program,
            outcome=outcome.code,
            confirmed=True,
            evidence="Seen in the walkthrough of the stage.",
            now=now,
        )


def proof(user: User, digest: str, now: datetime = NOW) -> Proof:
    """As `credentials.prove` would give it; tests of signing itself go through HTTP with real passwords."""
    return Proof(user_id=user.pk, method="password", bound_to=digest, proved_at=now)


def move(project: Project, name: str, people: People, *, now: datetime = NOW, reason: str = "") -> Project:
    by = people.manager if name == "close" else people.program
    return stages.move(project_id=project.pk, by=by, name=name, now=now, reason=reason)


def to_envision(project: Project, people: People, *, now: datetime = NOW) -> Project:
    """In Envision, everything there to leave it."""
    moved = move(project, "start_envision", people, now=now)
    supply_artifacts(project, "vision", people, now=now)
    requirements.add(
        project_id=project.pk, by=people.product, kind="business", text="Visitors are known to the depot.", now=now
    )
    confirm_outcomes(project, people, now=now)
    return moved


def to_planning(project: Project, people: People, *, now: datetime = NOW) -> Project:
    to_envision(project, people, now=now)
    return move(project, "start_planning", people, now=now)


def open_review(
    project: Project, kind: ReviewKind, people: People, *, chair: User | None = None, now: datetime = NOW
) -> Review:
    """A round with everybody named who must be; of a release, about RC-1."""
    return signing.load(_open(project, kind, people, chair or people.manager, now).pk)


def _open(project: Project, kind: ReviewKind, people: People, chair: User, now: datetime) -> Review:
    if kind == ReviewKind.RR and not project.releasecandidates.filter(ref="RC-1").exists():
        built_on = timezone.localdate(now) - timedelta(days=14)
        candidates.add(project_id=project.pk, by=people.program, ref="RC-1", built_on=built_on, now=now)
    candidate = "RC-1" if kind == ReviewKind.RR else ""
    return rounds.open_round(
        project_id=project.pk, kind=kind, by=people.program, chair=chair, now=now, candidate=candidate
    )


def convene(review: Review, people: People, *, now: datetime = NOW) -> Review:
    rounds.convene(review_id=review.pk, by=people.program, now=now)
    return signing.load(review.pk)


def acknowledged(review: Review, people: People, *, now: datetime = NOW) -> None:
    """Everybody who signs, and who answers here, knows the questions where they are acknowledged."""
    if review.is_acknowledged_first:
        signers = [person.user for person in _named(review).filter(signs=True)]
        for who in dict.fromkeys([*signers, people.sponsor, people.program]):
            acknowledgements.acknowledge(review_id=review.pk, by=who, now=now)


def stated(review: Review, code: str) -> str:
    """Evidence for a good answer: the lines that the question asks for, or a sentence."""
    told = {kind.code: kind.told for kind in REVIEW_TYPES[review.kind].items}
    return "\n".join(f"{line}: seen on site." for line in told.get(code, ())) or "Seen on site."


def answer_all(review: Review, people: People, *, except_for: tuple[str, ...] = (), now: datetime = NOW) -> Review:
    """Every item that needs an answer gets the good one, from somebody who wrote nothing."""
    _answer_all(review, people, except_for, now)
    return signing.load(review.pk)


def _answer_all(review: Review, people: People, except_for: tuple[str, ...], now: datetime) -> None:
    acknowledged(review, people, now=now)
    pinned = Exists(PinnedInput.objects.filter(item=OuterRef("pk"), replaced_at__isnull=True))
    asked = review.items.exclude(section=Section.OUTPUT).exclude(code__in=except_for)
    for item in asked.exclude(pinned, section=Section.INPUT):
        answers.answer(
            review_id=review.pk,
            code=item.code,
            by=people.sponsor,
            value="clear" if item.section == Section.NO_GO else "confirmed",
            evidence=stated(review, item.code),
            now=now,
        )


def _named(review: Review) -> "QuerySet[Participant]":
    return review.participants.filter(removed_at__isnull=True).select_related("user").order_by("group", "id")


def attend(review: Review, *, now: datetime = NOW, how: str = "present") -> None:
    """Everybody is there, the chair too."""
    people = {person.user_id: person.user for person in _named(review)}
    people.setdefault(review.chair_id, review.chair)
    meeting.record_attendance(
        review_id=review.pk,
        by=review.chair,
        attended=[meeting.Attended(person=person, how=how) for person in people.values()],
        now=now,
    )


def request_sign_offs(review: Review, people: People, *, now: datetime = NOW) -> Review:
    _request_sign_offs(review, people, now)
    return signing.load(review.pk)


def _request_sign_offs(review: Review, people: People, now: datetime) -> None:
    attend(review, now=now)
    sign_offs.request_sign_offs(review_id=review.pk, by=people.program, due_at=now + timedelta(days=5), now=now)


def sign(
    review: Review,
    user: User,
    *,
    position: str = "agree",
    comment: str = "",
    now: datetime = NOW,
    key: str = "",
    shown: str = "",
):
    """What is in the round now is signed, or the packet with the digest `shown`."""
    digest = shown or signing.packet_digest(signing.load(review.pk))
    return sign_offs.sign(
        review_id=review.pk,
        by=user,
        position=position,
        comment=comment,
        packet_digest=digest,
        proof=proof(user, digest, now),
        idempotency_key=key or f"{review.pk}-{user.pk}-{digest[:20]}",
        now=now,
    )


def sign_all(review: Review, *, now: datetime = NOW) -> Review:
    _sign_all(review, now)
    return signing.load(review.pk)


def _sign_all(review: Review, now: datetime) -> None:
    standing = signing.standing(signing.load(review.pk))
    for participant in standing.waiting:
        sign(review, participant.user, now=now, shown=standing.digest)


def decide(review: Review, decision: str = Decision.GO, *, now: datetime = NOW, **more: object) -> Review:
    review = signing.load(review.pk)
    if review.state in ("convened", "signing") and not review.attendance.all():
        attend(review, now=now)
    digest = signing.packet_digest(review)
    more.setdefault("risks_acceptable", review.kind == ReviewKind.RR)
    return decisions.decide(
        review_id=review.pk,
        by=review.chair,
        decision=decision,
        packet_digest=digest,
        proof=proof(review.chair, digest, now),
        now=now,
        **more,
    )


def ready_to_sign(project: Project, kind: ReviewKind, people: People, *, now: datetime = NOW) -> Review:
    """A round of this kind, everything answered, sign-offs requested."""
    return signing.load(_make_ready(project, kind, people, now).pk)


def _make_ready(project: Project, kind: ReviewKind, people: People, now: datetime) -> Review:
    supply_artifacts(fresh(project), "plan" if kind == ReviewKind.PPA else "release", people, now=now)
    confirm_outcomes(project, people, now=now)
    review = _open(project, kind, people, people.manager, now)
    rounds.convene(review_id=review.pk, by=people.program, now=now)
    _answer_all(review, people, (), now)
    _request_sign_offs(review, people, now)
    return review


def pass_gate(project: Project, kind: ReviewKind, people: People, *, now: datetime = NOW) -> Review:
    """The review is held and decided go."""
    review = _make_ready(project, kind, people, now)
    _sign_all(review, now)
    return decide(review, now=now)


def to_build(project: Project, people: People, *, now: datetime = NOW) -> Project:
    to_planning(project, people, now=now)
    pass_gate(project, ReviewKind.PPA, people, now=now)
    return move(project, "start_build", people, now=now)


def to_stabilize(project: Project, people: People, *, now: datetime = NOW) -> Project:
    to_build(project, people, now=now)
    supply_artifacts(fresh(project), "scope", people, now=now)
    confirm_outcomes(project, people, now=now)
    return move(project, "start_stabilize", people, now=now)


def to_deploy(project: Project, people: People, *, now: datetime = NOW) -> Project:
    to_stabilize(project, people, now=now)
    pass_gate(project, ReviewKind.RR, people, now=now)
    return move(project, "start_deploy", people, now=now)


def record_outputs(project: Project, people: People, kind: ReviewKind, *, now: datetime = NOW) -> None:
    """What the newest go of this kind leaves behind is confirmed; support accepts its responsibility itself."""
    decided = Review.objects.filter(project=project, kind=kind, decision__in=GO_DECISIONS).order_by("round").last()
    if decided is None:
        return
    for item in decided.items.filter(section=Section.OUTPUT, answers__isnull=True):
        if not item.may_be_na:
            answers.answer(
                review_id=decided.pk,
                code=item.code,
                by=people.support if (kind, item.code) == (ReviewKind.RR, "O2") else people.program,
                value="confirmed",
                evidence="Joy Mbeki for support, Hannah Vogel for operations.",
                now=now,
            )


def to_closed(project: Project, people: People, *, now: datetime = NOW) -> Project:
    return close(to_deploy(project, people, now=now), people, now=now)


def close(project: Project, people: People, *, now: datetime = NOW) -> Project:
    """A project in Deploy is closed."""
    supply_artifacts(fresh(project), "close", people, now=now)
    confirm_outcomes(project, people, now=now)
    return move(project, "close", people, now=now)


def events(project: Project) -> list[str]:
    """The names of what stands in the project's chain."""
    stream = ledger.stream_key(project)
    return list(ledger.LedgerEntry.objects.filter(stream__key=stream).order_by("seq").values_list("event", flat=True))


def holder(project: Project, role: str) -> RoleAssignment:
    return project.roles.get(role=role, ends_on__isnull=True)
