"""Versions of who takes part, who must be there and how long a go holds: proposed, approved by another, refused."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.models import Category, User
from reviews import terms
from reviews.actions.policy import ask_second, proposes, require_keeper
from reviews.catalog import REVIEW_TYPES, VALIDITY_LIMITS
from reviews.models import PolicyVersion
from reviews.terms import LOOKS_ON, NOT_ASKED, SIGNS, Terms

MOST = 9  # people of one group that a quorum can ask for


class NotLower(Refused):
    """The catalogue's own groups and quorum are the floor: policy adds to them."""


def drafted(
    *, kind: str, category: str, places: Mapping[str, str], quorum: Mapping[str, int], validity_days: int
) -> PolicyVersion:
    """The version that these facts would make, not saved: what the preview and the proposal show.

    Args:
        places: for each group SIGNS, LOOKS_ON or NOT_ASKED; a group left out is not asked.
        quorum: how many of each group must have taken part; a group left out needs nobody, or one where it signs.
        validity_days: of a release's go, within `VALIDITY_LIMITS`; not read for a plan, which holds until it changes.

    Raises: NotLower, Refused.
    """
    if kind not in REVIEW_TYPES or category not in Category.values:
        raise Refused(_("Choose the review and the change category."))
    floor, names = terms.delivered(kind, category), terms.group_names(kind)
    for code in [*places, *quorum]:
        if code not in names:
            raise Refused(_("There is no group %(group)s in this review.") % {"group": code})
    for code, name in names.items():
        _check_place(floor, code, name, places.get(code, NOT_ASKED))
        _check_quorum(floor, code, name, places.get(code, NOT_ASKED), quorum.get(code, 0))
    if floor.validity_days:
        low, high = VALIDITY_LIMITS[category]
        if not low <= validity_days <= high:
            raise Refused(
                _("Days that a go holds: write a number from %(low)d to %(high)d.") % {"low": low, "high": high}
            )
    return PolicyVersion(
        kind=kind,
        category=category,
        signer_groups=[code for code in names if places.get(code) == SIGNS],
        observer_groups=[code for code in names if places.get(code) == LOOKS_ON],
        quorum={code: least for code in names if (least := _least(places, quorum, code))},
        validity_days=validity_days if floor.validity_days else 0,
    )


def _least(places: Mapping[str, str], quorum: Mapping[str, int], code: str) -> int:
    return max(quorum.get(code, 0), int(places.get(code) == SIGNS))


def _check_place(floor: Terms, code: str, name: str, place: str) -> None:
    if place not in (SIGNS, LOOKS_ON, NOT_ASKED):
        raise Refused(_("%(group)s: choose signs, looks on or not asked.") % {"group": name})
    if place == SIGNS and not terms.can_sign(floor.kind, code):
        raise Refused(_("%(group)s never signs: choose looks on or not asked.") % {"group": name})
    least = floor.place_of(code)
    if least == SIGNS and place != SIGNS:
        raise NotLower(
            _("%(group)s signs, as the catalogue asks: policy adds and takes nothing away. Choose signs.")
            % {"group": name}
        )
    if least == LOOKS_ON and place == NOT_ASKED:
        raise NotLower(_("%(group)s takes part, as the catalogue asks: choose looks on or signs.") % {"group": name})


def _check_quorum(floor: Terms, code: str, name: str, place: str, least: int) -> None:
    if not 0 <= least <= MOST:
        raise Refused(_("Quorum, %(group)s: write a number from 0 to %(most)d.") % {"group": name, "most": MOST})
    if place == NOT_ASKED and least:
        raise Refused(
            _("Quorum, %(group)s: the group is not asked. Write 0, or let it sign or look on.") % {"group": name}
        )
    wanted = floor.quorum.get(code, 0)
    if place == SIGNS and 0 < least < wanted:
        raise NotLower(
            _("Quorum, %(group)s: the catalogue asks for %(least)d. Write that or more.")
            % {"group": name, "least": wanted}
        )


