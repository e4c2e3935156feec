"""Findings of a round: raised, settled by somebody who does not own them, merged into a systemic one."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.models import ArtifactVersion, User
from reviews import settling
from reviews.access import live_room
from reviews.actions.changes import content_changed
from reviews.models import Disposition, Finding, FindingClass, Review, ReviewItem, ReviewState


class OwnFinding(NotAllowed):
    """Nobody closes a finding that is the own to settle (EXT-24)."""


class Incomplete(Refused):
    """A finding of its class needs more to be said about it."""


def _open(review: Review, number: int) -> Finding:
    finding = next((each for each in review.findings.all() if each.number == number), None)
    if finding is None:
        raise Refused(_("%(ref)s has no such finding.") % {"ref": review.ref})
    if not finding.is_open:
        raise Refused(_("%(finding)s is settled already.") % {"finding": finding})
    return finding


def _require_live(review: Review) -> None:
    if review.state == ReviewState.WITHDRAWN:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})


def _require_other(finding: Finding, by: User, now: datetime, *, merging: bool = False) -> None:
    if text := settling.obstacle(finding, by, now, merging=merging):
        raise OwnFinding(text)


@transaction.atomic
def raise_finding(
    *,
    review_id: int,
    by: User,
    code: str,
    category: str,
    text: str,
    now: datetime,
    version_id: int | None = None,
    location: str = "",
    requested_change: str = "",
    owner: User | None = None,
    due_on: date | None = None,
) -> Finding:
    """A finding stands in the round; it becomes part of what is signed (EXT-04, EXT-10).

    Args:
        code: the question of the round that it is about.
        category: a `FindingClass` value.
        version_id: version of an artifact of this project in which it was found.
        location: chapter, page, line or screen.
        owner: who settles it; needed unless it is editorial.
        due_on: day until which; needed for one to settle after the go.

    Raises: NotAllowed, Blocked, Incomplete, Refused.
    """
    review, room = live_room(review_id, by)
    room.require(room.answers, _("Findings are raised by people named in the review."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    if category not in FindingClass.values:
        raise Refused(_("A finding is settled before the go, after the go, or is editorial."))
    _require_complete(category, text, owner, due_on, timezone.localdate(now))
    finding = Finding.objects.create(
        review=review,
        number=review.findings.count() + 1,
        item=_item(review, code),
        version=_version(review, version_id),
        location=location.strip(),
        category=category,
        text=text.strip(),
        requested_change=requested_change.strip(),
        owner=owner,
        due_on=due_on,
        raised_by=by,
        raised_at=now,
    )
    ledger.record(
        project=review.project,
        by=by,
        event="finding.raised",
        obj=finding,
        now=now,
        after={**ledger.row(finding), "ref": str(finding)},
    )
    if owner is not None and owner.pk != by.pk:
        notices.queue(
            kind="finding.raised",
            to=owner,
            subject=_("%(finding)s of %(ref)s is yours to settle") % {"finding": finding, "ref": review.ref},
            body=finding.text,
            dedupe_key=f"finding.raised:{finding.pk}",
            now=now,
            project=review.project,
            path=review.get_absolute_url() + "#findings",
            about=finding,
        )
    content_changed(review.pk, by=by, now=now)
    return finding


def _require_complete(category: str, text: str, owner: User | None, due_on: date | None, today: date) -> None:
    if not text.strip():
        raise Incomplete(_("Say what was found."))
    if category != FindingClass.EDITORIAL and owner is None:
        raise Incomplete(_("Name who settles it: only an editorial finding goes without an owner."))
    if category == FindingClass.AFTER_GO and due_on is None:
        raise Incomplete(_("A finding to settle after the go has a day until which."))
    if due_on is not None and due_on < today:
        raise Incomplete(_("A finding is due today or later."))
    if owner is not None and not owner.is_active:
        raise Incomplete(_("%(person)s has left: name another owner.") % {"person": owner})


def _item(review: Review, code: str) -> ReviewItem:
    item = next((each for each in review.items.all() if each.code == code), None)
    if item is None:
        raise Refused(_("%(ref)s has no item %(code)s.") % {"ref": review.ref, "code": code})
    return item


def _version(review: Review, version_id: int | None) -> ArtifactVersion | None:
    if version_id is None:
        return None
    of_project = ArtifactVersion.objects.filter(artifact__project=review.project).select_related("artifact")
    version = of_project.filter(pk=version_id).first()
    if version is None:
        raise Refused(_("The document must be a version of an artifact of this project."))
    return version


@transaction.atomic
def settle(*, review_id: int, number: int, by: User, disposition: str, text: str, now: datetime) -> Finding:
    """The finding is accepted and done, or rejected; never by whoever owns it (EXT-24).

    Done is said by who raised it, the chair or the program manager; rejected, which lets a matter drop, by who raised
    it or an authority that is not the program manager. A finding of a decided round may be settled too.

    Args:
        disposition: done or rejected.
        text: what was done and shows it, or why it is rejected; an editorial one may be done without a word.

    Raises: OwnFinding, NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by)
    _require_live(review)
    finding = _open(review, number)
    raised = finding.raised_by_id == by.pk and not by.is_auditor and not room.recused
    if disposition == Disposition.REJECTED:
        allowed = raised or room.waives
        who = _("A finding is rejected by who raised it, the chair, a solution manager or a named authority.")
    elif disposition == Disposition.DONE:
        allowed = raised or room.prepares
        who = _("A finding is closed by who raised it, the chair or the program manager.")
    else:
        raise Refused(_("Choose: accepted and done, or rejected."))
    room.require(allowed, who)
    _require_other(finding, by, now)
    free = disposition == Disposition.DONE and finding.category == FindingClass.EDITORIAL
    if not text.strip() and not free:
        raise Refused(_("Say what was done and what shows it, or why it is rejected."))
    finding.disposition, finding.disposition_text = disposition, text.strip()
    finding.closed_by, finding.closed_at = by, now
    finding.save(update_fields=["disposition", "disposition_text", "closed_by", "closed_at"])
    notices.cancel(about=finding)
    ledger.record(
        project=review.project,
        by=by,
        event="finding.done" if disposition == Disposition.DONE else "finding.rejected",
        obj=finding,
        now=now,
        after={
            "ref": str(finding),
            "review": review.ref,
            **ledger.snapshot(finding, "disposition", "disposition_text", "closed_by", "closed_at"),
        },
    )
    content_changed(review.pk, by=by, now=now)
    return finding


