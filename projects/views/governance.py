"""What governance looks at on one project, on one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import goals
from projects import governance as looking
from projects.access import Seat, project_for, seat
from projects.actions import foci as actions
from projects.blocker import NotAllowed, Refused
from projects.catalog.controls import POINTS
from projects.frame import frame
from projects.models import Status
from projects.ports import ports
from projects.registers.foci import FOCUS_ANSWERS, FocusForm
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def governance(request: PersonalRequest, code: str) -> HttpResponse:
    """Goals of the phase, reviews as controls, points of governance and the team; a point is answered here."""
    place = seat(request.user, project_for(request.user, code))
    if request.method != "POST":
        point = request.GET.get("point", "")
        start = {"point": point} if point in POINTS else {}
        return _page(request, place, form=FocusForm(project=place.project, initial=start))
    form = FocusForm(request.POST, project=place.project)
    if not form.is_valid():
        return _page(request, place, form=form, status=422)
    try:
        row = actions.answer_point(
            project_id=place.project.pk, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except NotAllowed as refused:
        return refusal_page(request, refused, back=request.path)
    except Refused as refused:
        return _page(request, place, form=form, refusal=refused, status=status_of(refused))
    messages.success(request, _("Recorded."))
    return redirect(reverse("governance", args=[code]) + f"#{row.point}")


def _page(
    request: PersonalRequest, place: Seat, *, form: FocusForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    project, now = place.project, timezone.now()
    rounds = ports.rounds(project, now)
    seen = goals.goals(project)
    context = {
        **frame(place, here="governance", now=now, subtitle=_("Governance"), rounds=rounds),
        "goals": seen,
        "met": sum(each.state == "done" for each in seen),
        "controls": looking.controls(project, rounds),
        "foci": looking.foci(project),
        "team": looking.team(project),
        "form": form,
        "refusal": refusal,
        "may_answer": project.status == Status.ACTIVE and FOCUS_ANSWERS.open_to(place),
    }
    return render(request, "projects/governance.html", context, status=status)
