"""Recording risks, changing them, and saying where each of them stands."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.access import Seat
from projects.actions import rows
from projects.blocker import Refused
from projects.models import Risk, User

AUTHORITIES = frozenset({"P-OPS", "P-SPONSOR", "P-SEC", "R-SM"})
"""Roles whose holders may accept a risk or call it unacceptable (SEED-76)."""


def is_authority(place: Seat) -> bool:
    """Whether the person may say that the project lives with a risk."""
    return place.directs or (not place.user.is_auditor and bool(place.roles & AUTHORITIES))


def _kinds(impacts: Sequence[str]) -> str:
    known = [kind for kind in Risk.Kind.values if kind in impacts]
    if not known:
        raise Refused(_("Say what the risk touches: availability, reliability, security, compliance or reputation."))
    return ", ".join(known)


def _fit(likelihood: int, impact: int, response: str, plan: str) -> None:
    if not (1 <= likelihood <= 5 and 1 <= impact <= 5):
        raise Refused(_("Likelihood and impact are from 1, very low, to 5, very high."))
    if bool(response) != bool(plan.strip()):
        raise Refused(_("A response and what is done belong together: give both, or neither yet."))


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    text: str,
    impacts: Sequence[str],
    likelihood: int,
    impact: int,
    now: datetime,
    response: str = "",
    plan: str = "",
    owner: User | None = None,
    ref: str = "",
) -> Risk:
    """Something may go wrong, and stands open until it is addressed or accepted (SEED-52).

    Args:
        impacts: values of `Risk.Kind`, at least one.
        likelihood, impact: 1, very low, to 5, very high.
        response, plan: avoid, reduce, transfer or accept, and what is done; both or neither.
        ref: unique on the project; the next free RISK number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Risks are recorded by people with a working role on the project."))
    _fit(likelihood, impact, response, plan)
    return rows.add(
        Risk,
        project=project,
        by=by,
        event="risk.added",
        now=now,
        ref=rows.free_ref(project, Risk, "RISK", ref),
        text=text,
        impacts=_kinds(impacts),
        likelihood=likelihood,
        impact=impact,
        response=response,
        plan=plan,
        owner=owner,
    )


@transaction.atomic
def change(
    risk: Risk,
    *,
    by: User,
    text: str,
    impacts: Sequence[str],
    likelihood: int,
    impact: int,
    now: datetime,
    response: str = "",
    plan: str = "",
    owner: User | None = None,
) -> Risk:
    """An open risk reads as given; what it was stays in the history. Raises: NotAllowed, Blocked, Refused."""
    risk, place = rows.opened_row(risk, by)
    place.require(place.contributes, _("Risks are changed by people with a working role on the project."))
    if not risk.is_open:
        raise Refused(_("%(risk)s is judged: reopen it before it is changed.") % {"risk": risk})
    _fit(likelihood, impact, response, plan)
    return rows.change(
        risk,
        by=by,
        event="risk.changed",
        now=now,
        text=text,
        impacts=_kinds(impacts),
        likelihood=likelihood,
        impact=impact,
        response=response,
        plan=plan,
        owner=owner,
    )


def _judge(risk: Risk, *, by: User, state: str, judgement: str, event: str, now: datetime) -> Risk:
    if not risk.is_open:
        raise Refused(
            _("%(risk)s is judged already: reopen it first. It is: %(state)s.")
            % {"risk": risk, "state": risk.get_state_display()}
        )
    if not judgement.strip():
        raise Refused(_("Say how or why in a few words: it stays in the record."))
    return rows.change(risk, by=by, event=event, now=now, state=state, judgement=judgement, judged_at=now, judged_by=by)


@transaction.atomic
def address(risk: Risk, *, by: User, judgement: str, now: datetime) -> Risk:
    """What was planned against the risk is done (SEED-76). Raises: NotAllowed, Blocked, Refused."""
    risk, place = rows.opened_row(risk, by)
    place.require(place.contributes, _("Risks are addressed by people with a working role on the project."))
    if risk.owner_id is None or not risk.response:
        raise Refused(_("%(risk)s has no owner or no response yet: change it first.") % {"risk": risk})
    return _judge(risk, by=by, state=Risk.State.ADDRESSED, judgement=judgement, event="risk.addressed", now=now)


@transaction.atomic
def accept(risk: Risk, *, by: User, judgement: str, now: datetime) -> Risk:
    """A named authority lives with the risk; never whoever recorded it (SEED-76). Raises: NotAllowed, Refused."""
    risk, place = rows.opened_row(risk, by)
    _require_authority(place)
    place.require(risk.created_by_id != by.pk, _("You recorded this risk: somebody else must accept it."))
    return _judge(risk, by=by, state=Risk.State.ACCEPTED, judgement=judgement, event="risk.accepted", now=now)


@transaction.atomic
def call_unacceptable(risk: Risk, *, by: User, judgement: str, now: datetime) -> Risk:
    """The project cannot live with the risk: no release while it stands so (SEED-76). Raises: NotAllowed, Refused."""
    risk, place = rows.opened_row(risk, by)
    _require_authority(place)
    return _judge(risk, by=by, state=Risk.State.UNACCEPTABLE, judgement=judgement, event="risk.unacceptable", now=now)


@transaction.atomic
def reopen(risk: Risk, *, by: User, reason: str, now: datetime) -> Risk:
    """A judged risk stands open again; from unacceptable by an authority only. Raises: NotAllowed, Refused."""
    risk, place = rows.opened_row(risk, by)
    place.require(place.contributes, _("Risks are reopened by people with a working role on the project."))
    if risk.is_open:
        raise Refused(_("%(risk)s is open.") % {"risk": risk})
    if risk.state == Risk.State.UNACCEPTABLE:
        _require_authority(place)
    if not reason.strip():
        raise Refused(_("Give a reason: it stays in the record."))
    return rows.change(
        risk,
        by=by,
        event="risk.reopened",
        now=now,
        reason=reason,
        state=Risk.State.OPEN,
        judgement="",
        judged_at=None,
        judged_by=None,
    )


def _require_authority(place: Seat) -> None:
    place.require(
        is_authority(place),
        _("This is for the sponsor, operations, security or the solution manager to say."),
    )
