"""The evidence page of a project: what a pack holds, who took one, how it is verified."""

import json
import tempfile

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from projects.access import project_for, seat
from projects.blocker import Refused
from projects.frame import frame
from projects.models import LedgerEntry, Project
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of
from reviews.actions import evidence as actions
from reviews.evidence import keys

EXPORTS_SHOWN = 20


def exports_of(project: Project) -> list[dict[str, object]]:
    """The newest exports, as the system ledger has them. One query."""
    entries = (
        LedgerEntry.objects.filter(
            event="evidence.exported", object_type=Project._meta.label_lower, object_id=str(project.pk)
        )
        .select_related("actor")
        .order_by("-seq")[:EXPORTS_SHOWN]
    )
    return [{"at": entry.recorded_at, "by": entry.actor, **json.loads(entry.line)["after"]} for entry in entries]


@require_safe
def evidence(request: PersonalRequest, code: str) -> HttpResponse:
    """What can be taken away, by whom it was, and the fingerprint to compare."""
    place = seat(request.user, project_for(request.user, code))
    head = LedgerEntry.objects.filter(stream__project=place.project).order_by("-seq").first()
    context = {
        **frame(place, here="evidence", now=timezone.now(), subtitle=_("Evidence")),
        "may_export": actions.may_export(request.user, place.project),
        "exports": exports_of(place.project),
        "fingerprint": keys.fingerprint(),
        "head": head,
    }
    return render(request, "reviews/evidence.html", context)


@require_POST
def evidence_pack(request: PersonalRequest, code: str) -> HttpResponse | FileResponse:
    """The sealed pack, made now."""
    project = project_for(request.user, code)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that streams it
    try:
        actions.export(project_id=project.pk, by=request.user, out=out, now=timezone.now())
    except Refused as refusal:
        out.close()
        return refusal_page(request, refusal, back=reverse("evidence", args=[code]), status=status_of(refusal))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{code}-evidence.zip", content_type="application/zip")


@require_safe
def seal_public_key(request: PersonalRequest) -> HttpResponse:
    """The public key, for convenience; what counts is the fingerprint that an auditor was given on another way."""
    response = HttpResponse(keys.public_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="deliverops-seal.pem"'
    return response
