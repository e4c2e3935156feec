"""The organisation's own questions and signers: proposed by one, changed by a next version, approved by another."""

from datetime import datetime
from typing import NotRequired, TypedDict, TypeVar, Unpack

from django.db import transaction
from django.db.models import Max, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.catalog.roles import ALL_ROLES, role_name
from projects.models import Category, User
from reviews import additions, policy_desk
from reviews.access import keeps_policy
from reviews.catalog import REVIEW_TYPES
from reviews.models import (
    ADDED_SECTIONS,
    ChecklistAddition,
    PolicyVersion,
    Retirement,
    Review,
    Section,
    SignerAddition,
)

AnAddition = TypeVar("AnAddition", ChecklistAddition, SignerAddition)


class Facts(TypedDict):
    """What a question says.

    Args:
        element: element of Table 4, for go and no-go indicators alone.
        origin: what taught it, in words; `origin_review` the round that did.
    """

    categories: tuple[str, ...]
    section: str
    element: str
    text: str
    must: bool
    origin: str
    origin_review: NotRequired[Review | None]


def elements_of(kind: str) -> list[str]:
    """The elements of readiness that a review of this kind has indicators for, in its order."""
    return list(dict.fromkeys(item.element for item in REVIEW_TYPES[kind].items if item.element))


def require_keeper(by: User) -> None:
    """Raises: NotAllowed."""
    if not keeps_policy(by):
        raise NotAllowed(_("What holds for all reviews is set by process owners and solution managers."))


def ask_second(
    row: ChecklistAddition | SignerAddition | PolicyVersion | Retirement,
    told: str,
    path: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Whoever can approve it learns that it waits; see `policy_desk.seconds`.

    Args:
        row: what waits; the notice is cancelled when it is settled.
        told: by whom what is wanted, as a sentence.
        path: the page on which it is settled.
        by: who wants it, and is not asked.
    """
    for person in policy_desk.seconds(Value(by.pk)):
        notices.queue(
            kind="policy.proposed",
            to=person,
            subject=_("A proposal for the reviews waits for a second person"),
            body=told,
            dedupe_key=f"policy.proposed:{row._meta.model_name}:{row.pk}:{person.pk}",
            now=now,
            path=path,
            about=row,
        )


def proposes(by: User, what: str) -> str:
    """The sentence for `ask_second`."""
    return _("%(person)s proposes: %(what)s") % {"person": by, "what": what}


def _check(kind: str, categories: tuple[str, ...], origin: str) -> None:
    if kind not in REVIEW_TYPES:
        raise Refused(_("Choose the review."))
    if not categories or not set(categories) <= set(Category.values):
        raise Refused(_("Choose at least one change category."))
    if not origin.strip():
        raise Refused(_("Say where it comes from, for example an incident or a no-go."))


def drafted(*, kind: str, **facts: Unpack[Facts]) -> ChecklistAddition:
    """The question that these facts would make, not saved: what the preview and the proposal show. Raises: Refused."""
    _check(kind, facts["categories"], facts["origin"])
    section, element = facts["section"], facts["element"]
    if section not in ADDED_SECTIONS:
        raise Refused(_("Questions are added to analyses, decisions and indicators."))
    if section in (Section.GO, Section.NO_GO):
        if element not in elements_of(kind):
            raise Refused(_("An indicator belongs to an element of readiness, which only a release review has."))
    elif element:
        raise Refused(_("Only an indicator belongs to an element of readiness."))
    if not facts["text"].strip():
        raise Refused(_("Write the question."))
    return ChecklistAddition(
        kind=kind,
        categories=[known for known in Category.values if known in facts["categories"]],
        section=section,
        element=element,
        text=facts["text"].strip(),
        must=facts["must"],
        origin=facts["origin"].strip(),
        origin_review=facts.get("origin_review"),
    )


@transaction.atomic
def propose_question(*, by: User, kind: str, now: datetime, **facts: Unpack[Facts]) -> ChecklistAddition:
    """A question waits for a second person's approval (SEED-42, EXT-23). Raises: NotAllowed, Refused."""
    require_keeper(by)
    row = drafted(kind=kind, **facts)
    row.proposed_at, row.proposed_by = now, by
    row.save()
    ledger.record(project=None, by=by, event="policy.proposed", obj=row, now=now, after=ledger.row(row))
    ask_second(row, proposes(by, row.text), reverse("policy"), by=by, now=now)
    return row


@transaction.atomic
def propose_change(*, pk: int, by: User, reason: str, now: datetime, **facts: Unpack[Facts]) -> ChecklistAddition:
    """The next version of a question waits for a second person; until then the one in force holds (SEED-42).

    Args:
        pk: of the version in force. A question stays in its review: that alone is not changed.

    Raises: NotAllowed, Refused.
    """
    require_keeper(by)
    present = undisturbed(ChecklistAddition, pk)
    row = drafted(kind=present.kind, **facts)
    if row.says == present.says:
        raise Refused(_("This holds already: change the wording, where it is asked, what it counts or its origin."))
    if not reason.strip():
        raise Refused(_("The reason is empty: say why the question changes. It stays in the record."))
    earlier = ChecklistAddition.objects.of_question(present.question)
    row.first_id, row.replaces = present.question, present
    row.number = (earlier.aggregate(last=Max("number"))["last"] or 1) + 1
    row.reason, row.proposed_at, row.proposed_by = reason.strip(), now, by
    row.save()
    ledger.record(project=None, by=by, event="policy.proposed", obj=row, now=now, after=ledger.row(row))
    ask_second(row, proposes(by, f"{row}: {row.text} ({row.reason})"), row.get_absolute_url(), by=by, now=now)
    return row


def undisturbed(what: type[AnAddition], pk: int) -> AnAddition:
    """The addition, locked: in force, and nothing else is to become of it. Raises: Refused."""
    row = what.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is nothing like that."))
    if text := additions.obstacle(row):
        raise Refused(text)
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
    ask_second(
        row, proposes(by, _("%(role)s signs too") % {"role": role_name(role)}), reverse("policy"), by=by, now=now
    )
    return row


@transaction.atomic
def approve(*, what: type[AnAddition], pk: int, by: User, now: datetime) -> AnAddition:
    """It holds for every round that begins from now on, and the version that it replaces no longer; open rounds stay.

    Raises: NotAllowed, Refused.
    """
    require_keeper(by)
    row = _proposed(what, pk)
    if row.proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed this: a second person approves it."))
    row.approved_at, row.approved_by = now, by
    row.save(update_fields=["approved_at", "approved_by"])
    told = ledger.snapshot(row, "approved_at", "approved_by")
    ledger.record(project=None, by=by, event="policy.approved", obj=row, now=now, after=told)
    notices.cancel(about=row)
    return row


@transaction.atomic
def drop(*, what: type[AnAddition], pk: int, by: User, now: datetime) -> AnAddition:
    """The proposal never holds and stays readable; whoever made it takes it back so. Raises: NotAllowed, Refused."""
    require_keeper(by)
    row = _proposed(what, pk)
    row.retired_at, row.retired_by = now, by
    row.save(update_fields=["retired_at", "retired_by"])
    told = ledger.snapshot(row, "retired_at", "retired_by")
    ledger.record(project=None, by=by, event="policy.dropped", obj=row, now=now, after=told)
    notices.cancel(about=row)
    return row


def _proposed(what: type[AnAddition], pk: int) -> AnAddition:
    row = what.objects.select_for_update().filter(pk=pk, retired_at__isnull=True).first()
    if row is None:
        raise Refused(_("There is nothing like that proposed."))
    if row.approved_at is not None:
        raise Refused(_("It is approved already."))
    return row
