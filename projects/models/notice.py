"""The outbox: what must be told to whom, written in the transaction that made it true."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Project


class Notice(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("No longer needed")
        FAILED = "failed", _("Could not be sent")

    kind = models.CharField(max_length=40)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="notices")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=250)
    body = models.TextField()
    path = models.CharField(max_length=300, blank=True, help_text="address on this site that the mail links to")
    calendar = models.TextField(blank=True, help_text="iCalendar object that goes with the mail (RFC 5546)")
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    dedupe_key = models.CharField(max_length=160, unique=True, help_text="a second notice with this key is not made")
    message_id = models.CharField(max_length=120, unique=True, help_text="Message-ID of the mail; the same on a resend")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="notice_sent_paired",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(state="pending"), name="notice_pending"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="notice_failed"),
            models.Index(fields=["recipient", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"
