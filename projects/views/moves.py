"""Taking a project to its next stage or back, and putting it on hold, resuming, cancelling it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects import lifecycle
from projects.access import Seat, project_for, seat
from projects.actions import projects as actions
from projects.actions import stages
from projects.actions.projects import ReasonMissing
from projects.blocker import NotAllowed, Refused
from projects.forms.artifacts import ReasonForm
from projects.frame import frame
from projects.models import Gate, Project, Stage, Status
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PersonalRequest, code: str, name: str) -> HttpResponse:
    """One step of the lifecycle: a page that says what it means and what is missing, then the step itself."""
    if name not in lifecycle.MOVES:
        raise Http404
    place = seat(request.user, project_for(request.user, code))
    step = lifecycle.MOVES[name]
    if request.method != "POST":
        if not _may_take(place, step):
            return refusal_page(request, _nobody_but(step), back=place.project.get_absolute_url())
        return _move_page(request, place, step)
    form = ReasonForm(request.POST)
    reason = request.POST.get("reason", "")
    try:
        moved = stages.move(project_id=place.project.pk, by=request.user, name=name, reason=reason, now=timezone.now())
    except NotAllowed as refused:
        return refusal_page(request, refused, back=place.project.get_absolute_url())
    except ReasonMissing as refused:
        return _move_page(request, place, step, form=form, status=status_of(refused))
    except Refused as refused:
        return _move_page(request, place, step, form=form, refusal=refused, status=status_of(refused))
    messages.success(request, _("The project is now in %(stage)s.") % {"stage": Stage(moved.stage).label})
    return redirect("project", code)


def _may_take(place: Seat, step: lifecycle.Move) -> bool:
    return place.directs if step.director else place.manages


def _nobody_but(step: lifecycle.Move) -> NotAllowed:
    if step.director:
        return NotAllowed(_("This step is taken by a solution manager."))
    return NotAllowed(_("This step is taken by the program manager or a solution manager."))


def _move_page(
    request: PersonalRequest,
    place: Seat,
    step: lifecycle.Move,
    *,
    form: ReasonForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    project, now = place.project, timezone.now()
    context = {
        **frame(place, here="project", now=now, subtitle=step.label),
        "step": step,
        "source": Stage(project.stage).label,
        "target": Stage(step.target).label,
        "closes": [Gate(gate).label for gate in step.closes if _stands_open(project, gate)],
        "blockers": refusal.blockers if refusal and refusal.blockers else lifecycle.blockers(project, step, now),
        "form": (form or ReasonForm()) if step.back else None,
        "refusal": refusal,
    }
    return render(request, "projects/move.html", context, status=status)


def _stands_open(project: Project, gate: Gate) -> bool:
    return bool(project.plan_approved_at if gate == Gate.PLAN else project.release_ready_at)


@dataclass(frozen=True)
class Verb:
    """Something done with the project as a whole. Args: means: what is true afterwards."""

    label: Any
    means: Any
    done: Any
    act: Callable[..., Project]
    sources: tuple[Status, ...]
    director: bool = False
    danger: bool = False


VERBS: dict[str, Verb] = {
    "hold": Verb(
        gettext_lazy("Put on hold"),
        gettext_lazy("The project rests where it stands: nothing on it can be changed and nobody is reminded."),
        gettext_lazy("The project is on hold."),
        actions.hold,
        (Status.ACTIVE,),
    ),
    "resume": Verb(
        gettext_lazy("Resume"),
        gettext_lazy("The project goes on where it stood."),
        gettext_lazy("The project goes on."),
        actions.resume,
        (Status.ON_HOLD,),
    ),
    "cancel": Verb(
        gettext_lazy("Cancel the project"),
        gettext_lazy("The project ends here for good. Its record stays; rounds that are open are withdrawn."),
        gettext_lazy("The project is cancelled."),
        actions.cancel,
        (Status.ACTIVE, Status.ON_HOLD),
        director=True,
        danger=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def project_status(request: PersonalRequest, code: str, verb: str) -> HttpResponse:
    """The project is put on hold, resumed or cancelled, with a reason."""
    if verb not in VERBS:
        raise Http404
    place = seat(request.user, project_for(request.user, code))
    project, chosen = place.project, VERBS[verb]
    form = ReasonForm(request.POST or None)
    refusal: Refused | None = None
    status = 200
    if request.method != "POST":
        refusal = _why_not(place, chosen)
        if refusal:
            return refusal_page(request, refusal, back=project.get_absolute_url())
    elif form.is_valid():
        try:
            chosen.act(project_id=project.pk, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        except Refused as refused:
            if isinstance(refused, NotAllowed):
                return refusal_page(request, refused, back=project.get_absolute_url())
            refusal, status = refused, status_of(refused)
        else:
            messages.success(request, str(chosen.done))
            return redirect("project", code)
    else:
        status = 422
    context = {
        **frame(place, here="project", now=timezone.now(), subtitle=chosen.label),
        "verb": chosen,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "projects/project_status.html", context, status=status)


def _why_not(place: Seat, verb: Verb) -> Refused | None:
    if not (place.directs if verb.director else place.manages):
        return NotAllowed(
            _("This is for a solution manager.") if verb.director else _("This is for whoever manages the project.")
        )
    if place.project.status not in verb.sources:
        return Refused(
            _("The project is %(status)s.") % {"status": place.project.get_status_display().lower()},
            lifecycle.status_blockers(place.project),
        )
    return None
