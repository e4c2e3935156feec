"""What every page of a project shows on top, and how a refusal becomes an answer."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.actions.projects import ChangedMeanwhile
from projects.blocker import Blocked, NotAllowed, Refused
from projects.models import Project

CONFLICT, FORBIDDEN, UNPROCESSABLE = 409, 403, 422


def head(project: Project, here: str, *, subtitle: str = "") -> dict[str, Any]:
    """Context of templates/projects/_head.html. No query.

    Args:
        here: name of the page's address, e.g. ``roles``.
        subtitle: which page of the project this is; empty on its own page.
    """
    pages = [
        ("project", _("Overview")),
        ("artifacts", _("Artifacts")),
        ("requirements", _("Requirements")),
        ("roles", _("Roles")),
        ("evidence", _("Evidence")),
        ("history", _("History")),
    ]
    return {
        "project": project,
        "subtitle": subtitle,
        "url": project.get_absolute_url(),
        "pages": [
            {"label": label, "url": reverse(name, args=[project.code]), "here": name == here} for name, label in pages
        ],
    }


def status_of(refused: Refused) -> int:
    """403 because of who asks, 409 because of what is missing or happened meanwhile, 422 because of what was typed."""
    if isinstance(refused, NotAllowed):
        return FORBIDDEN
    if isinstance(refused, Blocked | ChangedMeanwhile) or refused.blockers:
        return CONFLICT
    return UNPROCESSABLE


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted
