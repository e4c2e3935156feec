"""Features: recorded with the requirements they meet, built, tested, or left for later with another's approval."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.access import Seat
from projects.actions import rows
from projects.actions.projects import required_reason
from projects.blocker import NotAllowed, Refused
from projects.models import Feature, FeatureLink, Project, Requirement, User

Status = Feature.Status


def _working(place: Seat) -> None:
    place.require(place.contributes, _("Features are recorded by people with a working role on the project."))


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    name: str,
    owner: User,
    now: datetime,
    ref: str = "",
    requirements: Iterable[Requirement] = (),
    test: str = "",
) -> Feature:
    """A feature is planned, has an owner, and meets these requirements (SEED-25, SEED-65).

    Args:
        ref: unique on the project; the next free F-number when empty.
        owner: somebody who holds a role on the project.
        test: the test that will prove it.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    _working(place)
    _owns(project, owner)
    feature = rows.add(
        Feature,
        project=project,
        by=by,
        event="feature.added",
        now=now,
        ref=rows.free_ref(project, Feature, "F", ref, digits=3),
        name=name,
        owner=owner,
        test=test,
    )
    _meets(project, feature, requirements, by=by, now=now)
    return feature


@transaction.atomic
def change(
    feature: Feature,
    *,
    by: User,
    name: str,
    owner: User,
    now: datetime,
    requirements: Iterable[Requirement] = (),
) -> Feature:
    """The feature is called, owned and linked as given; links that are not given any more end and stay readable.

    Raises: NotAllowed, Blocked, Refused.
    """
    feature, place = rows.opened_row(feature, by)
    _working(place)
    if owner.pk != feature.owner_id:
        _owns(place.project, owner)
    if (name.strip(), owner.pk) != (feature.name, feature.owner_id):
        rows.change(feature, by=by, event="feature.changed", now=now, name=name, owner=owner)
    _meets(place.project, feature, requirements, by=by, now=now)
    return feature


def _owns(project: Project, owner: User) -> None:
    if not project.roles.filter(user=owner, ends_on__isnull=True).exists():
        raise Refused(_("%(person)s holds no role on the project: a feature's owner does.") % {"person": owner})


def _meets(project: Project, feature: Feature, requirements: Iterable[Requirement], *, by: User, now: datetime) -> None:
    """The feature's links become exactly these."""
    wanted = {requirement.pk: requirement for requirement in requirements}
    if any(requirement.project_id != project.pk for requirement in wanted.values()):
        raise Refused(_("A feature meets requirements of its own project."))
    standing = {
        link.requirement_id: link for link in feature.links.filter(ended_at__isnull=True).select_related("requirement")
    }
    for key, link in standing.items():
        if key not in wanted:
            rows.change(link, by=by, event="feature.unlinked", now=now, ended_at=now, ended_by=by)
    for key, requirement in wanted.items():
        if key not in standing:
            rows.add(
                FeatureLink,
                project=project,
                by=by,
                event="feature.linked",
                now=now,
                feature=feature,
                requirement=requirement,
            )


@transaction.atomic
def set_status(feature: Feature, *, by: User, status: str, now: datetime) -> Feature:
    """The feature is planned, in build or complete; a deferred one is taken up again by it (SEED-27).

    Raises: NotAllowed, Blocked; Refused for a complete feature whose test failed.
    """
    feature, place = rows.opened_row(feature, by)
    _working(place)
    if status not in (Status.PLANNED, Status.IN_BUILD, Status.COMPLETE):
        raise Refused(_("A feature is planned, in build or complete; deferring it asks for a reason."))
    if status == Status.COMPLETE and feature.result == Feature.Result.FAILED:
        raise Refused(_("The test of %(feature)s failed: it is not complete.") % {"feature": feature})
    return rows.change(
        feature,
        by=by,
        event="feature.status_changed",
        now=now,
        status=status,
        deferral_reason="",
        deferred_by=None,
        deferral_approved_by=None,
        deferral_approved_at=None,
    )


@transaction.atomic
def record_test(feature: Feature, *, by: User, test: str, result: str, now: datetime) -> Feature:
    """What proves the feature, and how it came out.

    Args:
        result: passed, failed, or empty while it has not been run.

    Raises: NotAllowed, Blocked, Refused.
    """
    feature, place = rows.opened_row(feature, by)
    _working(place)
    if result and not test.strip():
        raise Refused(_("Name the test that %(feature)s passed or failed.") % {"feature": feature})
    return rows.change(feature, by=by, event="feature.tested", now=now, test=test, result=result)


@transaction.atomic
def defer(feature: Feature, *, by: User, reason: str, now: datetime) -> Feature:
    """The feature is left for later; it counts as the remainder once another person has approved that (SEED-27).

    Raises: NotAllowed, Blocked, ReasonMissing, Refused.
    """
    feature, place = rows.opened_row(feature, by)
    _working(place)
    if feature.status not in (Status.PLANNED, Status.IN_BUILD):
        told = {"feature": feature, "status": feature.get_status_display().lower()}
        raise Refused(_("%(feature)s is %(status)s: what is planned or in build can be deferred.") % told)
    reason = required_reason(reason)
    return rows.change(
        feature,
        by=by,
        event="feature.deferred",
        now=now,
        reason=reason,
        status=Status.DEFERRED,
        deferral_reason=reason,
        deferred_by=by,
    )


@transaction.atomic
def approve_deferral(feature: Feature, *, by: User, now: datetime) -> Feature:
    """Another person than the one who deferred it agrees that Build ends without the feature (SEED-27).

    Raises: NotAllowed, Blocked, Refused.
    """
    feature, place = rows.opened_row(feature, by)
    place.require(place.approves, _("What is left for later is approved by people with a deciding role."))
    if feature.status != Status.DEFERRED or feature.deferral_approved_by_id is not None:
        raise Refused(_("%(feature)s waits for no approval.") % {"feature": feature})
    if feature.deferred_by_id == by.pk:
        raise NotAllowed(_("You deferred this feature: somebody else approves it."))
    return rows.change(
        feature,
        by=by,
        event="feature.deferral_approved",
        now=now,
        deferral_approved_by=by,
        deferral_approved_at=now,
    )
