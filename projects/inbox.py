"""The inbox: what waits for a person, what the person waits for, what happened on the projects the person knows.

Each function costs a fixed number of queries. Every kind is bounded: an inbox is worked through, not leafed through.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import APPROVES_NOTHING
from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import role_name
from projects.models import (
    Artifact,
    ArtifactStatus,
    ArtifactVersion,
    Involvement,
    LedgerEntry,
    LedgerStream,
    RoleAssignment,
    Status,
    User,
)
from projects.ports import InboxEntry, ports

BOUND = 100
"""So many things of one kind are shown at most."""
DUE_WITHIN = timedelta(days=14)
"""An artifact waits for its owner from so long before its day."""
WATCHED = 50
"""Of so many projects, the newest, recent events are shown."""
NEVER = datetime.max.replace(tzinfo=UTC)
BADGE_SECONDS = 30
"""The badge may be so old; what the reader does brings it up to date at once."""


@dataclass(frozen=True)
class Desk:
    """The three parts of the inbox."""

    awaiting: list[InboxEntry]
    requests: list[InboxEntry]
    watching: list[LedgerEntry]


def desk(user: User, now: datetime) -> Desk:
    """Everything on one person's desk; overdue first, then what is due next, then the oldest."""
    return Desk(
        awaiting=_in_order(chain(_own(user), *(plug(user, now) for plug in ports.inbox))),
        requests=_in_order(chain(_own_requests(user), *(plug(user, now) for plug in ports.requests))),
        watching=watching(user),
    )


def _in_order(entries: Iterator[InboxEntry]) -> list[InboxEntry]:
    return sorted(entries, key=lambda entry: (entry.due or date.max, entry.since or NEVER))


def count(user: User, now: datetime) -> int:
    """How many things wait for the person. One query of ours, and those of the ports."""
    first, *rest = (
        kind.order_by().values("pk") for kind in (_roles(user), _versions(user), _absences(user), _due(user))
    )
    return first.union(*rest, all=True).count() + sum(plug(user, now) for plug in ports.inbox_counts)


def badge(user: User, now: datetime) -> int:
    """The same, at most `BADGE_SECONDS` old."""
    key = badge_key(user)
    known = cache.get(key)
    if known is None:
        known = count(user, now)
        cache.set(key, known, BADGE_SECONDS)
    return int(known)


def badge_key(user: User) -> str:
    return f"inbox-badge:{user.pk}"


def forget_badge(user: User) -> None:
    """What the person has just done may have changed it."""
    cache.delete(badge_key(user))


# --- Sources ----------------------------------------------------------------------------------------------------------
ACTIVE = Q(project__status=Status.ACTIVE)
ACTIVE_ARTIFACT = Q(artifact__project__status=Status.ACTIVE)


def _roles(user: User) -> "QuerySet[RoleAssignment]":
    """Roles that the person holds and has not acknowledged (SEED-122)."""
    return RoleAssignment.objects.filter(ACTIVE, user=user, ends_on__isnull=True, acknowledged_at__isnull=True)


def _approves(user: User) -> "QuerySet[RoleAssignment]":
    """Where the person holds a role that may approve what others wrote."""
    return RoleAssignment.objects.filter(user=user, ends_on__isnull=True).exclude(role__in=APPROVES_NOTHING)


def _versions(user: User) -> "QuerySet[ArtifactVersion]":
    """Versions in review that the person may approve."""
    if user.is_auditor:
        return ArtifactVersion.objects.none()
    return ArtifactVersion.objects.filter(
        ACTIVE_ARTIFACT, status=ArtifactStatus.IN_REVIEW, artifact__project__in=_approves(user).values("project")
    ).exclude(author=user)


def _absences(user: User) -> "QuerySet[Artifact]":
    """Artifacts of which somebody says that they do not apply, and this person may consent (SEED-46)."""
    if user.is_auditor:
        return Artifact.objects.none()
    return (
        Artifact.objects.filter(ACTIVE, na_requested_by__isnull=False, project__in=_approves(user).values("project"))
        .exclude(status=ArtifactStatus.NOT_APPLICABLE)
        .exclude(na_requested_by=user)
    )


