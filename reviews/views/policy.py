"""What the organisation adds to the reviews of the catalogue: listed for everybody, changed by who keeps the rules."""

from textwrap import shorten
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import rigor_table
from projects.blocker import Refused
from projects.catalog.roles import role_name
from projects.models import Project, User
from projects.requests import PersonalRequest
from reviews import additions
from reviews.access import keeps_policy
from reviews.actions import policy as actions
from reviews.forms.policy import QuestionForm, SignerForm, round_called
from reviews.models import ChecklistAddition, Retirement, SignerAddition
from reviews.policy_preview import question_preview
from reviews.views.page import only_keepers, policy_crumbs, status_of
from reviews.views.policy_versions import subjects

EDIT = require_http_methods(["GET", "HEAD", "POST"])
WHAT: dict[str, type[ChecklistAddition] | type[SignerAddition]] = {
    "questions": ChecklistAddition,
    "signers": SignerAddition,
}


@require_safe
def policy(request: PersonalRequest) -> HttpResponse:
    """Questions and signers of the organisation's own, with where each comes from and who approved it."""
    return _list(request, None)


def _list(request: PersonalRequest, refused: Refused | None) -> HttpResponse:
    people = ("proposed_by", "approved_by", "retired_by")
    waiting = {row.signer_id: row for row in Retirement.objects.waiting().filter(signer__isnull=False)}
    context = {
        "questions": additions.all_questions(),
        "signers": [
            {
                "row": row,
                "role": role_name(row.role),
                "state": (row.state, row.state_label),
                "retirement": waiting.get(row.pk),
            }
            for row in SignerAddition.objects.select_related(*people).order_by("-pk")
        ],
        "seen": seen_by(request.user),
        "keeps": keeps_policy(request.user),
        "subjects": subjects(),
        "compared": rigor_table.demands(),
        "refused": refused,
    }
    return render(request, "reviews/policy.html", context, status=status_of(refused))


def seen_by(reader: User) -> set[int] | None:
    """Projects whose rounds are named as an origin; None: all of them."""
    return None if keeps_policy(reader) else set(Project.objects.visible_to(reader).values_list("pk", flat=True))


@EDIT
def policy_question(request: PersonalRequest) -> HttpResponse:
    """A question is proposed; the preview shows it as the room will."""
    form = QuestionForm(
        request.POST or None, reader=request.user, initial=_lesson(request.user, request.GET.get("from", ""))
    )
    return _propose(request, form, actions.propose_question, _("Propose a question"))


def _lesson(reader: User, ref: str) -> dict[str, Any]:
    """What a question from this round begins with: where it comes from, and the reviews that it comes from (EXT-23)."""
    review = round_called(ref, reader)
    if review is None:
        return {}
    told = _("%(decision)s (%(ref)s, %(project)s)") if review.decision else _("%(ref)s, %(project)s")
    what = told % {"decision": review.get_decision_display(), "ref": review.ref, "project": review.project.code}
    return {
        "kind": review.kind,
        "categories": [review.category],
        "origin": shorten(f"{what}: {review.decision_reason}".rstrip(": "), 200, placeholder=" …"),
        "origin_review": f"{review.project.code} {review.ref}",
    }


@EDIT
def policy_signer(request: PersonalRequest) -> HttpResponse:
    """A role that must sign too is proposed."""
    return _propose(request, SignerForm(request.POST or None), actions.propose_signer, _("Propose a signer"))


def _propose(request: PersonalRequest, form: QuestionForm | SignerForm, propose: Any, title: str) -> HttpResponse:
    only_keepers(request)
    refused, shown = None, None
    if form.is_valid():
        try:
            if "preview" in request.POST and isinstance(form, QuestionForm):
                shown = question_preview(None, actions.drafted(**form.facts()), request.user)
            else:
                propose(by=request.user, now=timezone.now(), **form.facts())
                messages.success(request, _("It is proposed. A second person approves it."))
                return redirect("policy")
        except Refused as no:
            refused = no
    context = {
        "form": form,
        "title": title,
        "refused": refused,
        "preview": shown,
        "previews": isinstance(form, QuestionForm),
        "crumbs": policy_crumbs(),
    }
    status = status_of(refused) if refused else 422 if form.errors else 200
    return render(request, "reviews/policy_new.html", context, status=status)


@require_POST
def policy_do(request: PersonalRequest, what: str, pk: int, verb: str) -> HttpResponse:
    """What is proposed is approved or dropped."""
    verbs: dict[str, Any] = {"approve": actions.approve, "drop": actions.drop}
    if what not in WHAT or verb not in verbs:
        raise Http404
    try:
        row = verbs[verb](what=WHAT[what], pk=pk, by=request.user, now=timezone.now())
    except Refused as no:
        return _list(request, no)
    messages.success(request, _("Approved: it holds for new rounds.") if verb == "approve" else _("Dropped."))
    return redirect(row if getattr(row, "replaces_id", None) else "policy")
