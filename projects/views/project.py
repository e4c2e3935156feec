"""A project's own page: where it stands, what is missing, what was decided, who is on it."""

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import lifecycle, sentences
from projects.access import Seat, project_for, seat
from projects.catalog.artifacts import GATE_NAMES, GATES
from projects.catalog.categories import PROFILES, required_artifacts
from projects.catalog.disciplines import discipline_name
from projects.catalog.roles import role_name
from projects.frame import frame
from projects.models import Artifact, ArtifactStatus, LedgerEntry, Project, Stage, Status
from projects.ports import ports
from projects.requests import PersonalRequest

LATEST = 6


@require_safe
def project(request: PersonalRequest, code: str) -> HttpResponse:
    """The whole of one project on one page, with a fixed number of queries for each stage."""
    now = timezone.now()
    shown = project_for(request.user, code)
    place = seat(request.user, shown)
    rounds = ports.rounds(shown, now)
    step = lifecycle.next_move(shown)
    people = lifecycle.holders(shown)
    context = {
        **frame(place, here="project", now=now, rounds=rounds),
        "step": step,
        "readiness_title": _("Between this project and %(stage)s") % {"stage": Stage(step.target).label}
        if step
        else "",
        "blockers": lifecycle.blockers(shown, step, now) if step else [],
        "step_action": _step_action(place, step),
        "back_moves": [move for move in lifecycle.moves_from(shown.stage) if move.back] if place.manages else [],
        "rounds": rounds,
        "openings": []
        if any(not each.decision and each.state != "withdrawn" for each in rounds)
        else ports.openings(shown),
        "artifact_groups": _artifact_groups(shown),
        "holders": [(role_name(role), people[role]) for role in sorted(people, key=role_name)],
        "facts": _facts(shown),
        "verbs": _verbs(place),
        "latest": _latest(shown),
        "actions": [{"label": _("Edit"), "icon": "pencil", "url": reverse("project_edit", args=[code])}]
        if place.manages and shown.status == Status.ACTIVE
        else [],
    }
    return render(request, "projects/project.html", context)


def _step_action(place: Seat, step: lifecycle.Move | None) -> dict[str, Any] | None:
    """The way to take the step, for whoever may take it."""
    if step is None or not (place.directs if step.director else place.manages):
        return None
    return {"label": step.label, "url": reverse("move", args=[place.project.code, step.name]), "icon": "arrow-right"}


def _verbs(place: Seat) -> list[dict[str, str]]:
    """What can be done with the project as a whole, in its present status, by this person."""
    status, code = place.project.status, place.project.code
    found = []
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
