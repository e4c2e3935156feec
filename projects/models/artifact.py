"""Artifacts: what a stage produces, version by version."""

from pathlib import PurePosixPath
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Project


class ArtifactStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Artifact(models.Model):
    """One kind of artifact on one project. Its status is that of its newest version, or not applicable."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="artifacts")
    kind = models.CharField(_("kind"), max_length=10)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=ArtifactStatus, default=ArtifactStatus.NOT_STARTED)
    na_reason = models.TextField(_("why not applicable"), blank=True)
    na_requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    na_consented_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="artifact_kind_once"),
            models.CheckConstraint(name="artifact_status_known", condition=Q(status__in=ArtifactStatus.values)),
            models.CheckConstraint(
                name="artifact_na_needs_reason_and_another_person",
                condition=~Q(status=ArtifactStatus.NOT_APPLICABLE)
                | (
                    ~Q(na_reason="")
                    & Q(na_requested_by__isnull=False, na_consented_by__isnull=False)
                    & ~Q(na_requested_by=F("na_consented_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.project_id}"

    def get_absolute_url(self) -> str:
        return reverse("artifact", args=[self.project.code, self.kind])


def upload_path(version: "ArtifactVersion", filename: str) -> str:
    """Where an uploaded file is stored: a name nobody can guess or collide with; the shown name is a column."""
    return f"artifacts/{uuid4().hex}{PurePosixPath(filename).suffix[:12]}"


class ArtifactVersion(models.Model):
    """One version of an artifact: a file, a link or a text. Its content never changes; a change is a new version."""

    class Medium(models.TextChoices):
        FILE = "file", _("File")
        LINK = "link", _("Link")
        TEXT = "text", _("Text")

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(_("version"), max_length=20)
    medium = models.CharField(max_length=4, choices=Medium)
    file = models.FileField(upload_to=upload_path, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    url = models.URLField(_("link"), max_length=2000, blank=True)
    text = models.TextField(_("text"), blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file's bytes, the link or the text, in hex")
    note = models.TextField(_("what changed"), blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=ArtifactStatus, default=ArtifactStatus.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["artifact", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["artifact", "label"], name="version_label_once"),
            models.CheckConstraint(
                name="version_approval_paired",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False, status=ArtifactStatus.APPROVED)
                    & ~Q(approved_by=F("author"))  # nobody approves what he wrote (EXT-24)
                ),
            ),
            models.CheckConstraint(
                name="version_approved_names_approver",
                condition=~Q(status=ArtifactStatus.APPROVED) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="version_status_known",
                condition=Q(status__in=["draft", "in_review", "approved"]),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.label}"
