"""Signing a statement: for one side, on exactly what the page showed, with credentials given afresh."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import credentials
from projects.actions import rows
from projects.blocker import Blocked, NotAllowed, Refused
from projects.catalog.roles import role_name
from projects.catalog.statements import STATEMENTS, Side
from projects.checks import planning
from projects.checks.statements import Board
from projects.credentials import Proof
from projects.models import Statement, User


class StaleStatement(Refused):
    """What the statement is about changed since the page was opened."""


@transaction.atomic
def sign(
    *, project_id: int, by: User, topic: str, side: str, digest: str, proof: Proof, now: datetime, comment: str = ""
) -> Statement:
    """A person signs for one side of a statement; signed again on the same content, the first signature stands.

    Args:
        topic, side: codes of `catalog.statements`.
        digest: of what the page showed; the proof is bound to it.

    The plan is not agreed while an interim milestone is unmet without a reason (SEED-23).

    Raises: NotAllowed, Blocked, StaleStatement, WrongCredentials, Refused.
    """
    project, place = rows.opened(project_id, by)
    if topic not in STATEMENTS:
        raise Refused(_("There is no such statement."))
    board = Board(project, [STATEMENTS[topic]])
    asked = board.signing(topic, side)
    if asked is None:
        raise Refused(_("There is no such statement."))
    place.require(by in asked.holders, _who_signs(asked.side))
    if topic == "plan" and (unmet := planning.milestones(project, now)):
        raise Blocked(unmet)
    if not asked.body:
        raise Refused(_("It cannot be signed yet: something that it is about is not there."))
    if asked.digest != digest:
        raise StaleStatement(_("The content changed while you were reading: look at it again, then sign."))
    credentials.require(proof, by=by, bound_to=digest, now=now)
    for each in board.standings[0].sides:
        if each.signed is None or each.signed.created_by_id != by.pk:
            continue
        if each.side.code == side:
            return each.signed
        if each.side.person is None and asked.side.person is None:
            raise NotAllowed(_("You have signed this for another side: two sides are two people."))
    role = next(role for role in asked.side.roles or sorted(place.roles) if role in place.roles)
    return rows.add(
        Statement,
        project=project,
        by=by,
        event="statement.signed",
        now=now,
        topic=topic,
        side=side,
        body=asked.body,
        digest=digest,
        comment=comment,
        printed_name=str(by),
        role=role,
        method=proof.method,
    )


def _who_signs(side: Side) -> str:
    if side.person is not None:
        return _("This is signed by nobody but the %(side)s.") % {"side": side.name}
    roles = ", ".join(map(role_name, side.roles))
    if side.not_team:
        text = _("This is signed for %(side)s: by a %(role)s who does not work on the project's team.")
    else:
        text = _("This is signed for %(side)s: by a %(role)s.")
    return text % {"side": side.name, "role": roles}
