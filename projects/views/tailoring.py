"""The tailoring sheet of a project: what is kept, left out or not applicable, and who approved that (EXT-13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects import tailoring as sheets
from projects.access import project_for, seat
from projects.actions import tailoring as actions
from projects.blocker import NotAllowed, Refused
from projects.frame import frame
from projects.models import Status
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

STATES = {
    sheets.KEPT: gettext_lazy("Kept"),
    sheets.LEFT_OUT: gettext_lazy("Left out"),
    sheets.NOT_APPLICABLE: gettext_lazy("Not applicable"),
    sheets.ASKED: gettext_lazy("Asked, not agreed"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def tailoring(request: PersonalRequest, code: str) -> HttpResponse:
    """The sheet and its approvals. POST approves the version that was shown."""
    place = seat(request.user, project_for(request.user, code))
    project, refusal, status = place.project, None, 200
    if request.method == "POST":
        digest = request.POST.get("digest", "")
        try:
            made = actions.approve(project_id=project.pk, by=request.user, digest=digest, now=timezone.now())
        except NotAllowed as refused:
            return refusal_page(request, refused, back=request.path)
        except Refused as refused:
            refusal, status = refused, status_of(refused)
        else:
            messages.success(request, _("Version %(number)d of the sheet is approved.") % {"number": made.number})
            return redirect("tailoring", code)
    sheet = sheets.sheet(project)
    approvals = list(project.tailoringapprovals.select_related("created_by").order_by("-number"))
    stands = bool(approvals) and approvals[0].digest == sheet.digest
    context = {
        **frame(place, here="artifacts", now=timezone.now(), subtitle=_("Tailoring sheet")),
        "sheet": sheet,
        "rows": [
            [line.code, line.name, STATES[line.state], line.where, line.reason, line.agreed] for line in sheet.lines
        ],
        "columns": [
            {"label": label}
            for label in (_("Item"), _("Name"), _("What becomes of it"), _("Asked at"), _("Reason"), _("Agreed by"))
        ],
        "approvals": approvals,
        "stands": stands,
        "may_approve": place.directs
        and not stands
        and project.status == Status.ACTIVE
        and request.user not in sheet.asked_by,
        "refusal": refusal,
    }
    return render(request, "projects/tailoring.html", context, status=status)
