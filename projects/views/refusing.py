"""How a refusal is answered over HTTP: with the same words and blockers everywhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from projects.actions.projects import ChangedMeanwhile
from projects.blocker import NotAllowed, Refused


def status_of(refusal: Refused) -> int:
    """403 when the person may not, 409 when something is missing or has changed, 422 when what was given is not fit."""
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if refusal.blockers or isinstance(refusal, ChangedMeanwhile) else 422


def refusal_page(request: HttpRequest, refusal: Refused, *, back: str, status: int | None = None) -> HttpResponse:
    """A page of its own, for actions that have no form to go back to: what was refused, why, where to mend it.

    Args:
        back: address of the page that the person came from.
    """
    context = {"title": _("This was refused"), "refusal": refusal, "back": back}
    return render(request, "projects/refused.html", context, status=status or status_of(refusal))
