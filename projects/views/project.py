"""A project's own page: where it stands, what is missing, what was decided, who is on it."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import ledger, lifecycle, retrospective, sentences
from projects.access import Seat, project_for, seat
from projects.blocker import Blocker
from projects.catalog.artifacts import GATE_NAMES, GATES
from projects.catalog.categories import PROFILES, required_artifacts
from projects.catalog.disciplines import discipline_name
from projects.catalog.roles import role_name
from projects.frame import frame
from projects.holders import holders
from projects.models import Artifact, ArtifactStatus, Category, LedgerEntry, Project, Stage, Status, TemplateRun, User
from projects.ports import RoundOpening, RoundSummary, ports
from projects.requests import PersonalRequest

LATEST = 6


@require_safe
def project(request: PersonalRequest, code: str) -> HttpResponse:
    """The whole of one project on one page.

    What is shown is worked out when the template asks for it: while the head of the project's chain is the same, the
    template takes what it rendered last time (docs/decisions/pages-by-ledger.md).
    """
    now = timezone.now()
    shown = project_for(request.user, code)
    place = seat(request.user, shown)
    dossier = Dossier(place, now)
    context = {
        **frame(place, here="project", now=now, rounds=SimpleLazyObject(lambda: dossier.rounds)),  # type: ignore[arg-type]  # a lazy object stands for its value
        "head": ledger.head(shown),
        "dossier": dossier,
        "actions": _actions(place),
    }
    return render(request, "projects/project.html", context)


class Dossier:
    """What the page tells about the project, each part read when it is first asked for."""

    def __init__(self, place: Seat, now: datetime) -> None:
        self.place, self.project, self.now = place, place.project, now
        self.step = None if place.project.status == Status.CANCELLED else lifecycle.next_move(place.project)

    @cached_property
    def rounds(self) -> list[RoundSummary]:
        return ports.rounds(self.project, self.now)

    @cached_property
    def openings(self) -> list[RoundOpening]:
        """Where a round may be prepared; nothing while one is open, and none of a project that was cancelled."""
        ended = self.project.status == Status.CANCELLED
        return [] if ended or any(each.is_open for each in self.rounds) else ports.openings(self.project)

    @cached_property
    def record_due(self) -> dict[str, Any] | None:
        """The clock of an emergency's record, while it runs."""
        due = retrospective.record_due(self.project)
        return {"on": due, "overdue": due < timezone.localdate(self.now)} if due else None

    @cached_property
    def readiness_title(self) -> str:
        return _("Between this project and %(stage)s") % {"stage": Stage(self.step.target).label} if self.step else ""

    @cached_property
    def blockers(self) -> list[Blocker]:
        return lifecycle.blockers(self.project, self.step, self.now) if self.step else []

    @cached_property
    def step_action(self) -> dict[str, Any] | None:
        return _step_action(self.place, self.step)

    @cached_property
    def back_moves(self) -> list[lifecycle.Move]:
        return [move for move in lifecycle.moves_from(self.project.stage) if move.back] if self.place.manages else []

    @cached_property
    def verbs(self) -> list[dict[str, str]]:
        return _verbs(self.place)

    @cached_property
    def artifact_groups(self) -> list[dict[str, Any]]:
        return _artifact_groups(self.project)

    @cached_property
    def standard(self) -> "StandardWay | None":
        return StandardWay(self.place) if self.project.category == Category.STANDARD else None

    @cached_property
    def holders(self) -> list[tuple[str, list[User]]]:
        people = holders(self.project)
        return [(role_name(role), people[role]) for role in sorted(people, key=role_name)]

    @cached_property
    def facts(self) -> list[tuple[str, object]]:
        return _facts(self.project)

    @cached_property
    def latest(self) -> list[dict[str, Any]]:
        return _latest(self.project)


class StandardWay:
    """What remains of a standard change, in one panel; all of it is done on one page."""

    def __init__(self, place: Seat) -> None:
        self.project, self.template = place.project, place.project.template
        self.url = reverse("standard_way", args=[self.project.code])

    @cached_property
    def tasks(self) -> list[dict[str, object]]:
        project = self.project
        status = dict(project.artifacts.filter(kind__in=("ART-11", "ART-36")).values_list("kind", "status"))
        run = TemplateRun.objects.filter(project=project).first()
        steps, done = len(self.template.step_list()) if self.template else 0, project.standardsteps.count()
        how = _("How it went is on record")
        if run is not None and not run.succeeded:
            how = _("It failed, and the template was suspended: %(note)s") % {"note": run.note}
        return [
            _task(_("Documents of the template are approved"), _settled(status)),
            _task(_("The plan is approved"), project.plan_approved_at is not None),
            _task(_("The release is ready"), project.release_ready_at is not None),
            _task(_("Steps done: %(done)d of %(steps)d") % {"done": done, "steps": steps}, done >= steps),
            _task(how, run is not None),
            _task(_("The project is closed"), project.stage == Stage.CLOSED),
        ]


