"""Several rows at once: all or none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.access import locked
from projects.actions import artifacts
from projects.blocker import Blocker, NotAllowed, Refused
from projects.catalog.artifacts import artifact_name
from projects.models import Artifact, ArtifactVersion, Project, User


@transaction.atomic
def add_all(
    *,
    add: Callable[..., object],
    project_id: int,
    by: User,
    rows: Iterable[Mapping[str, Any]],
    now: datetime,
) -> int:
    """Each row is added by the register's own action; when one is refused, none is kept. Returns how many.

    Raises: whatever `add` refuses with.
    """
    count = 0
    for row in rows:
        add(project_id=project_id, by=by, now=now, **row)
        count += 1
    return count


Done = TypeVar("Done")
Ticked = tuple[str, int]
"""Artifact kind, and the version of it that the page showed; 0 while there is none."""


@transaction.atomic
def submit_versions(*, project_id: int, by: User, ticked: Sequence[Ticked], now: datetime) -> list[ArtifactVersion]:
    """Each of these drafts waits for approval, or none does. Raises: Refused with each that is refused, and why."""
    return _each_version(artifacts.submit, project_id, by, ticked, now)


@transaction.atomic
def approve_versions(*, project_id: int, by: User, ticked: Sequence[Ticked], now: datetime) -> list[ArtifactVersion]:
    """Each of these is approved by a person who did not write it, or none is. Raises: as `submit_versions`."""
    return _each_version(artifacts.approve, project_id, by, ticked, now)


@transaction.atomic
def plan_artifacts(
    *, project_id: int, by: User, ticked: Sequence[Ticked], owner: User | None, due_on: date | None, now: datetime
) -> list[Artifact]:
    """Each of these has the owner and the due day; what is not given stays. Raises: as `submit_versions`."""
    if owner is None and due_on is None:
        raise Refused(_("Give an owner or a due day."))
    present = {row.kind: row for row in Artifact.objects.filter(project=project_id).select_related("owner")}

    def plan(kind: str, version_id: int) -> Artifact:
        row = present.get(kind)
        return artifacts.plan(
            project_id=project_id,
            kind=kind,
            by=by,
            owner=owner or (row.owner if row else None),
            due_on=due_on or (row.due_on if row else None),
            now=now,
        )

    return _all_or_none(locked(project_id), ticked, plan)


def _each_version(
    do: Callable[..., ArtifactVersion], project_id: int, by: User, ticked: Sequence[Ticked], now: datetime
) -> list[ArtifactVersion]:
    def one(kind: str, version_id: int) -> ArtifactVersion:
        try:
            return do(project_id=project_id, version_id=version_id, by=by, now=now)
        except ArtifactVersion.DoesNotExist:
            raise Refused(_("It has no version yet.")) from None

    return _all_or_none(locked(project_id), ticked, one)


def _all_or_none(project: Project, ticked: Sequence[Ticked], do: Callable[[str, int], Done]) -> list[Done]:
    """Raises: NotAllowed when nothing is this person's to do; Refused with every row that is refused as a blocker."""
    if not ticked:
        raise Refused(_("Tick at least one artifact."))
    done, refused, allowed = [], [], False
    for kind, version_id in ticked:
        try:
            done.append(do(kind, version_id))
            allowed = True
        except Refused as no:
            allowed = allowed or not isinstance(no, NotAllowed)
            refused.append((kind, no))
    if refused and not allowed:
        raise NotAllowed(refused[0][1].text)
    if refused:
        raise Refused(
            ngettext(
                "Nothing was done: %(refused)d of %(all)d is refused. Untick it, or mend what stands in the way.",
                "Nothing was done: %(refused)d of %(all)d are refused. Untick them, or mend what stands in the way.",
                len(refused),
            )
            % {"refused": len(refused), "all": len(ticked)},
            [
                Blocker(
                    code="artifact.refused",
                    text=f"{artifact_name(kind)} ({kind}): {no.text}",
                    url=reverse("artifact", args=[project.code, kind]),
                )
                for kind, no in refused
            ],
        )
    return done
