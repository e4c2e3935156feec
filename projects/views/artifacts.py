"""Artifacts of a project: the list by stage, one artifact with its versions, and what is done with them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import held
from projects.access import Seat, project_for, seat
from projects.actions import artifacts as actions
from projects.actions import bulk, parts
from projects.blocker import Refused
from projects.catalog.artifacts import ARTIFACT_KINDS, GATE_NAMES, GATES
from projects.catalog.categories import required_artifacts
from projects.catalog.parts import PARTS
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.checks.parts import newest_check
from projects.forms.artifacts import PlanForm, PlanSeveralForm, ReasonForm, VersionForm
from projects.frame import frame
from projects.models import Artifact, ArtifactStatus, ArtifactVersion, Project, Status
from projects.requests import PersonalRequest
from projects.views import uploads
from projects.views.refusing import refusal_page, status_of


def needed_at(project: Project) -> dict[str, list[str]]:
    """For each artifact kind that this project must have: the names of the gates that want it."""
    found: dict[str, list[str]] = {}
    for gate in GATES:
        for kind in required_artifacts(
            project.category,
            gate,
            conversion_applies=project.conversion_applies,
            role_segregation=project.role_segregation,
        ):
            found.setdefault(kind, []).append(str(GATE_NAMES[gate]))
    return found


@require_safe
def artifacts(request: PersonalRequest, code: str) -> HttpResponse:
    """Every kind that the project must have or has begun, by stage. The rest of the catalogue is one press away."""
    return _list(request, seat(request.user, project_for(request.user, code)))


def _list(
    request: PersonalRequest,
    place: Seat,
    *,
    ticked: Iterable[bulk.Ticked] = (),
    plan_form: PlanSeveralForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    everything = (request.POST if request.method == "POST" else request.GET).get("show") == "all"
    needed = needed_at(place.project)
    newest = ArtifactVersion.objects.select_related("author", "approved_by").order_by("number").defer("text")
    rows = {
        row.kind: row
        for row in place.project.artifacts.select_related("owner").prefetch_related(Prefetch("versions", newest))
    }
    groups = []
    kinds = {kind for kind, _version in ticked}
    for key, stage in STAGES.items():
        lines = [
            _line(place.project, kind.code, rows.get(kind.code), needed.get(kind.code, []))
            for kind in ARTIFACT_KINDS.values()
            if kind.stage == key and (everything or kind.code in needed or kind.code in rows)
        ]
        if lines:
            groups.append({"stage": stage, "lines": lines, "settled": sum(line["settled"] for line in lines)})
    may_change = place.project.status == Status.ACTIVE and (place.contributes or place.approves)
    context = {
        **frame(place, here="artifacts", now=timezone.now(), subtitle=_("Artifacts")),
        "groups": groups,
        "everything": everything,
        "needed_count": len(needed),
        "settled_count": sum(
            kind in rows and rows[kind].status in (ArtifactStatus.APPROVED, ArtifactStatus.NOT_APPLICABLE)
            for kind in needed
        ),
        "may_tick": may_change,
        "may_submit": may_change and place.contributes,
        "may_approve": may_change and place.approves,
        "plan_form": (plan_form or PlanSeveralForm(project=place.project)) if may_change and place.manages else None,
        "ticked": kinds,
        "refusal": refusal,
    }
    return render(request, "projects/artifacts.html", context, status=status)


def _ticked(request: PersonalRequest) -> list[bulk.Ticked]:
    """What was ticked, each kind once. Raises: Http404 for what no page shows."""
    found: dict[str, int] = {}
    for value in request.POST.getlist("tick"):
        kind, _colon, version = value.partition(":")
        if kind not in ARTIFACT_KINDS or not version.isdecimal():
            raise Http404
        found[kind] = int(version)
    return list(found.items())


@require_POST
def artifacts_do(request: PersonalRequest, code: str) -> HttpResponse:
    """Several artifacts at once: submitted, approved, or given an owner and a day; all of them, or none."""
    place, ticked, now = seat(request.user, project_for(request.user, code)), _ticked(request), timezone.now()
    given: dict[str, Any] = {"project_id": place.project.pk, "by": request.user, "ticked": ticked, "now": now}
    form = None
    try:
        match request.POST.get("do"):
            case "submit":
                count = len(bulk.submit_versions(**given))
                done = ngettext(
                    "%(count)d version waits for approval by somebody else.",
                    "%(count)d versions wait for approval by somebody else.",
                    count,
                )
            case "approve":
                count = len(bulk.approve_versions(**given))
                done = ngettext("%(count)d version is approved.", "%(count)d versions are approved.", count)
            case "plan":
                form = PlanSeveralForm(request.POST, project=place.project)
                if not form.is_valid():
                    return _list(request, place, ticked=ticked, plan_form=form, status=422)
                count = len(bulk.plan_artifacts(**given, **form.cleaned_data))
                done = ngettext(
                    "Owner and day of %(count)d artifact are set.",
                    "Owner and day of %(count)d artifacts are set.",
                    count,
                )
            case _unknown:
                raise Http404
    except Refused as refusal:
        return _list(request, place, ticked=ticked, plan_form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, done % {"count": count})
    return redirect(reverse("artifacts", args=[code]) + ("?show=all" if request.POST.get("show") == "all" else ""))


def _line(project: Project, code: str, row: Artifact | None, gates: list[str]) -> dict[str, Any]:
    kind = ARTIFACT_KINDS[code]
    versions = list(row.versions.all()) if row else []
    status = ArtifactStatus(row.status) if row else ArtifactStatus.NOT_STARTED
    return {
        "code": code,
        "name": kind.name,
        "url": reverse("artifact", args=[project.code, code]),
        "status": status,
        "settled": status in (ArtifactStatus.APPROVED, ArtifactStatus.NOT_APPLICABLE),
        "newest": versions[-1] if versions else None,
        "tick": f"{code}:{versions[-1].pk if versions else 0}",
        "owner": row.owner if row else None,
        "suggested": role_name(kind.owner_role),
        "due_on": row.due_on if row and status != ArtifactStatus.APPROVED else None,
        "gates": gates,
        "na_waits": bool(row and row.na_requested_by_id and not row.na_consented_by_id),
    }


def _page(
    request: PersonalRequest,
    place: Seat,
    code: str,
    *,
    version_form: VersionForm | None = None,
    plan_form: PlanForm | None = None,
    reason_form: ReasonForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    kind = ARTIFACT_KINDS[code]
    row = (
        place.project.artifacts.filter(kind=code)
        .select_related("owner", "na_requested_by", "na_consented_by")
        .prefetch_related(
            Prefetch("versions", ArtifactVersion.objects.select_related("author", "approved_by").order_by("-number"))
        )
        .first()
    )
    versions = list(row.versions.all()) if row else []
    checked = newest_check(versions[0]) if versions and code in PARTS else None
    initial = {"owner": row.owner_id, "due_on": row.due_on} if row else {}
    context = {
        **frame(place, here="artifacts", now=timezone.now(), subtitle=kind.name),
        "kind": kind,
        "stage": STAGES[kind.stage],
        "suggested": role_name(kind.owner_role),
        "artifact": row,
        "status": ArtifactStatus(row.status) if row else ArtifactStatus.NOT_STARTED,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "parts": [
            {"part": part, "there": checked is not None and part.code in checked.found} for part in PARTS[code].parts
        ]
        if versions and code in PARTS
        else [],
        "parts_checked": checked,
        "own_work": bool(versions) and versions[0].author_id == request.user.pk,
        "compared": _compared(request, versions),
        "gates": needed_at(place.project).get(code, []),
        "version_form": version_form or VersionForm(),
        "held": held.held_for(request.user, reverse("artifact", args=[place.project.code, code]), now=timezone.now())
        if place.contributes
        else None,
        "plan_form": plan_form or PlanForm(project=place.project, initial=initial),
        "reason_form": reason_form or ReasonForm(),
        "refusal": refusal,
        "may_change": place.project.status == "active",
    }
    return render(request, "projects/artifact.html", context, status=status)


def _compared(request: PersonalRequest, versions: list[ArtifactVersion]) -> dict[str, Any] | None:
    """The newest version beside the earlier one that the address names; None when it names none."""
    number = request.GET.get("compare", "")
    earlier = next((version for version in versions[1:] if str(version.number) == number), None)
    if earlier is None:
        return None
    text = ArtifactVersion.Medium.TEXT
    return {"old": earlier, "new": versions[0], "as_text": earlier.medium == versions[0].medium == text}


def _place(request: PersonalRequest, code: str, kind: str) -> Seat:
    """Raises: Http404 for a foreign project and for a kind that the catalogue does not have."""
    place = seat(request.user, project_for(request.user, code))
    if kind not in ARTIFACT_KINDS:
        raise Http404
    return place


@require_http_methods(["GET", "HEAD", "POST"])
def artifact(request: PersonalRequest, code: str, kind: str) -> HttpResponse:
    """One artifact: what it is for, its versions, what comes next. POST adds a version."""
    place = _place(request, code, kind)
    if request.method != "POST":
        return _page(request, place, kind)
    files = uploads.files(request)
    try:
        return _add_version(request, place, kind, VersionForm(request.POST, files))
    finally:
        if (file := files.get("file")) is not None:
            file.close()


def _add_version(request: PersonalRequest, place: Seat, kind: str, form: VersionForm) -> HttpResponse:
    if not form.is_valid():
        uploads.hold(request, form)
        return _page(request, place, kind, version_form=form, status=422)
    try:
        version = actions.add_version(
            project_id=place.project.pk,
            kind=kind,
            by=request.user,
            content=form.content(),
            label=form.cleaned_data["label"],
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except Refused as refusal:
        uploads.hold(request, form)
        return _page(request, place, kind, version_form=form, refusal=refusal, status=status_of(refusal))
    held.drop(request.user, request.path)
    messages.success(request, _("Version %(label)s is added.") % {"label": version.label})
    return redirect("artifact", place.project.code, kind)


def _newest_id(request: PersonalRequest) -> int:
    value = request.POST.get("version", "")
    if not value.isdecimal():
        raise Http404
    return int(value)


def _submit(place: Seat, kind: str, request: PersonalRequest) -> str:
    actions.submit(project_id=place.project.pk, version_id=_newest_id(request), by=request.user, now=timezone.now())
    return _("It waits for approval by somebody else.")


def _approve(place: Seat, kind: str, request: PersonalRequest) -> str:
    actions.approve(project_id=place.project.pk, version_id=_newest_id(request), by=request.user, now=timezone.now())
    return _("Approved.")


def _send_back(place: Seat, kind: str, request: PersonalRequest) -> str:
    actions.send_back(
        project_id=place.project.pk,
        version_id=_newest_id(request),
        by=request.user,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    return _("It is a draft again.")


def _ask_na(place: Seat, kind: str, request: PersonalRequest) -> str:
    actions.ask_not_applicable(
        project_id=place.project.pk,
        kind=kind,
        by=request.user,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    return _("It counts as not applicable once another person consents.")


def _consent_na(place: Seat, kind: str, request: PersonalRequest) -> str:
    actions.consent_not_applicable(project_id=place.project.pk, kind=kind, by=request.user, now=timezone.now())
    return _("It counts as not applicable.")


def _refuse_na(place: Seat, kind: str, request: PersonalRequest) -> str:
    actions.refuse_not_applicable(
        project_id=place.project.pk,
        kind=kind,
        by=request.user,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    return _("It stays applicable.")


def _parts(place: Seat, kind: str, request: PersonalRequest) -> str:
    parts.check(
        project_id=place.project.pk,
        version_id=_newest_id(request),
        by=request.user,
        parts=request.POST.getlist("part"),
        now=timezone.now(),
    )
    return _("Recorded.")


VERBS: dict[str, Callable[[Seat, str, PersonalRequest], str]] = {
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "ask-not-applicable": _ask_na,
    "consent-not-applicable": _consent_na,
    "refuse-not-applicable": _refuse_na,
    "parts": _parts,
}


@require_POST
def artifact_do(request: PersonalRequest, code: str, kind: str, verb: str) -> HttpResponse:
    """One step of an artifact's life; a refusal comes back on the artifact's page with what was typed."""
    place = _place(request, code, kind)
    if verb == "plan":
        return _plan(request, place, kind)
    if verb not in VERBS:
        raise Http404
    try:
        done = VERBS[verb](place, kind, request)
    except ArtifactVersion.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        form = ReasonForm(request.POST)
        return _page(request, place, kind, reason_form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, done)
    return redirect("artifact", code, kind)


def _plan(request: PersonalRequest, place: Seat, kind: str) -> HttpResponse:
    form = PlanForm(request.POST, project=place.project)
    if not form.is_valid():
        return _page(request, place, kind, plan_form=form, status=422)
    try:
        actions.plan(
            project_id=place.project.pk,
            kind=kind,
            by=request.user,
            owner=form.cleaned_data["owner"],
            due_on=form.cleaned_data["due_on"],
            now=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, place, kind, plan_form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Saved."))
    return redirect("artifact", place.project.code, kind)


@require_safe
def version_file(request: PersonalRequest, code: str, kind: str, number: int) -> HttpResponse | FileResponse:
    """A version's file, always as an attachment: nothing that somebody uploaded runs on this site."""
    place = _place(request, code, kind)
    version = ArtifactVersion.objects.filter(
        artifact__project=place.project, artifact__kind=kind, number=number, medium=ArtifactVersion.Medium.FILE
    ).first()
    if version is None:
        raise Http404
    try:
        stored = version.file.open("rb")
    except FileNotFoundError:
        return refusal_page(
            request,
            Refused(_("The file is missing from the storage: tell an operator. Its digest is on record.")),
            back=reverse("artifact", args=[code, kind]),
            status=410,
        )
    response = FileResponse(
        stored, as_attachment=True, filename=version.filename, content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "sandbox"
    return response
