"""What a change does to the risks of its project: it raises one, or moves one that is known (SEED-128)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import risks, rows
from projects.blocker import Refused
from projects.models import ChangeRecord, ChangeRisk, Risk, User


@transaction.atomic
def raise_risk(
    change: ChangeRecord,
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
    ref: str = "",
) -> ChangeRisk:
    """A risk is recorded that the change brings with it, and stays linked to it.

    Args: as `risks.add` takes them.

    Raises: NotAllowed, Blocked, Refused.
    """
    change = rows.opened_row(change, by)[0]
    risk = risks.add(
        project_id=change.project_id,
        by=by,
        text=text,
        impacts=impacts,
        likelihood=likelihood,
        impact=impact,
        response=response,
        plan=plan,
        owner=owner,
        ref=ref,
        now=now,
    )
    return rows.add(
        ChangeRisk,
        project=change.project,
        by=by,
        event="change_risk.raised",
        now=now,
        change=change,
        risk=risk,
        raised=True,
        effect=text,
    )


@transaction.atomic
def link_risk(
    change: ChangeRecord,
    *,
    by: User,
    risk: Risk,
    effect: str,
    now: datetime,
    likelihood: int | None = None,
    impact: int | None = None,
) -> ChangeRisk:
    """The change touches a risk that is known; the risk is rated anew where a figure is given.

    Args:
        effect: what the change does to the risk, in words.
        likelihood, impact: 1, very low, to 5, very high; None where it stays as it is.

    Raises: NotAllowed, Blocked, Refused.
    """
    change, place = rows.opened_row(change, by)
    place.require(place.contributes, _("Risks are linked by people with a working role on the project."))
    if risk.project_id != change.project_id:
        raise Refused(_("%(risk)s is a risk of another project.") % {"risk": risk})
    if not effect.strip():
        raise Refused(_("Say what the change does to the risk."))
    if change.risk_links.filter(risk=risk).exists():
        raise Refused(_("%(change)s and %(risk)s are linked already.") % {"change": change, "risk": risk})
    if likelihood is not None or impact is not None:
        _rate(risk, by=by, likelihood=likelihood, impact=impact, now=now)
    return rows.add(
        ChangeRisk,
        project=change.project,
        by=by,
        event="change_risk.linked",
        now=now,
        change=change,
        risk=risk,
        raised=False,
        effect=effect,
    )


def _rate(risk: Risk, *, by: User, likelihood: int | None, impact: int | None, now: datetime) -> None:
    risk = Risk.objects.select_related("owner").get(pk=risk.pk)  # the project is locked: this is how it stands now
    risks.change(
        risk,
        by=by,
        text=risk.text,
        impacts=risk.kinds,
        likelihood=risk.likelihood if likelihood is None else likelihood,
        impact=risk.impact if impact is None else impact,
        response=risk.response,
        plan=risk.plan,
        owner=risk.owner,
        now=now,
    )
