"""Saying that a project was taken over part-way through its life."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import project_for, seat
from projects.actions import part_way as actions
from projects.blocker import NotAllowed, Refused
from projects.forms.projects import PartWayForm
from projects.frame import frame
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def part_way(request: PersonalRequest, code: str) -> HttpResponse:
    """Which stages were run outside the system, by whose word and why (SEED-14)."""
    place = seat(request.user, project_for(request.user, code))
    back = place.project.get_absolute_url()
    if not place.directs:
        return refusal_page(request, NotAllowed(_("This is for a solution manager to say.")), back=back)
    form = PartWayForm(request.POST if request.method == "POST" else None)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.declare(
                    project_id=place.project.pk, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except Refused as caught:
                refusal, status = caught, status_of(caught)
            else:
                stages = ", ".join(str(each) for each in made)
                messages.success(request, _("On record as run outside the system: %(stages)s.") % {"stages": stages})
                return redirect(back)
    context = {
        **frame(place, here="project", now=timezone.now(), subtitle=_("Registered part-way")),
        "declared": place.project.stageoutsides.select_related("created_by"),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "projects/part_way.html", context, status=status)
