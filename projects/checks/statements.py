"""Signed statements: which a project needs, what each is about now, who has signed it and whether that still counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.catalog.artifacts import Gate as CatalogGate
from projects.catalog.artifacts import artifact_name
from projects.catalog.categories import required_artifacts
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.catalog.statements import STATEMENTS, Side, Topic
from projects.checks.wanted import absent
from projects.digests import canonical, digest
from projects.holders import holders
from projects.models import ArtifactVersion, Feature, Gate, Opportunity, Project, Stage, Statement, User


@dataclass(frozen=True)
class Signing:
    """One side of one statement: what it signs now, by whom it was signed, on what it was signed before.

    Args:
        body: canonical JSON of what is signed; "" while something that it is about is not there yet.
        signed: the signature that counts now.
        superseded: the newest one that was given on other content.
        holders: who may sign for this side.
    """

    topic: Topic
    side: Side
    body: str
    signed: Statement | None
    superseded: Statement | None
    holders: tuple[User, ...]

    @property
    def digest(self) -> str:
        return digest(self.body) if self.body else ""

    @property
    def state(self) -> str:
        """A value of the look ``signature``."""
        if self.signed:
            return "valid"
        return "superseded" if self.superseded else "waiting"

    @property
    def waited_for(self) -> str:
        if self.holders:
            return ", ".join(map(str, self.holders))
        if self.side.person is not None:
            return _("holds no role any more: give the feature to somebody else")
        return _("nobody yet: name a %(role)s") % {"role": role_name(self.side.roles[0])}


@dataclass(frozen=True)
class Standing:
    """One statement of a project.

    Args:
        wanted: whether the rigor profile asks for it.
        about: what it is about, in words.
        missing: what it is about and is not there yet, in words.
        is_past: the project has left the stage whose exit asked for it; asked again only if it comes back.
    """

    topic: Topic
    wanted: bool
    about: list[str]
    missing: list[str]
    is_past: bool
    sides: list[Signing]


class Board:
    """The statements of a project as they stand. At most nine queries, whatever has been signed."""

    def __init__(self, project: Project, topics: Iterable[Topic] = STATEMENTS.values()) -> None:
        self.project = project
        self.topics = list(topics)

    @cached_property
    def _versions(self) -> dict[str, ArtifactVersion]:
        """The newest approved version of each kind."""
        kinds = {kind for topic in self.topics for kind in topic.of}
        found = ArtifactVersion.objects.filter(
            artifact__project=self.project, artifact__kind__in=kinds, approved_at__isnull=False
        )
        return {version.artifact.kind: version for version in found.select_related("artifact").order_by("number")}

    @cached_property
    def _not_applicable(self) -> set[str]:
        return absent(self.project)

    @cached_property
    def _candidate(self) -> str:
        """The candidate that a go holds for, while one does; before, the newest one."""
        open_passes = self.project.gate_passes.filter(gate=Gate.RELEASE, revoked_at__isnull=True)
        approved = open_passes.values_list("candidate", flat=True).first()
        return approved or self.project.releasecandidates.order_by("-id").values_list("ref", flat=True).first() or ""

    @cached_property
    def _deployed(self) -> list[tuple[str, str, str]]:
        ended = self.project.deployments.exclude(result="").order_by("id")
        return list(ended.values_list("site", "candidate", "result"))

    @cached_property
    def _requirements(self) -> list[tuple[str, str, str]]:
        return list(self.project.requirements.order_by("id").values_list("kind", "ref", "text"))

    @cached_property
    def _nothing_found(self) -> list[str]:
        """Where somebody looked for opportunities in vain; empty as soon as one is listed (SEED-59)."""
        rows = list(self.project.opportunitys.order_by("id").values_list("kind", "text"))
        none = Opportunity.Kind.NONE_FOUND
        return [] if any(kind != none for kind, _text in rows) else [text for _kind, text in rows]

    @cached_property
    def _owners(self) -> list[User]:
        """Who owns a feature that is not deferred, by name."""
        kept = self.project.features.exclude(status=Feature.Status.DEFERRED)
        return list(User.objects.filter(pk__in=kept.values("owner")))

    @cached_property
    def _signed(self) -> list[Statement]:
        return list(self.project.statements.select_related("created_by").order_by("id"))

    @cached_property
    def _holders(self) -> dict[str, list[User]]:
        return holders(self.project)

    @cached_property
    def standings(self) -> list[Standing]:
        return [self._standing(topic) for topic in self.topics]

    def signing(self, topic: str, side: str) -> Signing | None:
        """The one side of the one statement; None when there is no such thing."""
        for standing in self.standings:
            for each in standing.sides:
                if (each.topic.code, each.side.code) == (topic, side):
                    return each
        return None

    def wanted(self, topic: Topic) -> bool:
        asked = required_artifacts(
            self.project.category,
            topic.gate,
            conversion_applies=self.project.conversion_applies,
            role_segregation=self.project.role_segregation,
        )
        if topic.asked_with not in asked or topic.asked_with in self._not_applicable:
            return False
        return not topic.nothing_found or bool(self._nothing_found)

    def _standing(self, topic: Topic) -> Standing:
        about, words, missing = self._about(topic)
        sides = [
            self._side(topic, side, "" if missing else self._body(topic, side, about)) for side in self._sides(topic)
        ]
        stages = list(STAGES)
        now = stages.index(self.project.stage) if self.project.stage in stages else None
        left = self.project.stage == Stage.CLOSED or (now is not None and now > stages.index(topic.stage))
        return Standing(topic, self.wanted(topic), words, missing, left, sides)

    def _sides(self, topic: Topic) -> list[Side]:
        if not topic.owners or not self._owners:
            return list(topic.sides)
        owners = [
            Side(f"owner-{owner.pk}", _("Feature owner %(person)s") % {"person": owner}, (), person=owner.pk)
            for owner in self._owners
        ]
        return [*owners, *(side for side in topic.sides if side.code != "team")]

    def _about(self, topic: Topic) -> tuple[dict[str, Any], list[str], list[str]]:
        """What the statement is about as it is signed and as it is told, and what of it is not there yet."""
        about: dict[str, Any] = {}
        words: list[str] = []
        missing: list[str] = []
        for kind in topic.of:
            version = self._versions.get(kind)
            if version is not None:
                about[kind] = {"version": version.label, "number": version.number, "digest": version.digest}
                words.append(
                    _("%(artifact)s, version %(label)s") % {"artifact": artifact_name(kind), "label": version.label}
                )
            elif kind not in self._not_applicable:
                missing.append(_("an approved version of %(artifact)s") % {"artifact": artifact_name(kind)})
        if topic.candidate:
            if self._candidate:
                about["candidate"] = self._candidate
                words.append(_("release candidate %(ref)s") % {"ref": self._candidate})
            else:
                missing.append(_("a release candidate"))
        if topic.deployments:
            about["deployed"] = [
                {"site": site, "candidate": candidate, "result": result} for site, candidate, result in self._deployed
            ]
            words += [f"{site}: {candidate}, {result}" for site, candidate, result in self._deployed]
        if topic.nothing_found:
            about["looked"] = self._nothing_found if self.wanted(topic) else []
            words += about["looked"]
            if not about["looked"]:
                missing.append(_("“None found”, and nothing else, in the register of opportunities"))
        for kind in topic.requirements:
            about[f"requirements, {kind}"] = [
                {"ref": ref, "text": text} for of_kind, ref, text in self._requirements if of_kind == kind
            ]
            words += [f"{ref}: {text}" for of_kind, ref, text in self._requirements if of_kind == kind]
        return about, words, missing

    def _body(self, topic: Topic, side: Side, about: dict[str, Any]) -> str:
        return canonical(
            {
                "project": self.project.code,
                "statement": topic.code,
                "text": topic.text,
                "for": side.name,
                "about": about,
            }
        )

    def _side(self, topic: Topic, side: Side, body: str) -> Signing:
        given = [each for each in self._signed if (each.topic, each.side) == (topic.code, side.code)]
        now = digest(body) if body else ""
        signed = next((each for each in given if each.digest == now), None)
        older = given[-1] if given and signed is None else None
        people = {
            person.pk: person
            for role in side.roles or self._holders
            for person in self._holders.get(role, [])
            if side.person in (None, person.pk) and not (side.not_team and self._on_team(person))
        }
        return Signing(topic, side, body, signed, older, tuple(people.values()))

    def _on_team(self, person: User) -> bool:
        return any(person in people for role, people in self._holders.items() if role.startswith("R-"))


def blockers(project: Project, gate: CatalogGate, now: datetime) -> list[Blocker]:
    """Statements that the profile asks for at this gate and that are not signed for every side."""
    board = Board(project, [topic for topic in STATEMENTS.values() if topic.gate == gate])
    board.topics = [topic for topic in board.topics if board.wanted(topic)]
    return [
        _blocker(project, standing, each)
        for standing in board.standings
        for each in standing.sides
        if each.signed is None
    ]


def _blocker(project: Project, standing: Standing, each: Signing) -> Blocker:
    text = {
        "waiting": _("Not signed for %(side)s: %(title)s."),
        "superseded": _("Signed for %(side)s on other content, to be signed anew: %(title)s."),
    }[each.state]
    needs = _(" It needs %(missing)s first.") % {"missing": ", ".join(standing.missing)} if standing.missing else ""
    return Blocker(
        code="statement.not_signed",
        text=text % {"side": each.side.name, "title": each.topic.title} + needs,
        owner=each.waited_for,
        url=reverse("statements", args=[project.code]) + f"#{each.topic.code}",
    )
