"""Recording training, agreements and procedures around a release, and how things stand with them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.dropping import require_kept
from projects.blocker import NotAllowed, Refused
from projects.models import Agreement, Procedure, Training, User


@transaction.atomic
def plan_training(
    *,
    project_id: int,
    by: User,
    course: str,
    planned_on: date,
    now: datetime,
    person: User | None = None,
    name: str = "",
) -> Training:
    """One person is to learn one thing (SEED-97).

    Args:
        person, name: somebody with an account, or the name of somebody without; one of the two.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Training is planned by people with a working role on the project."))
    if (person is None) == (not name.strip()):
        raise Refused(_("Say who is trained: choose a person or write a name, not both."))
    return rows.add(
        Training,
        project=project,
        by=by,
        event="training.planned",
        now=now,
        person=person,
        name=name,
        course=course,
        planned_on=planned_on,
    )


@transaction.atomic
def training_done(row: Training, *, by: User, done_on: date, now: datetime, evidence: str = "") -> Training:
    """The person has learned it; somebody else says so.

    Args:
        done_on: day of the training; today or earlier.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Training is confirmed by people with a working role on the project."))
    if row.person_id == by.pk:
        raise NotAllowed(_("It is your own training: somebody else confirms it."))
    require_kept(row)
    if row.done_on is not None:
        raise Refused(_("%(row)s is done already.") % {"row": row})
    if done_on > timezone.localdate(now):
        raise Refused(_("Done on lies ahead: training is done once it has been held."))
    return rows.change(
        row,
        by=by,
        event="training.done",
        now=now,
        done_on=done_on,
        evidence=evidence,
        confirmed_by=by,
        confirmed_at=now,
    )


@transaction.atomic
def add_agreement(*, project_id: int, by: User, kind: str, party: str, service_level: str, now: datetime) -> Agreement:
    """An agreement on which a service level rests; nobody has judged yet whether it suffices (SEED-99).

    Args:
        kind: ola or contract.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Agreements are recorded by people with a working role on the project."))
    if not (party.strip() and service_level.strip()):
        raise Refused(_("Say with whom the agreement is and which service level it supports."))
    return rows.add(
        Agreement,
        project=project,
        by=by,
        event="agreement.added",
        now=now,
        kind=kind,
        party=party,
        service_level=service_level,
    )


@transaction.atomic
def judge_agreement(row: Agreement, *, by: User, sufficient: bool, evidence: str, now: datetime) -> Agreement:
    """The agreement supports its service level, or it does not; an earlier judgement stays in the ledger.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.approves, _("Agreements are judged by people who may approve on the project."))
    require_kept(row)
    require_evidence(evidence)
    return rows.change(
        row,
        by=by,
        event="agreement.judged",
        now=now,
        sufficient=sufficient,
        evidence=evidence,
        judged_by=by,
        judged_at=now,
    )


@transaction.atomic
def add_procedure(*, project_id: int, by: User, site: str, text: str, now: datetime) -> Procedure:
    """A procedure that a site follows with this release (SEED-98). Raises: NotAllowed, Blocked, Refused."""
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Procedures are recorded by people with a working role on the project."))
    if not (site.strip() and text.strip()):
        raise Refused(_("Name the site and the procedure."))
    return rows.add(Procedure, project=project, by=by, event="procedure.added", now=now, site=site, text=text)


@transaction.atomic
def answer_procedure(
    row: Procedure, *, by: User, clear: bool, aligned: bool, evidence: str, now: datetime
) -> Procedure:
    """The procedure is clear and in line with the site's standards, or which of the two it is not.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.approves, _("Procedures are confirmed by people who may approve on the project."))
    require_kept(row)
    require_evidence(evidence)
    return rows.change(
        row,
        by=by,
        event="procedure.answered",
        now=now,
        clear=clear,
        aligned=aligned,
        evidence=evidence,
        confirmed_by=by,
        confirmed_at=now,
    )


def require_evidence(evidence: str) -> None:
    """Raises: Refused when nothing shows what is said."""
    if not evidence.strip():
        raise Refused(_("Say what shows it."))
