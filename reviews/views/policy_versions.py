"""Versions of groups, quorum and validity: what holds for each kind of round, its history, the preview of another."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.blocker import Refused
from projects.catalog.roles import role_name
from projects.models import Category
from projects.requests import PersonalRequest
from reviews import terms
from reviews.access import keeps_policy
from reviews.actions import policy_versions as actions
from reviews.catalog import REVIEW_TYPES, rigor
from reviews.forms.policy_versions import RefusalForm, VersionForm
from reviews.models import PolicyVersion, ReviewKind
from reviews.policy_preview import Preview, preview
from reviews.terms import Terms
from reviews.views.page import only_keepers, policy_crumbs, status_of

PAGE = 20


def subjects() -> list[dict[str, Any]]:
    """Every kind of round with what holds for it and what waits; one query."""
    found = {(row.kind, row.category): row for row in PolicyVersion.objects.in_force()}
    waiting = set(PolicyVersion.objects.waiting().values_list("kind", "category"))
    return [
        {
            "kind": kind,
            "category": category,
            "name": f"{kind.label}, {category.label}",
            "rules": _words(_terms(found.get((kind, category)), kind, category)),
            "waits": (kind, category) in waiting,
        }
        for kind in ReviewKind
        for category in Category
    ]


def _terms(version: PolicyVersion | None, kind: str, category: str) -> Terms:
    return terms.of_version(version) if version else terms.delivered(kind, category)


def _words(held: Terms) -> dict[str, Any]:
    """The rules in words, with the roles that the catalogue wants among the signers."""
    names = terms.group_names(held.kind)
    more = {code: least for code, least in held.quorum.items() if least > 1 or code in held.observer_groups}
    return {
        "number": held.number,
        "signs": [names[code] for code in held.signer_groups],
        "roles": [role_name(role) for role in rigor(held.kind, held.category).signer_roles],
        "looks_on": [names[code] for code in held.observer_groups],
        "more": [(names[code], least) for code, least in more.items()],
        "days": held.validity_days,
    }


def _subject(kind: str, category: str) -> str:
    if kind not in REVIEW_TYPES or category not in Category.values:
        raise Http404
    return f"{ReviewKind(kind).label}, {Category(category).label}"


@require_safe
def policy_versions(request: PersonalRequest, kind: str, category: str) -> HttpResponse:
    """What holds for these rounds, what is proposed, and every version there ever was."""
    return _show(request, kind, category)


def _show(
    request: PersonalRequest,
    kind: str,
    category: str,
    *,
    refused: Refused | None = None,
    form: RefusalForm | None = None,
) -> HttpResponse:
    name, keeps = _subject(kind, category), keeps_policy(request.user)
    people = ("proposed_by", "approved_by", "refused_by")
    versions = PolicyVersion.objects.filter(kind=kind, category=category).select_related(*people)
    page = Paginator(versions.order_by("-number"), PAGE).get_page(request.GET.get("page"))
    present = versions.filter(approved_at__isnull=False).order_by("-number").first()
    waiting = versions.waiting().first()
    shown: Preview | None = None
    if waiting is not None:
        shown = preview(_terms(present, kind, category), terms.of_version(waiting), request.user)
    context = {
        "title": name,
        "kind": kind,
        "category": category,
        "present": present,
        "rules": _words(_terms(present, kind, category)),
        "waiting": waiting,
        "preview": shown,
        "history": [(row, _words(terms.of_version(row))) for row in page],
        "page": page,
        "range": _("Versions %(first)d to %(last)d of %(all)d, newest first")
        % {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count},
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "delivered": _words(terms.delivered(kind, category)),
        "keeps": keeps,
        "may_approve": keeps and waiting is not None and waiting.proposed_by_id != request.user.pk,
        "form": form or RefusalForm(),
        "refused": refused,
        "crumbs": policy_crumbs(),
    }
    status = status_of(refused) if refused else 422 if form is not None and form.errors else 200
    return render(request, "reviews/policy_versions.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_version_new(request: PersonalRequest, kind: str, category: str) -> HttpResponse:
    """The next version is drafted, looked at and proposed."""
    name = _subject(kind, category)
    only_keepers(request)
    present = terms.in_force(kind, category)
    typed, previewing = request.POST if request.method == "POST" else None, "preview" in request.POST
    form = VersionForm(typed, present=present, previewing=previewing)
    refused, shown = None, None
    if form.is_valid():
        try:
            if previewing:
                draft = actions.drafted(**form.rules())
                draft.number = present.number
                shown = preview(present, terms.of_version(draft), request.user)
            else:
                on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
                actions.propose(by=request.user, on=on, reason=reason, now=timezone.now(), **form.rules())
                messages.success(request, _("It is proposed. A second person approves it."))
                return redirect("policy_versions", kind, category)
        except Refused as no:
            refused = no
    context = {
        "title": _("Propose the next version"),
        "name": name,
        "kind": kind,
        "category": category,
        "form": form,
        "preview": shown,
        "refused": refused,
        "crumbs": policy_crumbs({"label": name, "url": reverse("policy_versions", args=[kind, category])}),
    }
    status = status_of(refused) if refused else 422 if form.errors else 200
    return render(request, "reviews/policy_version_new.html", context, status=status)


@require_POST
def policy_version_approve(request: PersonalRequest, pk: int) -> HttpResponse:
    """The proposal holds for rounds opened from now on."""
    row = get_object_or_404(PolicyVersion, pk=pk)
    try:
        actions.approve(pk=pk, by=request.user, now=timezone.now())
    except Refused as no:
        return _show(request, row.kind, row.category, refused=no)
    messages.success(request, _("Version %(number)d is approved: it holds for new rounds.") % {"number": row.number})
    return redirect("policy_versions", row.kind, row.category)


@require_POST
def policy_version_refuse(request: PersonalRequest, pk: int) -> HttpResponse:
    """The proposal never holds."""
    row, form = get_object_or_404(PolicyVersion, pk=pk), RefusalForm(request.POST)
    refused: Refused | None = None
    if form.is_valid():
        try:
            actions.refuse(pk=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("Version %(number)d is refused.") % {"number": row.number})
            return redirect("policy_versions", row.kind, row.category)
    else:
        only_keepers(request)
    return _show(request, row.kind, row.category, refused=refused, form=form)
