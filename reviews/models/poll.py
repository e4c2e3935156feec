"""A readiness poll: what each signer thinks before the meeting, unseen by the others until all have said it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import User
from reviews.models.review import Review


class Poll(models.Model):
    """One poll of a round; closed once all have answered, or by the chair. No gate reads it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="polls")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(closed_at__isnull=True), name="poll_one_open_per_review"
            ),
            models.CheckConstraint(
                name="poll_closed_paired",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.opened_at:%Y-%m-%d}"


class Readiness(models.TextChoices):
    READY = "ready", _("Ready")
    CONCERNS = "concerns", _("Ready, with concerns")
    NOT_READY = "not_ready", _("Not ready")


class PollAnswer(models.Model):
    """What one person says; it may change until the poll is closed. Its words say nothing of the answer before that."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="answers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    value = models.CharField(_("readiness"), max_length=10, choices=Readiness)
    text = models.TextField(_("why"), blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "user"], name="poll_answered_once"),
            models.CheckConstraint(name="poll_answer_known", condition=Q(value__in=Readiness.values)),
            models.CheckConstraint(name="poll_answer_says_why", condition=Q(value="ready") | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.user_id}"
