"""What of the policy waits for a second person, and who that is: for notices, the inbox and its badge."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import User
from projects.ports import InboxEntry
from reviews.access import keeps_policy
from reviews.models import ChecklistAddition, PolicyVersion, Retirement, SignerAddition

Row = TypeVar("Row", bound=Model)
BOUND = 100
"""So many things of one kind are shown to one person at most."""
PROPOSED = {"approved_at__isnull": True, "retired_at__isnull": True}


def seconds(by: Value | OuterRef) -> "QuerySet[User]":
    """Who is asked to settle what somebody wants: the other process owners, or solution managers where none is left.

    Args:
        by: the key of whoever wants it, who does not settle it.
    """
    keepers = User.objects.filter(is_active=True, is_auditor=False)
    owners = keepers.filter(is_process_owner=True).exclude(pk=OuterRef("wants_it"))
    others = keepers.alias(wants_it=ExpressionWrapper(by, BigIntegerField())).exclude(pk=F("wants_it"))
    return others.filter(Q(is_process_owner=True) | (Q(is_solution_manager=True) & ~Exists(owners)))


def _of_others(rows: "QuerySet[Row]", by: str, user: User) -> "QuerySet[Row]":
    """Those that this person is asked to settle. Args: by: the column with whoever wants it."""
    if not keeps_policy(user):
        return rows.none()
    return rows.filter(Exists(seconds(OuterRef(by)).filter(pk=user.pk))).select_related(by)


def _questions(user: User) -> "QuerySet[ChecklistAddition]":
    return _of_others(ChecklistAddition.objects.filter(**PROPOSED), "proposed_by", user)


def _signers(user: User) -> "QuerySet[SignerAddition]":
    return _of_others(SignerAddition.objects.filter(**PROPOSED), "proposed_by", user)


def _versions(user: User) -> "QuerySet[PolicyVersion]":
    return _of_others(PolicyVersion.objects.waiting(), "proposed_by", user)


def _retirements(user: User) -> "QuerySet[Retirement]":
    return _of_others(Retirement.objects.waiting(), "asked_by", user)


def kinds(user: User) -> "list[QuerySet[Model]]":
    """Everything of the policy that this person is asked to settle, to be counted."""
    return [_questions(user), _signers(user), _versions(user), _retirements(user)]


def inbox(user: User) -> Iterator[InboxEntry]:
    """The same as entries. Four queries for whoever keeps the policy, none for others."""
    for question in _questions(user)[:BOUND]:
        yield _proposed(question.named, question.proposed_by, question.proposed_at, question.get_absolute_url())
    for signer in _signers(user)[:BOUND]:
        yield _proposed(signer.named, signer.proposed_by, signer.proposed_at, reverse("policy"))
    for version in _versions(user)[:BOUND]:
        url = reverse("policy_versions", args=[version.kind, version.category])
        yield _proposed(str(version), version.proposed_by, version.proposed_at, url)
    for asked in _retirements(user).select_related("question", "signer")[:BOUND]:
        text = _("Confirm or refuse that %(what)s is retired, as %(person)s asks")
        yield InboxEntry(
            kind="policy",
            text=text % {"what": asked.of.named, "person": asked.asked_by},
            project=None,
            url=reverse("policy_retirement", args=[asked.what, asked.of.pk]),
            since=asked.asked_at,
        )


def _proposed(what: str, by: User, at: datetime, url: str) -> InboxEntry:
    text = _("Approve or refuse a proposal of %(person)s for the reviews: %(what)s")
    return InboxEntry(kind="policy", text=text % {"person": by, "what": what}, project=None, url=url, since=at)
