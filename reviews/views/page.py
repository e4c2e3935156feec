"""What every page of a review begins and ends with: who is there, the way to it, and how a refusal is answered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.blocker import Blocked, NotAllowed, Refused
from projects.credentials import SigningLocked
from projects.models import Project
from projects.requests import PersonalRequest
from reviews.access import RoomSeat, review_for, room_seat
from reviews.actions.acknowledgements import NotAcknowledged
from reviews.actions.answers import AnsweredMeanwhile, NotConvened
from reviews.actions.decisions import AlreadyDecided
from reviews.actions.policy import require_keeper
from reviews.actions.sign_offs import NotAsked, NotSigning, SignedAlready, StalePacket
from reviews.models import Review

FORBIDDEN = (NotAllowed, NotAsked)
CONFLICTS = (
    Blocked,
    StalePacket,
    AnsweredMeanwhile,
    AlreadyDecided,
    NotAcknowledged,
    NotConvened,
    NotSigning,
    SignedAlready,
)


def enter(request: PersonalRequest, code: str, ref: str) -> RoomSeat:
    """The reader's place in this review, which is loaded whole. Raises: Http404, alike for missing and foreign."""
    return room_seat(request.user, review_for(request.user, code, ref))


def status_of(refused: Refused | None) -> int:
    """403 because of who asks, 409 because of how things stand, 429 for a locked signature, else 422."""
    if refused is None:
        return 200
    if isinstance(refused, FORBIDDEN):
        return 403
    if isinstance(refused, SigningLocked):
        return 429
    return 409 if isinstance(refused, CONFLICTS) else 422


def only_keepers(request: PersonalRequest) -> None:
    """A page of the policy that is not the reader's says whose it is. Raises: PermissionDenied."""
    try:
        require_keeper(request.user)
    except NotAllowed as no:
        raise PermissionDenied(no.text) from no


def policy_crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Policy"), "url": reverse("policy")}, *more]


def project_crumbs(project: Project) -> list[dict[str, str]]:
    return [
        {"label": _("Portfolio"), "url": reverse("portfolio")},
        {"label": project.code, "url": project.get_absolute_url()},
    ]


def show(
    request: HttpRequest,
    template: str,
    seat: RoomSeat,
    *,
    refused: Refused | None = None,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    """A page of this review. A refusal stands on top of it, with the list of what is missing."""
    review = seat.review
    crumbs = project_crumbs(review.project)
    if more.get("title"):
        crumbs.append({"label": review.ref, "url": review.get_absolute_url()})
    context = {
        "review": review,
        "project": review.project,
        "seat": seat,
        "crumbs": crumbs,
        "now": timezone.now(),
        "refused": refused,
        **more,
    }
    return render(request, template, context, status=status or status_of(refused))


def back_to(review: Review, anchor: str = "") -> str:
    """The room, at the place where the reader was."""
    return review.get_absolute_url() + (f"#{anchor}" if anchor else "")
