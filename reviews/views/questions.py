"""A question of the organisation's own: what holds, what is proposed, every version; the form for the next one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import additions
from reviews.access import keeps_policy
from reviews.actions import policy as actions
from reviews.forms.policy import ChangeForm
from reviews.models import ChecklistAddition
from reviews.policy_preview import question_preview
from reviews.views.page import only_keepers, policy_crumbs, status_of
from reviews.views.policy import seen_by


def _question(pk: int) -> additions.Question:
    found = additions.question(pk)
    if found is None:
        raise Http404
    return found


@require_safe
def policy_history(request: PersonalRequest, pk: int) -> HttpResponse:
    """What new rounds ask, what is proposed in its place, every version there ever was; by the question's number."""
    question, keeps = _question(pk), keeps_policy(request.user)
    waiting = question.waiting
    context = {
        "question": question,
        "title": _("Question %(name)s") % {"name": f"X-{pk}"},
        "waiting": waiting,
        "preview": question_preview(question.present, waiting, request.user) if waiting else None,
        "history": [_told(question, row) for row in reversed(question.versions)],
        "retirement": question.retirement,
        "keeps": keeps,
        "may_approve": keeps and waiting is not None and waiting.proposed_by_id != request.user.pk,
        "seen": seen_by(request.user),
        "crumbs": policy_crumbs(),
    }
    return render(request, "reviews/policy_history.html", context)


def _told(question: additions.Question, row: ChecklistAddition) -> dict[str, Any]:
    state, label = question.state_of(row)
    asked = [each for each in question.retirements if each.question_id == row.pk]
    return {"row": row, "state": state, "label": label, "retirements": asked}


@require_http_methods(["GET", "HEAD", "POST"])
def policy_change(request: PersonalRequest, pk: int) -> HttpResponse:
    """The next version of a question in force is drafted, looked at and proposed; by the question's number."""
    only_keepers(request)
    question = _question(pk)
    present = question.shown
    if request.method != "POST" and (question.waiting or question.retirement or not question.present):
        return redirect("policy_history", pk)  # which says what stands in the way
    typed, previewing = request.POST if request.method == "POST" else None, "preview" in request.POST
    form = ChangeForm(typed, reader=request.user, present=present, previewing=previewing)
    refused, shown = None, None
    if form.is_valid():
        try:
            if previewing:
                draft = actions.drafted(kind=present.kind, **form.facts())
                draft.first_id, draft.number = question.number, question.versions[-1].number + 1
                shown = question_preview(present, draft, request.user)
            else:
                of, reason = form.cleaned_data["of"], form.cleaned_data["reason"]
                if all(row.pk != of for row in question.versions):
                    raise Http404
                actions.propose_change(pk=of, by=request.user, reason=reason, now=timezone.now(), **form.facts())
                messages.success(request, _("It is proposed. A second person approves it."))
                return redirect("policy_history", question.number)
        except Refused as no:
            refused = no
    context = {
        "title": _("Propose a change of %(code)s") % {"code": present},
        "present": present,
        "form": form,
        "preview": shown,
        "refused": refused,
        "crumbs": policy_crumbs({"label": f"X-{question.number}", "url": reverse("policy_history", args=[pk])}),
    }
    status = status_of(refused) if refused else 422 if form.errors else 200
    return render(request, "reviews/policy_change.html", context, status=status)
