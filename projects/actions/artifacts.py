"""Artifacts: new versions, review and approval, and the consent that one does not apply."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import ledger
from projects.access import Seat, locked, seat
from projects.actions.projects import require_active, required_reason
from projects.blocker import NotAllowed, Refused
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.models import Artifact, ArtifactStatus, ArtifactVersion, Project, User
from projects.ports import ports


class UnknownArtifact(Refused):
    """The catalogue has no such artifact kind."""


class SelfApproval(Refused):
    """Nobody approves what he wrote or asked for himself (EXT-24)."""


class WrongStatus(Refused):
    """The version is not in a state that allows this."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a version holds: exactly one of a file, a link or a text.

    Args:
        file: an open file; stored under a name nobody can guess.
        filename: the name shown and exported.
        content_type: as sniffed by the form, not as the browser claims.
    """

    file: "File[bytes] | None" = None
    filename: str = ""
    content_type: str = ""
    url: str = ""
    text: str = ""

    def fields(self) -> dict[str, Any]:
        """Columns of the version, with the digest of the content. Raises: Refused unless exactly one is given."""
        given = [bool(self.file), bool(self.url.strip()), bool(self.text.strip())]
        if sum(given) != 1:
            raise Refused(_("Give one of a file, a link or a text."))
        if self.file:
            sha, size = hashlib.sha256(), 0
            for chunk in self.file.chunks():
                sha.update(chunk)
                size += len(chunk)
            self.file.seek(0)
            return {
                "medium": ArtifactVersion.Medium.FILE,
                "filename": self.filename or self.file.name or "file",
                "content_type": self.content_type or "application/octet-stream",
                "size": size,
                "digest": sha.hexdigest(),
            }
        body = self.url.strip() or self.text
        medium = ArtifactVersion.Medium.LINK if self.url.strip() else ArtifactVersion.Medium.TEXT
        return {
            "medium": medium,
            "url": self.url.strip(),
            "text": self.text if medium == ArtifactVersion.Medium.TEXT else "",
            "size": len(body.encode()),
            "digest": ledger.digest(body),
        }


def _open(project_id: int, by: User) -> tuple[Project, Seat]:
    project = locked(project_id)
    place = seat(by, project)
    require_active(project)
    return project, place


def _artifact(project: Project, kind: str) -> Artifact:
    if kind not in ARTIFACT_KINDS:
        raise UnknownArtifact(_("There is no artifact kind %(kind)s.") % {"kind": kind})
    return Artifact.objects.get_or_create(project=project, kind=kind)[0]


def _set(artifact: Artifact, *, by: User, event: str, now: datetime, reason: str = "", **new: Any) -> None:
    before = ledger.snapshot(artifact, *new)
    for name, value in new.items():
        setattr(artifact, name, value)
    artifact.save(update_fields=list(new))
    ledger.record(
        project=artifact.project,
        by=by,
        event=event,
        obj=artifact,
        now=now,
        before=before,
        after={"kind": artifact.kind, **ledger.snapshot(artifact, *new)},
        reason=reason,
    )


@transaction.atomic
def add_version(
    *, project_id: int, kind: str, by: User, content: Content, now: datetime, label: str = "", note: str = ""
) -> ArtifactVersion:
    """The artifact has a new draft version; earlier ones stay. Signatures on content that used it go stale.

    Sent again by the same person, the same content, label and note make no second version: the draft is returned.

    Args:
        kind: ART-01 to ART-53.
        label: version as people call it, e.g. 2.1; the next whole number when empty.
        note: what changed.

    Raises: NotAllowed, Blocked, UnknownArtifact, Refused.
    """
    project, place = _open(project_id, by)
    place.require(place.contributes, _("Artifacts are kept by people with a working role on the project."))
    artifact = _artifact(project, kind)
    columns = content.fields()
    if again := _sent_again(artifact, by, columns, label=label, note=note):
        return again
    number = artifact.versions.count() + 1
    label = label.strip() or f"{number}.0"
    if artifact.versions.filter(label=label).exists():
        raise Refused(_("Version %(label)s exists: give the new one another number.") % {"label": label})
    version = ArtifactVersion(
        artifact=artifact, number=number, label=label, note=note.strip(), author=by, created_at=now, **columns
    )
    if content.file:
        version.file.save(version.filename, content.file, save=False)
    version.save(force_insert=True)
    ledger.record(
        project=project,
        by=by,
        event="artifact.version_added",
        obj=version,
        now=now,
        after=ledger.row(version, leave_out=("text",)),  # the digest stands for it
    )
    _set(artifact, by=by, event="artifact.status_changed", now=now, status=ArtifactStatus.DRAFT)
    for content_changed in ports.on_content_change:
        content_changed(project=project, by=by, now=now)
    return version


def _sent_again(
    artifact: Artifact, by: User, columns: dict[str, Any], *, label: str, note: str
) -> ArtifactVersion | None:
    """The draft that this very form has made already: a line that broke, a button pressed twice."""
    newest = artifact.versions.select_related("author").order_by("-number").first()
    if newest is None or newest.status != ArtifactStatus.DRAFT or newest.author_id != by.pk:
        return None
    same = all(getattr(newest, name) == value for name, value in columns.items()) and newest.note == note.strip()
    return newest if same and label.strip() in ("", newest.label) else None


def _newest(artifact: Artifact, version_id: int) -> ArtifactVersion:
    version = artifact.versions.select_related("author").order_by("-number").first()
    if version is None or version.pk != version_id:
        raise WrongStatus(_("A newer version has been added: look at that one."))
    return version


def _advance(version: ArtifactVersion, *, by: User, event: str, now: datetime, reason: str = "", **new: Any) -> None:
    before = ledger.snapshot(version, *new)
    for name, value in new.items():
        setattr(version, name, value)
    version.save(update_fields=list(new))
    ledger.record(
        project=version.artifact.project,
        by=by,
        event=event,
        obj=version,
        now=now,
        before=before,
        after={
            "kind": version.artifact.kind,
            "label": version.label,
            "digest": version.digest,
            **ledger.snapshot(version, *new),
        },
        reason=reason,
    )
    _set(version.artifact, by=by, event="artifact.status_changed", now=now, status=new["status"])


def _of_project(project_id: int, version_id: int) -> ArtifactVersion:
    """Raises: ArtifactVersion.DoesNotExist when the version belongs to another project."""
    return ArtifactVersion.objects.select_related("artifact__project", "author").get(
        pk=version_id, artifact__project_id=project_id
    )


@transaction.atomic
def submit(*, project_id: int, version_id: int, by: User, now: datetime) -> ArtifactVersion:
    """The newest version waits for approval by someone other than its author. Raises: NotAllowed, WrongStatus."""
    _project, place = _open(project_id, by)
    place.require(place.contributes, _("Artifacts are kept by people with a working role on the project."))
    version = _of_project(project_id, version_id)
    _newest(version.artifact, version_id)
    if version.status != ArtifactStatus.DRAFT:
        raise WrongStatus(_("Only a draft is submitted."))
    _advance(version, by=by, event="artifact.submitted", now=now, status=ArtifactStatus.IN_REVIEW, submitted_at=now)
    return version


@transaction.atomic
def approve(*, project_id: int, version_id: int, by: User, now: datetime) -> ArtifactVersion:
    """The newest version is approved by a person who did not write it.

    Raises: NotAllowed, WrongStatus, SelfApproval.
    """
    _project, place = _open(project_id, by)
    place.require(place.approves, _("Approval is given by a person with a role on the project that may approve."))
    version = _of_project(project_id, version_id)
    _newest(version.artifact, version_id)
    if version.author_id == by.pk:
        raise SelfApproval(_("You wrote this version: somebody else approves it."))
    if version.status != ArtifactStatus.IN_REVIEW:
        raise WrongStatus(_("Only a version in review is approved."))
    _advance(
        version,
        by=by,
        event="artifact.approved",
        now=now,
        status=ArtifactStatus.APPROVED,
        approved_by=by,
        approved_at=now,
    )
    return version


@transaction.atomic
def send_back(*, project_id: int, version_id: int, by: User, reason: str, now: datetime) -> ArtifactVersion:
    """A version in review is a draft again, with the reason on record.

    Raises: NotAllowed, WrongStatus, ReasonMissing.
    """
    _project, place = _open(project_id, by)
    place.require(place.approves, _("A version is sent back by a person who may approve it."))
    version = _of_project(project_id, version_id)
    _newest(version.artifact, version_id)
    if version.status != ArtifactStatus.IN_REVIEW:
        raise WrongStatus(_("Only a version in review is sent back."))
    _advance(
        version,
        by=by,
        event="artifact.sent_back",
        now=now,
        reason=required_reason(reason),
        status=ArtifactStatus.DRAFT,
        submitted_at=None,
    )
    return version


@transaction.atomic
def plan(*, project_id: int, kind: str, by: User, owner: User | None, due_on: date | None, now: datetime) -> Artifact:
    """The artifact has an owner and a due day: today, later, or as it was.

    Raises: NotAllowed, Blocked, UnknownArtifact, Refused.
    """
    project, place = _open(project_id, by)
    place.require(place.manages, _("Owners and due dates are set by the program manager or a solution manager."))
    artifact = _artifact(project, kind)
    if due_on is not None and due_on != artifact.due_on and due_on < timezone.localdate(now):
        raise Refused(_("That day is past: give today or a later day."))
    _set(artifact, by=by, event="artifact.planned", now=now, owner=owner, due_on=due_on)
    return artifact


@transaction.atomic
def ask_not_applicable(*, project_id: int, kind: str, by: User, reason: str, now: datetime) -> Artifact:
    """Somebody says that the artifact does not apply; it counts once another person consents (SEED-46).

    Raises: NotAllowed, Blocked, WrongStatus, ReasonMissing.
    """
    project, place = _open(project_id, by)
    place.require(place.contributes, _("Artifacts are kept by people with a working role on the project."))
    artifact = _artifact(project, kind)
    if artifact.status in (ArtifactStatus.APPROVED, ArtifactStatus.NOT_APPLICABLE):
        raise WrongStatus(_("It is already %(status)s.") % {"status": artifact.get_status_display().lower()})
    _set(
        artifact,
        by=by,
        event="artifact.not_applicable_asked",
        now=now,
        reason=reason,
        na_reason=required_reason(reason),
        na_requested_by=by,
        na_consented_by=None,
    )
    return artifact


@transaction.atomic
def consent_not_applicable(*, project_id: int, kind: str, by: User, now: datetime) -> Artifact:
    """Another person agrees that the artifact does not apply. Raises: NotAllowed, WrongStatus, SelfApproval."""
    project, place = _open(project_id, by)
    place.require(place.approves, _("Consent is given by a person with a role on the project that may approve."))
    artifact = _artifact(project, kind)
    if artifact.na_requested_by_id is None or artifact.status == ArtifactStatus.NOT_APPLICABLE:
        raise WrongStatus(_("Nobody has asked for it."))
    if artifact.na_requested_by_id == by.pk:
        raise SelfApproval(_("You asked for it: somebody else consents."))
    _set(
        artifact,
        by=by,
        event="artifact.not_applicable",
        now=now,
        status=ArtifactStatus.NOT_APPLICABLE,
        na_consented_by=by,
    )
    for content_changed in ports.on_content_change:
        content_changed(project=project, by=by, now=now)
    return artifact


@transaction.atomic
def refuse_not_applicable(*, project_id: int, kind: str, by: User, reason: str, now: datetime) -> Artifact:
    """It does apply: the request is refused with a reason. Raises: NotAllowed, WrongStatus, ReasonMissing."""
    project, place = _open(project_id, by)
    place.require(place.approves, _("It is refused by a person with a role on the project that may approve."))
    artifact = _artifact(project, kind)
    if artifact.na_requested_by_id is None or artifact.status == ArtifactStatus.NOT_APPLICABLE:
        raise WrongStatus(_("Nobody has asked for it."))
    if artifact.na_requested_by_id == by.pk:
        raise NotAllowed(_("You asked for it: somebody else answers."))
    _set(
        artifact,
        by=by,
        event="artifact.not_applicable_refused",
        now=now,
        reason=required_reason(reason),
        na_reason="",
        na_requested_by=None,
    )
    return artifact
