"""The organisation's own questions and signers: proposed by one, approved by another, retired."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.catalog.roles import ALL_ROLES, role_name
from projects.models import Category, User
from reviews.access import keeps_policy
from reviews.catalog import REVIEW_TYPES
from reviews.models import ADDED_SECTIONS, ChecklistAddition, PolicyVersion, Review, Section, SignerAddition

AnAddition = TypeVar("AnAddition", ChecklistAddition, SignerAddition)


def elements_of(kind: str) -> list[str]:
    """The elements of readiness that a review of this kind has indicators for, in its order."""
    return list(dict.fromkeys(item.element for item in REVIEW_TYPES[kind].items if item.element))


def require_keeper(by: User) -> None:
    """Raises: NotAllowed."""
    if not keeps_policy(by):
        raise NotAllowed(_("What holds for all reviews is set by process owners and solution managers."))


def ask_second(row: ChecklistAddition | SignerAddition | PolicyVersion, what: str, now: datetime) -> None:
    """Whoever can approve the proposal learns that it waits: process owners, or solution managers where none is left.

    Args:
        what: is proposed, in words.
    """
    others = User.objects.filter(is_active=True, is_auditor=False).exclude(pk=row.proposed_by_id)
    for person in others.filter(is_process_owner=True) or others.filter(is_solution_manager=True):
        notices.queue(
            kind="policy.proposed",
            to=person,
            subject=_("A proposal for the reviews waits for a second person"),
            body=_("%(person)s proposes: %(what)s") % {"person": row.proposed_by, "what": what},
            dedupe_key=f"policy.proposed:{row._meta.model_name}:{row.pk}:{person.pk}",
            now=now,
            path=reverse("policy"),
            about=row,
        )


def _check(kind: str, categories: tuple[str, ...], origin: str) -> None:
    if kind not in REVIEW_TYPES:
        raise Refused(_("Choose the review."))
    if not categories or not set(categories) <= set(Category.values):
        raise Refused(_("Choose at least one change category."))
    if not origin.strip():
        raise Refused(_("Say where it comes from, for example an incident or a no-go."))


@transaction.atomic
def propose_question(
    *,
    by: User,
    kind: str,
    categories: tuple[str, ...],
    section: str,
    element: str,
    text: str,
    must: bool,
    origin: str,
    now: datetime,
    origin_review: Review | None = None,
) -> ChecklistAddition:
    """A question waits for a second person's approval (SEED-42, EXT-23).

    Args:
        element: element of Table 4, for go and no-go indicators alone.
        origin: what taught it, in words; `origin_review` the round that did.

    Raises: NotAllowed, Refused.
    """
    require_keeper(by)
    _check(kind, categories, origin)
    if section not in ADDED_SECTIONS:
        raise Refused(_("Questions are added to analyses, decisions and indicators."))
    if section in (Section.GO, Section.NO_GO):
        if element not in elements_of(kind):
            raise Refused(_("An indicator belongs to an element of readiness, which only a release review has."))
    elif element:
        raise Refused(_("Only an indicator belongs to an element of readiness."))
    if not text.strip():
        raise Refused(_("Write the question."))
    row = ChecklistAddition.objects.create(
        kind=kind,
        categories=list(categories),
        section=section,
        element=element,
        text=text.strip(),
        must=must,
        origin=origin.strip(),
        origin_review=origin_review,
        proposed_at=now,
        proposed_by=by,
    )
    ledger.record(project=None, by=by, event="policy.proposed", obj=row, now=now, after=ledger.row(row))
    ask_second(row, row.text, now)
    return row


@transaction.atomic
def propose_signer(
    *, by: User, kind: str, categories: tuple[str, ...], role: str, origin: str, now: datetime
) -> SignerAddition:
    """A role that must sign too waits for a second person's approval (SEED-43). Raises: NotAllowed, Refused."""
    require_keeper(by)
    _check(kind, categories, origin)
    if role not in ALL_ROLES or role == "P-AUD":
        raise Refused(_("Choose a role that signs."))
    row = SignerAddition.objects.create(
        kind=kind, categories=list(categories), role=role, origin=origin.strip(), proposed_at=now, proposed_by=by
    )
    ledger.record(project=None, by=by, event="policy.proposed", obj=row, now=now, after=ledger.row(row))
    ask_second(row, _("%(role)s signs too") % {"role": role_name(role)}, now)
    return row


@transaction.atomic
def approve(*, what: type[AnAddition], pk: int, by: User, now: datetime) -> AnAddition:
    """It holds for every round that begins from now on; running rounds stay as they are.

    Raises: NotAllowed, Refused.
    """
    require_keeper(by)
    row = _standing(what, pk)
    if row.approved_at is not None:
        raise Refused(_("It is approved already."))
    if row.proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed this: a second person approves it."))
    row.approved_at, row.approved_by = now, by
    row.save(update_fields=["approved_at", "approved_by"])
    told = ledger.snapshot(row, "approved_at", "approved_by")
    ledger.record(project=None, by=by, event="policy.approved", obj=row, now=now, after=told)
    notices.cancel(about=row)
    return row


@transaction.atomic
def retire(*, what: type[AnAddition], pk: int, by: User, now: datetime) -> AnAddition:
    """New rounds no longer ask it; a proposal is dropped. Raises: NotAllowed, Refused."""
    require_keeper(by)
    row = _standing(what, pk)
    row.retired_at, row.retired_by = now, by
    row.save(update_fields=["retired_at", "retired_by"])
    told = ledger.snapshot(row, "retired_at", "retired_by")
    ledger.record(project=None, by=by, event="policy.retired", obj=row, now=now, after=told)
    notices.cancel(about=row)
    return row


def _standing(what: type[AnAddition], pk: int) -> AnAddition:
    row = what.objects.select_for_update().filter(pk=pk, retired_at__isnull=True).first()
    if row is None:
        raise Refused(_("There is nothing like that in force or proposed."))
    return row
