"""The tasks of a rollout: set by the go of a release review or by hand, handed over, done (SEED-107)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import notices, workdays
from projects.access import Seat
from projects.actions import rows
from projects.blocker import Refused
from projects.holders import holders
from projects.models import Project, RolloutTask, User

OWNERS = ("R-REL", "R-PGM")
# Task and working days to do it in (SEED-107; the wording and the days are ours).
STANDARD_TASKS = (
    (gettext_lazy("Write the rollout schedule for %(candidate)s: site by site, with times and people."), 2),
    (gettext_lazy("Prepare the sites: access, equipment, the way back at hand."), 4),
    (gettext_lazy("Tell those who are affected what changes, when, and whom to call."), 4),
)


def assign_after_go(project: Project, *, review_ref: str, candidate: str, by: User, now: datetime) -> list[RolloutTask]:
    """Rollout planning and preparation wait for Release Management, or for the program manager without it (SEED-107).

    The caller holds the project's lock and has decided the review. Tasks that the same round set already stay alone.
    """
    if project.rollouttasks.filter(set_by_review=review_ref).exists():
        return []
    people = holders(project)
    owner = next((people[role][0] for role in OWNERS if people.get(role)), by)
    today = timezone.localdate(now)
    made = [
        rows.add(
            RolloutTask,
            project=project,
            by=by,
            event="rollout.assigned",
            now=now,
            text=str(text) % {"candidate": candidate or _("the release")},
            owner=owner,
            due_on=workdays.shifted(today, days),
            set_by_review=review_ref,
        )
        for text, days in STANDARD_TASKS
    ]
    _tell(project, made, by=by, now=now)
    return made


def _tell(project: Project, tasks: Sequence[RolloutTask], *, by: User, now: datetime) -> None:
    """The tasks' owner hears of them, unless it was the owner who set them."""
    first = tasks[0]
    if first.owner_id == by.pk:
        return
    notices.queue(
        kind="rollout.assigned",
        to=first.owner,
        subject=_("The rollout of %(project)s: yours to do") % {"project": project},
        body="\n".join(_("%(task)s Due %(date)s.") % {"task": row.text, "date": row.due_on} for row in tasks),
        dedupe_key=f"rollout.assigned:{first.pk}:{first.owner_id}",
        now=now,
        project=project,
        path=reverse("register", args=[project.code, "rollout_tasks"]),
        about=first,
    )


@transaction.atomic
def add(*, project_id: int, by: User, text: str, owner: User, due_on: date, now: datetime) -> RolloutTask:
    """A task is set by hand. Raises: NotAllowed, Blocked."""
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Rollout tasks are set by people with a working role on the project."))
    row = rows.add(
        RolloutTask, project=project, by=by, event="rollout.assigned", now=now, text=text, owner=owner, due_on=due_on
    )
    _tell(project, [row], by=by, now=now)
    return row


def _require_owner(row: RolloutTask, place: Seat, text: str) -> None:
    """Raises: NotAllowed for others than the owner or who manages, Refused when the task is done."""
    place.require(row.owner_id == place.user.pk or place.manages, text)
    if row.done_at is not None:
        raise Refused(_("It is done already."))


@transaction.atomic
def hand_over(row: RolloutTask, *, by: User, owner: User, due_on: date, now: datetime) -> RolloutTask:
    """Another person does it, or it is due on another day. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    _require_owner(row, place, _("It is handed over by its owner or whoever manages the project."))
    was = row.owner_id
    row = rows.change(row, by=by, event="rollout.handed_over", now=now, owner=owner, due_on=due_on)
    if owner.pk != was:
        notices.cancel(about=row)
        _tell(place.project, [row], by=by, now=now)
    return row


@transaction.atomic
def finish(row: RolloutTask, *, by: User, done_note: str, now: datetime) -> RolloutTask:
    """The task is done, with what was done. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    _require_owner(row, place, _("It is reported done by its owner or whoever manages the project."))
    if not done_note.strip():
        raise Refused(_("Say what was done."))
    notices.cancel(about=row)
    return rows.change(row, by=by, event="rollout.done", now=now, done_at=now, done_by=by, done_note=done_note)
