"""Who holds which role on a project, since when, what the role asks, and who held it before (Table 6)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from projects import lifecycle
from projects.access import Seat, project_for, seat
from projects.actions import roles as actions
from projects.blocker import NotAllowed, Refused
from projects.catalog.roles import CAPACITIES, ROLE_TYPES, role_name
from projects.forms.roles import AssignForm, BasisForm, HandOverForm
from projects.frame import frame
from projects.models import RoleAssignment, Status, User
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

SUGGESTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: PersonalRequest, code: str) -> HttpResponse:
    """Every role with its responsibilities, goal and holders; naming a person to one."""
    place = seat(request.user, project_for(request.user, code))
    if request.method != "POST":
        return _page(request, place)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form=form, status=422)
    try:
        given = actions.assign(
            project_id=place.project.pk,
            by=request.user,
            role=form.cleaned_data["role"],
            person=form.cleaned_data["person"],
            now=timezone.now(),
        )
    except NotAllowed as refused:
        return refusal_page(request, refused, back=request.path)
    except Refused as refused:
        return _page(request, place, form=form, refusal=refused, status=status_of(refused))
    messages.success(
        request, _("%(person)s is named and asked to acknowledge the role.") % {"person": form.cleaned_data["person"]}
    )
    return redirect(reverse("roles", args=[code]) + f"#role-{given.pk}")


@require_POST
def role_hand_over(request: PersonalRequest, code: str) -> HttpResponse:
    """Another solution manager is accountable from now on, without a gap (SEED-113)."""
    place = seat(request.user, project_for(request.user, code))
    back = reverse("roles", args=[code])
    form = HandOverForm(request.POST, present=None)
    if not form.is_valid():
        return _page(request, place, hand_over=form, status=422)
    try:
        actions.hand_over(project_id=place.project.pk, by=request.user, to=form.cleaned_data["to"], now=timezone.now())
    except NotAllowed as refused:
        return refusal_page(request, refused, back=back)
    except Refused as refused:
        return _page(request, place, hand_over=form, refusal=refused, status=status_of(refused))
    messages.success(request, _("%(person)s is accountable now.") % {"person": form.cleaned_data["to"]})
    return redirect(back)


ACTS: dict[str, tuple[Callable[..., RoleAssignment], Any]] = {
    "end": (actions.end, gettext_lazy("The role has ended; it stays in the record.")),
    "acknowledge": (actions.acknowledge, gettext_lazy("You have taken the role on.")),
    "basis": (actions.record_basis, gettext_lazy("The basis is recorded.")),
}


@require_POST
def role_do(request: PersonalRequest, code: str, assignment: int, verb: str) -> HttpResponse:
    """An assignment ends, its holder acknowledges it, or what it rests on is recorded."""
    place = seat(request.user, project_for(request.user, code))
    if verb not in ACTS or not place.project.roles.filter(pk=assignment).exists():
        raise Http404
    act, done = ACTS[verb]
    back = reverse("roles", args=[code])
    given: dict[str, Any] = {}
    if verb == "basis":
        form = BasisForm(request.POST, prefix=_prefix(assignment))
        if not form.is_valid():
            return _page(request, place, bound=(assignment, form), status=422)
        given = form.cleaned_data
    try:
        act(assignment_id=assignment, by=request.user, now=timezone.now(), **given)
    except Refused as refused:
        return refusal_page(request, refused, back=back)
    messages.success(request, str(done))
    return redirect(back)


def _page(
    request: PersonalRequest,
    place: Seat,
    *,
    form: AssignForm | None = None,
    hand_over: HandOverForm | None = None,
    bound: tuple[int, BasisForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    project = place.project
    held: dict[str, list[RoleAssignment]] = {}
    ended: list[RoleAssignment] = []
    for given in project.roles.select_related("user", "assigned_by").order_by("id"):
        (ended if given.ends_on else held.setdefault(given.role, [])).append(given)
    changeable = project.status == Status.ACTIVE
    bases = {
        given.pk: bound[1]
        if bound and bound[0] == given.pk
        else BasisForm(prefix=_prefix(given.pk), initial={"basis": given.basis})
        for each in held.values()
        for given in each
        if changeable and (place.manages or given.user_id == request.user.pk)
    }
    accountable = next((given.user for given in held.get("R-SM", [])), None)
    form = form or AssignForm(initial={"role": request.GET.get("role", "")})
    context = {
        **frame(place, here="roles", now=timezone.now(), subtitle=_("People and roles")),
        "groups": [
            {"title": _("Roles"), "rows": _rows(ROLE_TYPES.values(), held, bases)},
            {
                "title": _("Other capacities"),
                "rows": [row for row in _rows(CAPACITIES.values(), held, bases) if row["held"]],
            },
        ],
        "ended": [{"given": given, "role": role_name(given.role)} for given in reversed(ended)],
        "unacknowledged": sum(given.acknowledged_at is None for each in held.values() for given in each),
        "unfounded": [
            {"given": given, "role": role_name(given.role)}
            for each in held.values()
            for given in each
            if not given.basis
        ],
        "may_assign": place.manages and changeable,
        "may_hand_over": place.directs and changeable,
        "changeable": changeable,
        "status_blockers": lifecycle.status_blockers(project),
        "form": form,
        "suggestions": form.fields["person"].suggest(_known(), "people-known") if place.manages else [],  # type: ignore[attr-defined]  # a field of this form, whose kind is known
        "hand_over": hand_over or HandOverForm(present=accountable),
        "refusal": refusal,
    }
    return render(request, "projects/roles.html", context, status=status)


def _known() -> list[User]:
    """People offered while one types; everybody else can be typed."""
    return list(User.objects.available().filter(is_auditor=False)[:SUGGESTED])


def _prefix(assignment: int) -> str:
    """Keeps the fields of many forms on one page apart."""
    return f"basis-{assignment}"


def _rows(kinds: Any, held: dict[str, list[RoleAssignment]], bases: dict[int, BasisForm]) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "held": [{"given": given, "basis_form": bases.get(given.pk)} for given in held.get(kind.code, [])],
            "needed": kind.code in lifecycle.KEY_ROLES,
        }
        for kind in kinds
    ]
