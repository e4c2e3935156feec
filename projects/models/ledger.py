"""The audit trail: one hash chain per project, and one named `system`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Project

SYSTEM_STREAM = "system"


class LedgerStream(models.Model):
    """A chain. The row exists to be locked while an entry is appended; the chain's head is its last entry."""

    key = models.CharField(max_length=60, unique=True)
    project = models.OneToOneField(Project, on_delete=models.PROTECT, null=True, related_name="ledger_stream")

    def __str__(self) -> str:
        return self.key


class LedgerEntry(models.Model):
    """One line of a chain. `line` is the record; the other columns are read from it, to search by."""

    stream = models.ForeignKey(LedgerStream, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    line = models.TextField(_("line"))
    recorded_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=10)
    event = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    correlation_id = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["stream_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="ledger_seq_once"),
            models.UniqueConstraint(fields=["stream", "prev"], name="ledger_prev_once"),
            models.CheckConstraint(name="ledger_seq_from_one", condition=models.Q(seq__gte=1)),
        ]
        indexes = [
            models.Index(fields=["stream", "object_type", "object_id", "seq"]),
            models.Index(fields=["actor", "event", "recorded_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.seq} {self.event}"
