"""What others have answered since a room was opened: asked for by the open page itself, every few seconds."""

from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.requests import PersonalRequest
from reviews.access import review_id_for
from reviews.models import ItemAnswer
from reviews.views.page import enter
from reviews.views.room import facts_of_room


@require_safe
def news(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The questions answered since answer `since`, as parts for htmx to put into the room; 204 when there are none.

    A question that the reader is answering (`editing`) is not replaced: a note in its form tells of the other answer.
    """
    since = request.GET.get("since", "")
    known = int(since) if since.isascii() and since.isdigit() and len(since) < 18 else 0
    given = ItemAnswer.objects.filter(item__review_id=review_id_for(request.user, code, ref))
    if (given.aggregate(newest=Max("pk"))["newest"] or 0) <= known:
        return HttpResponse(status=204)
    seat = enter(request, code, ref)
    shown = facts_of_room(seat)
    rows = [row for row in shown["room"].by_code.values() if row.answer is not None and row.answer.pk > known]
    editing = set(request.GET.getlist("editing"))
    context: dict[str, Any] = {
        **shown,
        "seat": seat,
        "review": seat.review,
        "project": seat.review.project,
        "fresh": [row for row in rows if row.item.code not in editing],
        "written": [row for row in rows if row.item.code in editing],
        "others": [row for row in rows if row.answer and row.answer.assessor_id != request.user.pk],
    }
    return render(request, "reviews/_news_parts.html", context)
