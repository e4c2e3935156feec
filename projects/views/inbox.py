"""The start page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from projects import inbox as desks
from projects import ledger, sentences
from projects.access import may_create_projects
from projects.models import LedgerEntry, Project
from projects.requests import PersonalRequest


@require_safe
def inbox(request: PersonalRequest) -> HttpResponse:
    """What waits for the reader, what the reader waits for, what happened on the reader's projects."""
    desk = SimpleLazyObject(lambda: desks.desk(request.user, timezone.now()))
    context = {
        "newest": ledger.newest_entry(),
        "desk": desk,
        "watching": SimpleLazyObject(lambda: [_happened(entry) for entry in desk.watching]),
        "new_url": reverse("project_new") if may_create_projects(request.user) else "",
    }
    return render(request, "projects/inbox.html", context)


def _happened(entry: LedgerEntry) -> dict[str, Any]:
    told = sentences.tell(entry)
    project = entry.stream.project
    assert isinstance(project, Project)  # only chains of projects are watched
    return {
        "at": entry.occurred_at,
        "who": told.who,
        "sentence": told.sentence,
        "source": str(project),
        "url": reverse("history", args=[project.code]) + f"#line-{entry.seq}",
    }