@transaction.atomic
def propose(
    *,
    by: User,
    kind: str,
    category: str,
    places: Mapping[str, str],
    quorum: Mapping[str, int],
    validity_days: int,
    on: int,
    reason: str,
    now: datetime,
) -> PolicyVersion:
    """The next version of these rules waits for a second person (SEED-42, SEED-43); arguments as of `drafted`.

    Args:
        on: number of the version in force that it was drafted on.

    Raises: NotAllowed, NotLower, Refused.
    """
    require_keeper(by)
    row = drafted(kind=kind, category=category, places=places, quorum=quorum, validity_days=validity_days)
    if not reason.strip():
        raise Refused(_("The reason is empty: say why the rules change. It stays in the record."))
    earlier = PolicyVersion.objects.filter(kind=kind, category=category)
    _require_none_waiting(kind, category)
    row.number = (earlier.aggregate(last=Max("number"))["last"] or 1) + 1
    held = terms.in_force(kind, category)
    if on != held.number:
        raise Refused(
            _("Version %(number)d is in force by now, and this was written on version %(on)d: begin with what holds.")
            % {"number": held.number, "on": on}
        )
    if terms.of_version(row).same_as(held):
        raise Refused(_("This holds already: change a group, the quorum or the days."))
    row.reason, row.proposed_by, row.proposed_at = reason.strip(), by, now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody has proposed at the same moment
        _require_none_waiting(kind, category)
        raise
    ledger.record(project=None, by=by, event="policy.version_proposed", obj=row, now=now, after=ledger.row(row))
    ask_second(
        row,
        proposes(by, f"{row}. {row.reason}"),
        reverse("policy_versions", args=[kind, category]),
        by=by,
        now=now,
    )
    return row


def _require_none_waiting(kind: str, category: str) -> None:
    waiting = PolicyVersion.objects.waiting().filter(kind=kind, category=category).select_related("proposed_by").first()
    if waiting is not None:
        raise Refused(
            _("Version %(number)d, proposed by %(person)s, still waits: approve or refuse it first.")
            % {"number": waiting.number, "person": waiting.proposed_by}
        )


@transaction.atomic
def approve(*, pk: int, by: User, now: datetime) -> PolicyVersion:
    """It holds for every round opened from now on; open rounds keep the version they began with.

    Raises: NotAllowed, Refused.
    """
    require_keeper(by)
    row = _waiting(pk)
    if row.proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed this: a second person approves it."))
    row.approved_at, row.approved_by = now, by
    row.save(update_fields=["approved_at", "approved_by"])
    told = ledger.snapshot(row, "approved_at", "approved_by")
    ledger.record(project=None, by=by, event="policy.version_approved", obj=row, now=now, after=told)
    notices.cancel(about=row)
    return row


@transaction.atomic
def refuse(*, pk: int, by: User, reason: str, now: datetime) -> PolicyVersion:
    """The proposal never holds and stays readable; whoever made it takes it back so. Raises: NotAllowed, Refused."""
    require_keeper(by)
    row = _waiting(pk)
    if not reason.strip():
        raise Refused(_("The reason is empty: say why the proposal is refused. It stays in the record."))
    row.refused_at, row.refused_by, row.refusal = now, by, reason.strip()
    row.save(update_fields=["refused_at", "refused_by", "refusal"])
    told = ledger.snapshot(row, "refused_at", "refused_by", "refusal")
    ledger.record(project=None, by=by, event="policy.version_refused", obj=row, now=now, after=told)
    notices.cancel(about=row)
    return row


def _waiting(pk: int) -> PolicyVersion:
    row = PolicyVersion.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is no such version."))
    if row.approved_at is not None or row.refused_at is not None:
        raise Refused(_("Version %(number)d is settled: propose another one.") % {"number": row.number})
    return row
