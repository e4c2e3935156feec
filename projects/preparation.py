"""How far operations and support people are prepared for the release: a checklist from Planning onward (SEED-37)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.catalog.artifacts import ARTIFACT_KINDS, Gate
from projects.catalog.categories import required_artifacts
from projects.catalog.roles import role_name
from projects.escalation import escalation_list, told_words
from projects.holders import holders
from projects.models import Artifact, ArtifactStatus, Project, Stage, Training

BEGINS = (Stage.PLANNING, Stage.BUILD, Stage.STABILIZE, Stage.DEPLOY, Stage.CLOSED)
STATE_WORDS: Mapping[str, Promise] = {
    "done": gettext_lazy("Done"),
    "open": gettext_lazy("Open"),
    "not_asked": gettext_lazy("Not asked for"),
}


@dataclass(frozen=True)
class Line:
    """One thing to prepare. Args: state: done, open or not_asked; words: how things stand; url: where it is mended."""

    title: str
    state: str
    words: str
    url: str

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])


@dataclass(frozen=True)
class Part:
    """Lines that belong together."""

    title: str
    lines: tuple[Line, ...]


def has_begun(project: Project) -> bool:
    """The checklist is kept from Planning onward."""
    return project.stage in BEGINS


def checklist(project: Project) -> list[Part]:
    """Everything that operations and support need before the release, each done or open; eight queries."""
    artifacts = {row.kind: row for row in project.artifacts.filter(kind__in=("ART-16", "ART-35"))}
    return [
        Part(_("Training"), (_document(project, artifacts, "plan", "ART-16"), *_people(project, artifacts))),
        Part(_("Guide and named support"), (_document(project, artifacts, "release", "ART-35"), *_support(project))),
        Part(
            _("Agreements, contacts and procedures"),
            (_agreements(project), _contacts(project), _procedures(project)),
        ),
    ]


def _asks(project: Project, gate: Gate, kind: str) -> bool:
    return kind in required_artifacts(
        project.category,
        gate,
        conversion_applies=project.conversion_applies,
        role_segregation=project.role_segregation,
    )


def _document(project: Project, artifacts: Mapping[str, Artifact], gate: Gate, kind: str) -> Line:
    """Whether a document is approved, asked for or agreed not to apply."""
    found = artifacts.get(kind)
    status = ArtifactStatus(found.status if found else ArtifactStatus.NOT_STARTED)
    if status == ArtifactStatus.APPROVED:
        state = "done"
    elif status == ArtifactStatus.NOT_APPLICABLE or (
        status == ArtifactStatus.NOT_STARTED and not _asks(project, gate, kind)
    ):
        state = "not_asked"
    else:
        state = "open"
    return Line(ARTIFACT_KINDS[kind].name, state, str(status.label), reverse("artifact", args=[project.code, kind]))


def _people(project: Project, artifacts: Mapping[str, Artifact]) -> Iterator[Line]:
    """One line for each person and what is learned (SEED-97)."""
    url = reverse("register", args=[project.code, "training"])
    rows = list(project.trainings.filter(dropped_at__isnull=True).select_related("person"))
    if not rows:
        plan = artifacts.get("ART-16")
        asked = _asks(project, "plan", "ART-16") and (plan is None or plan.status != ArtifactStatus.NOT_APPLICABLE)
        yield Line(_("People trained"), "open" if asked else "not_asked", _("Nobody is recorded."), url)
    yield from (Line(str(row), row.state, _trained(row), url) for row in rows)


def _trained(row: Training) -> str:
    if row.done_on:
        return _("trained on %(day)s") % {"day": date_format(row.done_on, "j M Y")}
    return _("planned for %(day)s") % {"day": date_format(row.planned_on, "j M Y")}


def _support(project: Project) -> Iterator[Line]:
    """Primary and secondary support, by name."""
    people = holders(project)
    for role in ("P-SUP1", "P-SUP2"):
        names = ", ".join(map(str, people.get(role, ())))
        url = reverse("roles", args=[project.code])
        yield Line(role_name(role), "done" if names else "open", names or _("Nobody is named."), url)


def _counted(project: Project, title: str, register: str, states: Iterable[str], kind: str) -> Line:
    """A register of which every row is to be in order."""
    known = list(states)
    good = known.count("done")
    if known:
        state = "done" if good == len(known) else "open"
        words = _("%(good)d of %(all)d in order") % {"good": good, "all": len(known)}
    else:
        state = "open" if _asks(project, "release", kind) else "not_asked"
        words = _("Nothing is recorded.")
    return Line(title, state, words, reverse("register", args=[project.code, register]))


def _agreements(project: Project) -> Line:
    rows = project.agreements.filter(dropped_at__isnull=True)
    return _counted(project, _("Agreements and contracts"), "agreements", (row.state for row in rows), "ART-43")


def _procedures(project: Project) -> Line:
    rows = project.procedures.filter(dropped_at__isnull=True)
    return _counted(project, _("Administrative procedures"), "procedures", (row.state for row in rows), "ART-45")


def _contacts(project: Project) -> Line:
    known = escalation_list(project)
    url = reverse("register", args=[project.code, "contacts"])
    title = _("Escalation contacts told")
    if not known.count:
        state = "open" if _asks(project, "release", "ART-44") else "not_asked"
        return Line(title, state, _("Nobody is on the list."), url)
    return Line(title, "done" if known.is_known else "open", told_words(known.told), url)
