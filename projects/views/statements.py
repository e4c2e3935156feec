"""Statements of a project: the list by stage with who has signed what, and the page on which one is signed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects import credentials
from projects.access import Seat, project_for, seat
from projects.actions import statements as actions
from projects.blocker import Refused
from projects.catalog.artifacts import GATE_NAMES
from projects.catalog.categories import PROFILES
from projects.catalog.stages import STAGES
from projects.catalog.statements import STATEMENTS
from projects.checks.statements import Board, Signing, Standing
from projects.forms.statements import StatementForm
from projects.frame import frame
from projects.models import Project, Status
from projects.requests import PersonalRequest
from projects.views.refusing import status_of

CREDENTIALS = (credentials.WrongCredentials, credentials.SigningLocked, credentials.SecondFactorMissing)


@require_safe
def statements(request: PersonalRequest, code: str) -> HttpResponse:
    """What the project has people sign outside its reviews: on what, by whom, and whether it still counts."""
    place = seat(request.user, project_for(request.user, code))
    everything = request.GET.get("show") == "all"
    standings = [
        standing
        for standing in Board(place.project).standings
        if everything or standing.wanted or any(side.signed or side.superseded for side in standing.sides)
    ]
    groups = [
        {"stage": stage, "standings": found}
        for key, stage in STAGES.items()
        if (found := [standing for standing in standings if standing.topic.stage == key])
    ]
    context = {
        **frame(place, here="statements", now=timezone.now(), subtitle=_("Statements")),
        "groups": groups,
        "everything": everything,
        "gates": GATE_NAMES,
        "active": place.project.status == Status.ACTIVE,
    }
    return render(request, "projects/statements.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: PersonalRequest, code: str, topic: str, side: str) -> HttpResponse:
    """One side of one statement: what is signed, and for who may sign, credentials and one button."""
    place = seat(request.user, project_for(request.user, code))
    standing, asked = _asked(place.project, topic, side)
    if request.method != "POST":
        return _page(request, place, standing, asked)
    posted = request.POST.get("digest", "")
    form = _form(place, asked, request.POST)
    if posted == asked.digest and not form.is_valid():
        return _page(request, place, standing, asked, form=form, status=422)
    now = timezone.now()
    try:
        proof = None
        if posted == asked.digest and request.user in asked.holders:
            proof = form.prove(
                request.user, bound_to=posted, required_second_factor=_second_factor(place.project), now=now
            )
        actions.sign(
            project_id=place.project.pk,
            by=request.user,
            topic=topic,
            side=side,
            digest=posted,
            proof=proof or credentials.Proof(user_id=request.user.pk, method=""),
            comment=form.cleaned_data.get("comment", "") if form.is_valid() else "",
            now=now,
        )
    except CREDENTIALS as no:
        form.add_error("password", no.text)
        return _page(request, place, standing, asked, form=form, status=status_of(no))
    except Refused as no:
        standing, asked = _asked(place.project, topic, side)
        form = _form(place, asked, request.POST)
        return _page(request, place, standing, asked, form=form, refusal=no, status=status_of(no))
    messages.success(request, _("You have signed: %(title)s.") % {"title": asked.topic.title})
    return redirect(reverse("statements", args=[code]) + f"#{topic}")


def _asked(project: Project, topic: str, side: str) -> tuple[Standing, Signing]:
    """The statement as it stands, and this side of it. Raises: Http404."""
    if topic not in STATEMENTS:
        raise Http404
    standing = Board(project, [STATEMENTS[topic]]).standings[0]
    asked = next((each for each in standing.sides if each.side.code == side), None)
    if asked is None:
        raise Http404
    return standing, asked


def _second_factor(project: Project) -> bool:
    return PROFILES[project.category].second_factor


def _form(place: Seat, asked: Signing, data: Any = None) -> StatementForm:
    if data is not None:
        data = data.copy()
        data["digest"] = asked.digest  # whatever the page showed before, the next signature is under this
    return StatementForm(
        data,
        user=place.user,
        bound_to=asked.digest,
        second_factor_by_profile=_second_factor(place.project),
        initial={"digest": asked.digest},
    )


def _page(
    request: PersonalRequest,
    place: Seat,
    standing: Standing,
    asked: Signing,
    *,
    form: StatementForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **frame(place, here="statements", now=timezone.now(), subtitle=asked.topic.title),
        "asked": asked,
        "standing": standing,
        "form": form or _form(place, asked),
        "refusal": refusal,
        "may_sign": place.project.status == Status.ACTIVE
        and request.user in asked.holders
        and bool(asked.body)
        and asked.signed is None,
    }
    return render(request, "projects/statement.html", context, status=status)