@transaction.atomic
def merge(*, review_id: int, number: int, into: int, by: User, now: datetime) -> Finding:
    """The finding is one case of a systemic one: it stays linked and counts as closed while that one is open (EXT-21).

    The systemic finding is as strict or stricter, so that merging never lets a go through; and who owns the finding
    does not close it this way either.

    Args:
        number: the finding that is merged.
        into: number of the systemic finding of the same round.

    Raises: OwnFinding, NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by)
    _require_live(review)
    finding = _open(review, number)
    room.require(room.prepares, _("Findings are merged by the chair or the program manager."))
    _require_other(finding, by, now, merging=True)
    if number == into:
        raise Refused(_("A finding is not merged into itself."))
    systemic = _open(review, into)
    if settling.is_systemic(finding):
        raise Refused(_("Others are merged into %(finding)s: merge into it.") % {"finding": finding})
    if text := settling.laxer(systemic, finding):
        raise Refused(text)
    finding.merged_into, finding.merged_by, finding.merged_at = systemic, by, now
    finding.save(update_fields=["merged_into", "merged_by", "merged_at"])
    notices.cancel(about=finding)
    ledger.record(
        project=review.project,
        by=by,
        event="finding.merged",
        obj=finding,
        now=now,
        after={
            "ref": str(finding),
            "review": review.ref,
            "systemic": str(systemic),
            **ledger.snapshot(finding, "merged_into", "merged_by", "merged_at"),
        },
    )
    content_changed(review.pk, by=by, now=now)
    return finding
