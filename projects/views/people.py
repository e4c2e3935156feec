"""People and their accounts. The list and everything on it is for operators; the profile is everybody's own."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import accounts, credentials
from projects.actions import people as actions
from projects.blocker import Refused
from projects.catalog.roles import role_name
from projects.forms.people import DisableForm, NewPersonForm, PersonForm, ProfileForm, SearchForm
from projects.models import OrgRole, RoleAssignment, User
from projects.requests import PersonalRequest

PAGE = 50
ROLE_HELP = {
    OrgRole.SOLUTION_MANAGER: gettext_lazy("Accountable for all projects; chairs and decides reviews."),
    OrgRole.PROGRAM_MANAGER: gettext_lazy("Registers projects and runs those assigned."),
    OrgRole.PROCESS_OWNER: gettext_lazy("Keeps checklists and rigor; sees all projects."),
    OrgRole.AUDITOR: gettext_lazy("Reads everything and changes nothing."),
    OrgRole.OPERATOR: gettext_lazy("Keeps accounts and the installation."),
}
View = Callable[..., HttpResponse]


def operators_only(view: View) -> View:
    """To everybody else these pages do not exist."""

    @wraps(view)
    def guarded(request: PersonalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_operator:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@operators_only
def people(request: PersonalRequest) -> HttpResponse:
    """The list, searched and narrowed; 50 a page, the same number of queries however many there are."""
    form = SearchForm(request.GET)
    found = User.objects.search(request.GET.get("q", ""))
    if form.is_valid():
        if role := form.cleaned_data["role"]:
            found = found.filter(**{OrgRole(role).flag: True})
        if form.cleaned_data["state"] != "all":
            found = found.filter(is_active=form.cleaned_data["state"] != "disabled")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "filtered": any(request.GET.values()), **leaves(request, page)}
    return render(request, "projects/people.html", context)


def leaves(request: PersonalRequest, page: "Page[Any]") -> dict[str, str]:
    """Addresses of the pages before and after, with the filters kept."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
        "range": _("%(first)d to %(last)d of %(all)d")
        % {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count},
    }


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def person_new(request: PersonalRequest) -> HttpResponse:
    """A person gets an account, and a mail with which to set a password."""
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.create_person(
                by=request.user, username=form.cleaned_data["username"], facts=form.facts(), now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, refused.text)
        else:
            send_invitation(request, person)
            return redirect("person", person.pk)
    return render(request, "projects/person_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def person(request: PersonalRequest, pk: int) -> HttpResponse:
    """One person's account: what is known, roles, what the person holds on projects."""
    whom = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm.of(whom)
    if form.is_bound and form.is_valid():
        try:
            actions.change_person(person_id=pk, by=request.user, facts=form.facts(), now=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("person", pk)
    context = {
        "form": form,
        "whom": whom,
        "own": whom.pk == request.user.pk,
        "org_roles": [
            {"role": role, "held": role in whom.org_roles, "help": ROLE_HELP[role], "label": role.label}
            for role in OrgRole
        ],
        "held": held_by(whom),
        "factors": credentials.factors_of(whom),
        "locked_until": credentials.locked_until(whom, timezone.now()),
        "disable_form": DisableForm(),
    }
    return render(request, "projects/person.html", context, status=422 if form.errors else 200)


def held_by(whom: User) -> list[dict[str, Any]]:
    """The roles that a person holds on projects now. One query."""
    held = RoleAssignment.objects.filter(user=whom, ends_on__isnull=True).select_related("project")
    return [{"project": one.project, "role": role_name(one.role)} for one in held.order_by("project__code", "role")]


@require_POST
@operators_only
def person_role(request: PersonalRequest, pk: int, role: str, verb: str) -> HttpResponse:
    """Grants or revokes a role across the organisation."""
    get_object_or_404(User, pk=pk)
    verbs = {"grant": actions.grant_role, "revoke": actions.revoke_role}
    if role not in OrgRole.values or verb not in verbs:
        raise Http404
    return told(request, pk, lambda: verbs[verb](person_id=pk, by=request.user, role=OrgRole(role), now=timezone.now()))


@require_POST
@operators_only
def person_disable(request: PersonalRequest, pk: int) -> HttpResponse:
    """Logs the person out everywhere and for good."""
    get_object_or_404(User, pk=pk)
    form = DisableForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the account is disabled."))
        return redirect("person", pk)
    reason = form.cleaned_data["reason"]
    return told(
        request, pk, lambda: actions.disable_person(person_id=pk, by=request.user, reason=reason, now=timezone.now())
    )


@require_POST
@operators_only
def person_enable(request: PersonalRequest, pk: int) -> HttpResponse:
    """The person may log in again, after setting a new password."""
    whom = get_object_or_404(User, pk=pk)
    if not whom.is_active:
        whom = actions.enable_person(person_id=pk, by=request.user, now=timezone.now())
        send_invitation(request, whom)
    return redirect("person", pk)


@require_POST
@operators_only
def person_invite(request: PersonalRequest, pk: int) -> HttpResponse:
    """Sends the link to set a password once more."""
    whom = get_object_or_404(User, pk=pk)
    try:
        send_invitation(request, whom)
    except Refused as refused:
        messages.error(request, refused.text)
    return redirect("person", pk)


def send_invitation(request: PersonalRequest, whom: User) -> None:
    """Mails the link, and says on the next page whether the mail server took it."""
    actions.note_invitation(person_id=whom.pk, by=request.user, now=timezone.now())
    if accounts.invite(request, whom):
        messages.success(request, _("A link to set the password was sent to %(email)s.") % {"email": whom.email})
    else:
        messages.error(request, _("The mail could not be sent. Send the link again once the mail server answers."))


def told(request: PersonalRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Does it, and says on the person's page that it was done or why not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, _("Saved."))
    return redirect("person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonalRequest) -> HttpResponse:
    """The own name, time zone and ways to log in."""
    mine = {"name": request.user.name, "time_zone": request.user.time_zone}
    form = ProfileForm(request.POST or None, initial=mine)
    if form.is_valid():
        try:
            actions.change_own_profile(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("profile")
    context = {
        "form": form,
        "factors": credentials.factors_of(request.user),
        "roles": request.user.org_roles,
        "held": held_by(request.user),
    }
    return render(request, "projects/profile.html", context, status=422 if form.errors else 200)


@require_POST
def passkey_challenge(request: PersonalRequest) -> JsonResponse:
    """What `static/js/passkey.js` lets the passkey sign: made from the digest of what the page shows."""
    bound_to = request.POST.get("bound_to", "")
    if not re.fullmatch(r"[0-9a-f]{64}", bound_to):
        raise BadRequest("bound_to is no digest")
    return JsonResponse(credentials.passkey_challenge(request.user, bound_to=bound_to))
