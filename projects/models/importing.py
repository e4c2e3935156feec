"""Imports of projects from files: saved mappings and what each run did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.people import User


class ImportMapping(models.Model):
    """A named mapping of project fields to column names, for files that come again."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    fields = models.JSONField(help_text="project field -> column name")
    defaults = models.JSONField(default=dict, help_text="project field -> value where no column gives one")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    filename = models.CharField(max_length=255)
    file = models.FileField(upload_to="imports/")
    digest = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)
    defaults = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list, help_text="one object a row: number, outcome, code, messages")
    message = models.TextField(blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename
