"""Conflicts between projects: found, logged, resolved."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import conflicts as search
from projects.actions import conflicts as actions
from projects.blocker import NotAllowed, Refused
from projects.forms.conflicts import ConflictForm, ResolveForm
from projects.models import Project, ProjectConflict, Status
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: PersonalRequest) -> HttpResponse:
    """What stands between the projects that the reader may see. POST logs a conflict by hand (SEED-116)."""
    if request.method != "POST":
        return _page(request)
    if not actions.may_resolve(request.user):
        return refusal_page(request, _not_yours(), back=request.path)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        actions.log(by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The conflict is logged."))
    return redirect("conflicts")


@require_POST
def conflict_found(request: PersonalRequest) -> HttpResponse:
    """A conflict that was found goes on record."""
    try:
        actions.log_found(fingerprint=request.POST.get("fingerprint", ""), by=request.user, now=timezone.now())
    except Refused as refusal:
        return refusal_page(request, refusal, back=reverse("conflicts"))
    messages.success(request, _("The conflict is logged."))
    return redirect("conflicts")


@require_POST
def conflict_resolve(request: PersonalRequest, pk: int) -> HttpResponse:
    """A logged conflict is out of the way."""
    visible = Project.objects.visible_to(request.user).values("pk")
    seen = ProjectConflict.objects.filter(Q(project__in=visible) | Q(other__in=visible))
    conflict = get_object_or_404(seen, pk=pk)
    if not actions.may_resolve(request.user):
        return refusal_page(request, _not_yours(), back=reverse("conflicts"))
    form = ResolveForm(request.POST, prefix=_prefix(pk))
    if not form.is_valid():
        return _page(request, bound=(pk, form), status=422)
    try:
        actions.resolve(conflict, by=request.user, resolution=form.cleaned_data["resolution"], now=timezone.now())
    except Refused as refusal:
        return _page(request, bound=(pk, form), refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The conflict is resolved."))
    return redirect("conflicts")


def _not_yours() -> NotAllowed:
    return NotAllowed(_("Conflicts between projects are logged and resolved by a solution manager."))


def _prefix(pk: int) -> str:
    """Keeps the fields of many forms on one page apart."""
    return f"conflict-{pk}"


def _page(
    request: PersonalRequest,
    *,
    form: ConflictForm | None = None,
    bound: tuple[int, ResolveForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    visible = Project.objects.visible_to(request.user)
    mine = visible.values("pk")
    logged = list(
        ProjectConflict.objects.filter(Q(project__in=mine) | Q(other__in=mine))
        .select_related("project", "other", "created_by", "resolved_by")
        .order_by("-id")
    )
    known = {each.fingerprint for each in logged}
    standing = [each for each in search.found(visible) if each.fingerprint not in known]
    may = actions.may_resolve(request.user)
    context = {
        "found": standing[:SHOWN],
        "found_count": len(standing),
        "labels": dict(ProjectConflict.Kind.choices),
        "open": [
            {
                "conflict": each,
                "form": bound[1] if bound and bound[0] == each.pk else ResolveForm(prefix=_prefix(each.pk)),
                "may": may and each.project.status == Status.ACTIVE,
            }
            for each in logged
            if each.resolved_at is None
        ],
        "resolved": [each for each in logged if each.resolved_at is not None][:SHOWN],
        "may_log": may,
        "form": form or ConflictForm(),
        "refusal": refusal,
    }
    return render(request, "projects/conflicts.html", context, status=status)
