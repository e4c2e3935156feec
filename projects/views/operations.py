"""The checklist of how far operations and support people are prepared."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects.access import project_for, seat
from projects.frame import frame
from projects.preparation import checklist, has_begun
from projects.requests import PersonalRequest


@require_safe
def operations(request: PersonalRequest, code: str) -> HttpResponse:
    """What operations and support people need before the release, done or open (SEED-37)."""
    place = seat(request.user, project_for(request.user, code))
    parts = checklist(place.project) if has_begun(place.project) else []
    asked = [line for part in parts for line in part.lines if line.state != "not_asked"]
    context = {
        **frame(place, here="registers", now=timezone.now(), subtitle=_("Preparation of operations and support")),
        "parts": parts,
        "done": sum(line.state == "done" for line in asked),
        "asked": len(asked),
    }
    return render(request, "projects/operations.html", context)
