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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import lifecycle
from projects.access import Seat, project_for, seat
from projects.actions import roles as actions
from projects.blocker import NotAllowed, Refused
from projects.catalog.roles import CAPACITIES, ROLE_TYPES, role_name
from projects.forms.fields import PersonByName
from projects.forms.roles import OFFERED, BasisForm, HandOverForm, TeamForm
from projects.frame import frame
from projects.models import RoleAssignment, Status, User
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

SUGGESTED = 100


@require_safe
def roles(request: PersonalRequest, code: str) -> HttpResponse:
    """Every role with its responsibilities, goal and holders."""
    return _page(request, seat(request.user, project_for(request.user, code)))


@require_http_methods(["GET", "HEAD", "POST"])
def roles_fill(request: PersonalRequest, code: str) -> HttpResponse:
    """One table: somebody for each role, and what each assignment rests on; saved as a whole, or not."""
    place = seat(request.user, project_for(request.user, code))
    if not place.manages:
        refused: Refused = NotAllowed(_("Roles are assigned by the program manager or a solution manager."))
        return refusal_page(request, refused, back=reverse("roles", args=[code]))
    held = list(place.project.roles.filter(ends_on__isnull=True).select_related("user").order_by("id"))
    form = TeamForm(request.POST or None, held=held)
    refusal, status = None, 422 if form.errors else 200
    if form.is_valid():
        try:
            made = actions.fill(
                project_id=place.project.pk,
                by=request.user,
                named=form.named(),
                bases=form.bases(),
                now=timezone.now(),
            )
        except Refused as no:
            refusal, status = no, status_of(no)
            form.refuse(no.rows if isinstance(no, actions.FillRefused) else {})
        else:
            if made or form.bases():
                messages.success(request, _("Saved. Named and asked to acknowledge: %(count)d.") % {"count": len(made)})
            else:
                messages.info(request, _("Nothing was typed, so nothing has changed."))
            return redirect("roles", code)
    context = {
        **frame(place, here="roles", now=timezone.now(), subtitle=_("Fill the roles")),
        "form": form,
        "rows": _table(form, held),
        "suggestions": [PersonByName.suggestion(person) for person in _known()],
        "changeable": place.project.status == Status.ACTIVE,
        "status_blockers": lifecycle.status_blockers(place.project),
        "refusal": refusal,
    }
    return render(request, "projects/roles_fill.html", context, status=status)


def _table(form: TeamForm, held: list[RoleAssignment]) -> list[dict[str, Any]]:
    """A line for each role: who holds it with what it rests on, and the fields for somebody more."""
    return [
        {
            "code": code,
            "name": name,
            "needed": code in lifecycle.KEY_ROLES,
            "held": [{"given": given, "basis": form[f"held-{given.pk}"]} for given in held if given.role == code],
            "person": form[f"{code}-person"],
            "basis": form[f"{code}-basis"],
        }
        for code, name in OFFERED.items()
    ]


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
        if changeable and (given.user_id == request.user.pk or (bound is not None and bound[0] == given.pk))
    }
    accountable = next((given.user for given in held.get("R-SM", [])), None)
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