def _task(text: str, done: bool) -> dict[str, object]:
    return {"state": "done" if done else "open", "word": _("Done") if done else _("Open"), "text": text}


def _settled(status: dict[str, str]) -> bool:
    settled = (ArtifactStatus.APPROVED, ArtifactStatus.NOT_APPLICABLE)
    return len(status) == 2 and all(each in settled for each in status.values())


def _actions(place: Seat) -> list[dict[str, str]]:
    if not (place.manages and place.project.status == Status.ACTIVE):
        return []
    return [{"label": _("Edit"), "icon": "pencil", "url": reverse("project_edit", args=[place.project.code])}]


def _step_action(place: Seat, step: lifecycle.Move | None) -> dict[str, Any] | None:
    """The way to take the step, for whoever may take it."""
    if step is None or not (place.directs if step.director else place.manages):
        return None
    return {"label": step.label, "url": reverse("move", args=[place.project.code, step.name]), "icon": "arrow-right"}


def _verbs(place: Seat) -> list[dict[str, str]]:
    """What can be done with the project as a whole, in its present status, by this person."""
    status, code = place.project.status, place.project.code
    found = []
    if place.directs and status == Status.ACTIVE and place.project.stage == Stage.REGISTERED:
        found.append(
            {"label": _("Registered part-way"), "icon": "box-arrow-in-right", "url": reverse("part_way", args=[code])}
        )
    if place.manages and status == Status.ACTIVE:
        found.append(
            {"label": _("Put on hold"), "icon": "pause-fill", "url": reverse("project_status", args=[code, "hold"])}
        )
    if place.manages and status == Status.ON_HOLD:
        found.append(
            {"label": _("Resume"), "icon": "play-fill", "url": reverse("project_status", args=[code, "resume"])}
        )
    if place.directs and status in (Status.ACTIVE, Status.ON_HOLD):
        found.append(
            {
                "label": _("Cancel the project"),
                "icon": "x-octagon",
                "url": reverse("project_status", args=[code, "cancel"]),
            }
        )
    return found


def _artifact_groups(project: Project) -> list[dict[str, Any]]:
    """For each gate: how many of the artifacts that the category's profile asks for are settled. One query."""
    status = dict(Artifact.objects.filter(project=project).values_list("kind", "status"))
    found = []
    for gate in GATES:
        wanted = required_artifacts(
            project.category,
            gate,
            conversion_applies=project.conversion_applies,
            role_segregation=project.role_segregation,
        )
        if not wanted:
            continue
        counts = Counter(status.get(kind, ArtifactStatus.NOT_STARTED) for kind in wanted)
        settled = counts[ArtifactStatus.APPROVED] + counts[ArtifactStatus.NOT_APPLICABLE]
        found.append(
            {
                "name": GATE_NAMES[gate],
                "settled": settled,
                "wanted": len(wanted),
                "text": _("%(settled)d of %(wanted)d approved") % {"settled": settled, "wanted": len(wanted)},
                "in_review": counts[ArtifactStatus.IN_REVIEW],
            }
        )
    return found


def _facts(project: Project) -> list[tuple[str, object]]:
    applies = {None: _("not answered yet"), True: _("applies"), False: _("does not apply")}
    cost = f"{project.planned_cost:,.2f} {project.currency}".strip() if project.planned_cost is not None else ""
    portfolio = ", ".join(
        filter(
            None,
            (
                project.portfolio_ref,
                _day(project.portfolio_date) if project.portfolio_date else "",
                project.portfolio_outcome,
            ),
        )
    )
    return [
        (_("Description"), project.description),
        (_("Management's goals and intents"), project.intents),
        (_("Nature of the change"), project.category_nature),
        (_("Size of the change"), project.category_size),
        *([(_("Change template"), project.template_basis)] if project.template_basis else []),
        (_("Rigor"), PROFILES[project.category].summary),
        (_("Data or system conversion"), applies[project.conversion_applies]),
        (_("Segregation of roles"), _("needed") if project.role_segregation else _("not asked for")),
        (_("Management discipline"), discipline_name(project.methodology)),
        (_("Portfolio review"), portfolio),
        (_("Planned"), _planned(project)),
        (_("Planned cost"), cost),
        (_("Reference in the source system"), project.external_ref),
    ]


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def _planned(project: Project) -> str:
    start, end = project.planned_start, project.planned_end
    if start and end:
        return _("%(start)s to %(end)s") % {"start": _day(start), "end": _day(end)}
    if start:
        return _("from %(date)s") % {"date": _day(start)}
    return _("until %(date)s") % {"date": _day(end)} if end else ""


def _latest(project: Project) -> list[dict[str, Any]]:
    """The newest entries of the project's chain. One query."""
    entries = LedgerEntry.objects.filter(stream__project=project).order_by("-seq")[:LATEST]
    found = []
    for entry in entries:
        told = sentences.tell(entry)
        found.append({"at": entry.occurred_at, "who": told.who, "sentence": told.sentence})
    return found