def _due(user: User) -> "QuerySet[Artifact]":
    """Artifacts of the person's own that are overdue or due soon and not yet with an approver."""
    return Artifact.objects.filter(
        ACTIVE,
        owner=user,
        due_on__lte=timezone.localdate() + DUE_WITHIN,
        status__in=[ArtifactStatus.NOT_STARTED, ArtifactStatus.DRAFT],
    )


def _own(user: User) -> Iterator[InboxEntry]:
    """What waits for the person in the lower app. Four queries."""
    for held in _roles(user).select_related("project").order_by("id")[:BOUND]:
        yield InboxEntry(
            kind="role",
            text=_("Acknowledge your role: %(role)s") % {"role": role_name(held.role)},
            project=held.project,
            url=reverse("roles", args=[held.project.code]) + f"#role-{held.pk}",
            since=_midnight(held.starts_on),
            since_day=True,
        )
    for version in _versions(user).select_related("artifact__project", "author").order_by("submitted_at")[:BOUND]:
        artifact = version.artifact
        yield InboxEntry(
            kind="approval",
            text=_("Approve or send back %(artifact)s %(version)s by %(author)s")
            % {"artifact": artifact_name(artifact.kind), "version": version.label, "author": version.author},
            project=artifact.project,
            url=artifact.get_absolute_url(),
            since=version.submitted_at or version.created_at,
            due=artifact.due_on,
        )
    for artifact in _absences(user).select_related("project", "na_requested_by").order_by("id")[:BOUND]:
        yield InboxEntry(
            kind="not_applicable",
            text=_("%(person)s says %(artifact)s does not apply: consent or refuse")
            % {"person": artifact.na_requested_by, "artifact": artifact_name(artifact.kind)},
            project=artifact.project,
            url=artifact.get_absolute_url(),
            due=artifact.due_on,
        )
    for artifact in _due(user).select_related("project").order_by("due_on", "id")[:BOUND]:
        yield InboxEntry(
            kind="artifact",
            text=_("Write %(artifact)s and submit it") % {"artifact": artifact_name(artifact.kind)},
            project=artifact.project,
            url=artifact.get_absolute_url(),
            due=artifact.due_on,
        )


def _own_requests(user: User) -> Iterator[InboxEntry]:
    """What the person handed to others in the lower app and still waits. Two queries."""
    mine = ArtifactVersion.objects.filter(ACTIVE_ARTIFACT, status=ArtifactStatus.IN_REVIEW, author=user)
    for version in mine.select_related("artifact__project").order_by("submitted_at")[:BOUND]:
        yield InboxEntry(
            kind="version",
            text=_("Your %(artifact)s %(version)s waits for approval")
            % {"artifact": artifact_name(version.artifact.kind), "version": version.label},
            project=version.artifact.project,
            url=version.artifact.get_absolute_url(),
            since=version.submitted_at or version.created_at,
            due=version.artifact.due_on,
        )
    asked = Artifact.objects.filter(ACTIVE, na_requested_by=user).exclude(status=ArtifactStatus.NOT_APPLICABLE)
    for artifact in asked.select_related("project").order_by("id")[:BOUND]:
        yield InboxEntry(
            kind="not_applicable_asked",
            text=_("You said %(artifact)s does not apply: somebody else must consent")
            % {"artifact": artifact_name(artifact.kind)},
            project=artifact.project,
            url=artifact.get_absolute_url(),
            due=artifact.due_on,
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


# --- Watching ---------------------------------------------------------------------------------------------------------
def watching(user: User, limit: int = 12) -> list[LedgerEntry]:
    """What others did lately on the newest projects that the person has to do with. Two queries."""
    held = RoleAssignment.objects.filter(user=user, ends_on__isnull=True).order_by().values("project")
    known = held.union(Involvement.objects.filter(user=user).order_by().values("project"))
    streams = list(
        LedgerStream.objects.filter(project__in=known).order_by("-project_id").values_list("pk", flat=True)[:WATCHED]
    )
    return list(
        LedgerEntry.objects.filter(stream__in=streams)
        .exclude(actor=user)
        .exclude(event__in=QUIET)
        .select_related("stream__project")
        .order_by("-id")[:limit]
    )


# Told by another entry of the same change.
QUIET = [
    "artifact.status_changed",
    "project.gate_opened",
    "project.gate_shut",
    "stage.ended",
    "stage.started",
    "participant.named",
]
