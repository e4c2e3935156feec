"""What follows when content that people have signed changes."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.access import locked
from projects.models import Project, User
from reviews import reminders, signing
from reviews.models import Review, ReviewKind, ReviewState


def content_changed(review_id: int, *, by: User, now: datetime) -> None:
    """Signers whose signature went stale by the change just made are asked again; the old signature stays.

    The caller holds the project's row lock. Which signatures are stale is derived from the packet: a change asks those
    whose part of it is another one now, and nobody where it leaves the packet as it was.
    """
    if not Review.objects.filter(pk=review_id, state=ReviewState.SIGNING).exists():
        return
    review = signing.load(review_id)
    standing = signing.standing(review)
    signing.store(review, standing.content, now)  # whoever has this on the screen is told what changed
    for participant in standing.waiting:
        given = list(participant.sign_offs.all())
        if not given or (participant.asked_at and participant.asked_at > given[-1].signed_at):
            continue  # never signed, or asked again since: the sign page shows whatever changes after that too
        participant.asked_at = now
        participant.save(update_fields=["asked_at"])
        ledger.record(
            project=review.project,
            by=by,
            event="sign_off.superseded",
            obj=participant,
            now=now,
            after={**ledger.snapshot(participant, "user", "asked_at"), "review": review.ref, "digest": standing.digest},
        )
        notices.queue(
            kind="sign_off.superseded",
            to=participant.user,
            subject=_("Please sign %(ref)s of %(project)s again") % {"ref": review.ref, "project": review.project},
            body=_("%(person)s changed what you had signed. The sign page shows what is different.") % {"person": by},
            dedupe_key=f"sign_off.superseded:{review.pk}:{participant.pk}:{given[-1].pk}",
            now=now,
            project=review.project,
            path=review.get_absolute_url() + "sign/",
            about=participant,
        )
        reminders.notify_delegate(participant, now)


def project_changed(*, project: Project, by: User, now: datetime) -> None:
    """The same for whatever round of the project is being signed; called by the lower app through its port."""
    for review_id in Review.objects.filter(project=project, state=ReviewState.SIGNING).values_list("pk", flat=True):
        content_changed(review_id, by=by, now=now)


def person_renamed(*, person: User, by: User, now: datetime) -> None:
    """The same where the person is named in what is being signed: names stand in the packet as people read them.

    Called by the lower app through its port, which holds no project's lock.
    """
    named = (
        Q(chair=person)
        | Q(kind=ReviewKind.PPA, project__roles__user=person, project__roles__ends_on__isnull=True)
        | Q(participants__user=person)
        | Q(items__answers__assessor=person)
        | Q(items__waivers__requested_by=person)
        | Q(items__waivers__approved_by=person)
        | Q(conditions__owner=person)
        | Q(findings__owner=person)
        | Q(findings__raised_by=person)
        | Q(findings__closed_by=person)
    )
    rounds = Review.objects.filter(named, state=ReviewState.SIGNING).order_by("project_id").distinct()
    for project_id, review_id in list(rounds.values_list("project_id", "pk")):
        locked(project_id)
        content_changed(review_id, by=by, now=now)
