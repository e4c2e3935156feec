"""One project's story: each sentence becomes the action that a person would have used."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from projects.actions import artifacts, candidates, parts, projects, requirements, roles, stages, statements
from projects.actions.artifacts import Content
from projects.catalog.artifacts import ARTIFACT_KINDS, artifact_name
from projects.catalog.parts import PARTS
from projects.catalog.statements import STATEMENTS
from projects.checks.statements import Board
from projects.credentials import unauthenticated_demo
from projects.facts import ProjectFacts
from projects.models import ArtifactVersion, ChangeTemplate, Project, User
from reviews.demo import paper
from reviews.demo.paper import Document
from reviews.demo.timeline import Do, Timeline

TYPES = {"csv": "text/csv", "pdf": "application/pdf"}


class Story:
    """Sentences are told in any order and played by date. `on` is a day or moment of the story, UTC."""

    def __init__(self, timeline: Timeline, code: str) -> None:
        self.timeline = timeline
        self.calendar = timeline.calendar
        self.code = code
        self.versions: dict[tuple[str, str], ArtifactVersion] = {}
        self.has_owner: set[str] = set()
        self._project: Project | None = None

    @property
    def project(self) -> Project:
        if self._project is None:
            raise LookupError(f"{self.code} is not registered yet")
        return self._project

    def who(self, key: str) -> User:
        return self.timeline.cast[key]

    def told(self, text: str) -> str:
        return self.calendar.told(text)

    def tell(self, on: str, what: str, do: Do) -> None:
        self.timeline.add(self.calendar.at(on), f"{self.code}: {what}", do)

    def register(self, on: str, *, by: str, program_manager: str, portfolio_on: str = "", **facts: Any) -> None:
        """The project is registered; ingrid answers for it. A template is given by its code."""
        words: dict[str, Any] = {
            name: self.told(value) if isinstance(value, str) else value for name, value in facts.items()
        }
        for name in ("planned_start", "planned_end"):
            if name in words:
                words[name] = self.calendar.day(words[name])
        if portfolio_on:
            words |= {"portfolio_date": self.calendar.day(portfolio_on), "portfolio_outcome": "approved"}

        def do(now: datetime) -> None:
            if "template" in words:
                words["template"] = ChangeTemplate.objects.get(code=words["template"])
            self._project = projects.create(
                by=self.who(by),
                facts=ProjectFacts(**words),
                solution_manager=self.who("ingrid"),
                program_manager=self.who(program_manager),
                now=now,
                code=self.code,
            )

        self.tell(on, "is registered", do)
        self._acknowledged(on, ["ingrid", program_manager])

    def people(self, on: str, by: str, held: Mapping[str, str]) -> None:
        """People are named to roles, e.g. ``{"R-DEV": "tomasz leila"}``, and acknowledge them the next morning."""
        for role, keys in held.items():
            for key in keys.split():

                def do(now: datetime, role: str = role, key: str = key) -> None:
                    roles.assign(project_id=self.project.pk, by=self.who(by), role=role, person=self.who(key), now=now)

                self.tell(on, f"{key} becomes {role}", do)
        self._acknowledged(on, list(dict.fromkeys(key for keys in held.values() for key in keys.split())))

    def _acknowledged(self, on: str, keys: list[str]) -> None:
        def do(now: datetime) -> None:
            for waiting in self.project.roles.filter(
                acknowledged_at__isnull=True, user__in=[self.who(key) for key in keys]
            ):
                roles.acknowledge(assignment_id=waiting.pk, by=waiting.user, now=now)

        self.timeline.add(self.calendar.at(on) + timedelta(minutes=25), f"{self.code}: roles are acknowledged", do)

    def role_ends(self, on: str, by: str, role: str, key: str) -> None:
        def do(now: datetime) -> None:
            held = self.project.roles.get(role=role, user=self.who(key), ends_on__isnull=True)
            roles.end(assignment_id=held.pk, by=self.who(by), now=now)

        self.tell(on, f"{key} is {role} no more", do)

    def need(self, on: str, by: str, kind: str, text: str) -> None:
        """A business, user, operational or system requirement is recorded."""
        self.tell(
            on,
            "a requirement is recorded",
            lambda now: requirements.add(
                project_id=self.project.pk, by=self.who(by), kind=kind, text=self.told(text), now=now
            ),
        )

    def row(
        self,
        on: str,
        what: str,
        add: Callable[..., object],
        by: str,
        *,
        people: Mapping[str, str] | None = None,
        days: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        """A register gets a row, by its own action.

        Args:
            what: what is said of it when the story is played, e.g. ``a risk``.
            people: arguments of the action that are persons, by their key in the cast.
            days: arguments that are days of the story.
            values: its other arguments; a function is given the project when the row is written.
        """

        def do(now: datetime) -> None:
            given = {name: self.told(value) if isinstance(value, str) else value for name, value in values.items()}
            given |= {name: value(self.project) for name, value in given.items() if callable(value)}
            given |= {name: self.who(key) for name, key in (people or {}).items()}
            given |= {name: self.calendar.day(day) for name, day in (days or {}).items()}
            add(project_id=self.project.pk, by=self.who(by), now=now, **given)

        self.tell(on, f"{what} is recorded", do)

    def done(
        self, on: str, what: str, do: Callable[..., object], by: str, row: Callable[[Project], Any], **values: Any
    ) -> None:
        """Something is done with a row of a register, found by ``row(project)``."""

        def act(now: datetime) -> None:
            given = {name: self.told(value) if isinstance(value, str) else value for name, value in values.items()}
            do(row(self.project), by=self.who(by), now=now, **given)

        self.tell(on, what, act)

    def signs(self, on: str, topic: str, sides: Mapping[str, str]) -> None:
        """A statement is signed, e.g. ``{"team": "leila", "customer": "aroha"}``."""
        for side, key in sides.items():

            def do(now: datetime, side: str = side, key: str = key) -> None:
                asked = Board(self.project).signing(topic, side)
                if asked is None:
                    raise LookupError(f"{topic}, {side}")
                by = self.who(key)
                statements.sign(
                    project_id=self.project.pk,
                    by=by,
                    topic=topic,
                    side=side,
                    digest=asked.digest,
                    proof=unauthenticated_demo(by),
                    now=now,
                )

            self.tell(on, f"{key} signs {topic}", do)

    def owners_sign(self, on: str) -> None:
        """Every owner of a feature signs the functional specification."""

        def do(now: datetime) -> None:
            for each in Board(self.project, [STATEMENTS["specification"]]).standings[0].sides:
                if each.side.person is not None:
                    statements.sign(
                        project_id=self.project.pk,
                        by=each.holders[0],
                        topic="specification",
                        side=each.side.code,
                        digest=each.digest,
                        proof=unauthenticated_demo(each.holders[0]),
                        now=now,
                    )

        self.tell(on, "feature owners sign the specification", do)

    def candidate(self, on: str, by: str, ref: str, contents: str = "", *, built: str = "") -> None:
        """A release candidate is named; built on that very day unless told otherwise."""
        self.row(
            on, f"candidate {ref}", candidates.add, by, ref=ref, contents=contents, days={"built_on": built or on[:10]}
        )

    def move(self, on: str, name: str, by: str, reason: str = "") -> None:
        self.tell(
            on,
            name,
            lambda now: stages.move(
                project_id=self.project.pk, by=self.who(by), name=name, now=now, reason=self.told(reason)
            ),
        )

    def outcomes(self, on: str, by: str, seen: Mapping[str, str], *, confirmed: bool = True) -> None:
        """Outcomes of the present stage are confirmed, or not, with what shows it."""
        for outcome, evidence in seen.items():

            def do(now: datetime, outcome: str = outcome, evidence: str = evidence) -> None:
                stages.confirm_outcome(
                    project_id=self.project.pk,
                    by=self.who(by),
                    outcome=outcome,
                    confirmed=confirmed,
                    evidence=self.told(evidence),
                    now=now,
                )

            self.tell(on, f"outcome {outcome}", do)

    def planned(self, on: str, by: str, kind: str, owner: str, due: str) -> None:
        """An artifact has an owner and a due date."""
        self.tell(
            on,
            f"{kind} is planned",
            lambda now: artifacts.plan(
                project_id=self.project.pk,
                kind=kind,
                by=self.who(by),
                owner=self.who(owner),
                due_on=self.calendar.day(due),
                now=now,
            ),
        )

    def recategorise(self, on: str, category: str, by: str, reason: str, **facts: str) -> None:
        """The project is of another change category from here on, with the reason on record."""

        def do(now: datetime) -> None:
            project = Project.objects.get(pk=self.project.pk)
            told: dict[str, Any] = {name: self.told(value) for name, value in facts.items()}
            projects.edit(
                project_id=project.pk,
                by=self.who(by),
                facts=replace(ProjectFacts.of(project), category=category, **told),
                version=project.version,
                now=now,
                reason=self.told(reason),
            )

        self.tell(on, f"becomes {category}", do)

    def not_applicable(
        self, on: str, kind: str, *, by: str, reason: str, refused: str, refused_by: str, why_not: str
    ) -> None:
        """Somebody asks that an artifact be declared not applicable, and another person refuses."""
        self.tell(
            on,
            f"{kind} is said not to apply",
            lambda now: artifacts.ask_not_applicable(
                project_id=self.project.pk, kind=kind, by=self.who(by), reason=reason, now=now
            ),
        )
        self.tell(
            refused,
            f"{kind} does apply",
            lambda now: artifacts.refuse_not_applicable(
                project_id=self.project.pk, kind=kind, by=self.who(refused_by), reason=why_not, now=now
            ),
        )

    def papers(self, name: str, *, planned: str = "", by: str = "") -> None:
        """The documents of this file are written, submitted and approved on their days.

        Args:
            planned, by: when and by whom each kind gets its owner and its due date; nobody does when empty.
        """
        documents = paper.documents(name)
        for document in documents:
            self.write(document)
        if planned:
            self.tell(planned, "artifacts are planned", partial(self._plan, documents, self.who(by)))

    def _plan(self, documents: list[Document], by: User, now: datetime) -> None:
        for document in documents:
            if document.kind in self.has_owner or not ARTIFACT_KINDS[document.kind].at:
                continue
            self.has_owner.add(document.kind)
            artifacts.plan(
                project_id=self.project.pk,
                kind=document.kind,
                by=by,
                owner=self.who(document.author),
                due_on=self.calendar.day((document.approved or document.written)[:10]),
                now=now,
            )

    def write(self, document: Document) -> None:
        """One document is written, and approved by another person where the story says so."""
        name = f"{document.kind} {document.label}"
        place = int(document.kind.removeprefix("ART-"))
        written = self._moment(document.written, 8 * 60 + place * 7)  # not all at the same minute

        def write(now: datetime) -> None:
            self.versions[document.kind, document.label] = artifacts.add_version(
                project_id=self.project.pk,
                kind=document.kind,
                by=self.who(document.author),
                content=self._content(document),
                label=document.label,
                note=self.told(document.note),
                now=now,
            )

        self.timeline.add(written, f"{self.code}: {name} is written", write)
        if document.kind in PARTS and document.submitted:
            self.timeline.add(written, f"{self.code}: {name} has its parts", partial(self._parts, document))
        if not document.submitted:
            return
        version = (document.kind, document.label)
        self.timeline.add(
            written + timedelta(minutes=1 if " " in document.written else 20),
            f"{self.code}: {name} is submitted",
            lambda now: artifacts.submit(
                project_id=self.project.pk,
                version_id=self.versions[version].pk,
                by=self.who(document.author),
                now=now,
            ),
        )
        if not document.approver:
            return
        approved = self._moment(document.approved, 9 * 60 + place * 5)
        if " " not in document.approved:
            approved = max(approved, written + timedelta(minutes=30))
        self.timeline.add(
            approved,
            f"{self.code}: {name} is approved",
            lambda now: artifacts.approve(
                project_id=self.project.pk,
                version_id=self.versions[version].pk,
                by=self.who(document.approver),
                now=now,
            ),
        )

    def _parts(self, document: Document, now: datetime) -> None:
        parts.check(
            project_id=self.project.pk,
            version_id=self.versions[document.kind, document.label].pk,
            by=self.who(document.author),
            parts=[part.code for part in PARTS[document.kind].parts],
            now=now,
        )

    def _moment(self, on: str, minutes: int) -> datetime:
        """The moment given, or so many minutes into the day when only a day is."""
        return self.calendar.at(on) if " " in on else self.calendar.at(f"{on} 00:00") + timedelta(minutes=minutes)

    def _content(self, document: Document) -> Content:
        if document.medium == "text":
            return Content(text=self.told(document.text))
        body = (
            paper.typeset(document, artifact_name(document.kind), self.calendar)
            if document.medium == "pdf"
            else self.told(document.text).encode()
        )
        return Content(
            file=ContentFile(body, name=document.filename),
            filename=document.filename,
            content_type=TYPES[document.filename.rpartition(".")[2]],
        )
