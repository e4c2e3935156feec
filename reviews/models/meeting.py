"""What a review leaves about itself: who took part, how sure it was of the delivery, its minutes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import User
from reviews.models.delegation import Delegation
from reviews.models.review import Review


class Presence(models.TextChoices):
    PRESENT = "present", _("Present")
    REMOTE = "remote", _("Remote")
    DELEGATE = "delegate", _("By a delegate")
    ABSENT = "absent", _("Absent")


THERE = [Presence.PRESENT, Presence.REMOTE, Presence.DELEGATE]


class Attendance(models.Model):
    """Whether a participant or the chair was there (EXT-09).

    Rows are only added: of one person the newest counts.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="attendance")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(_("attendance"), max_length=8, choices=Presence)
    delegate = models.CharField(_("delegate"), max_length=150, blank=True)
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, related_name="+", help_text="by which the delegate came"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="attendance_known", condition=Q(how__in=Presence.values)),
            models.CheckConstraint(
                name="attendance_names_delegate",
                condition=(Q(how="delegate") & ~Q(delegate="")) | (~Q(how="delegate") & Q(delegate="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.how}"


class Confidence(models.TextChoices):
    """How likely a successful delivery is held to be, from best to worst."""

    HIGH = "high", _("Highly likely")
    PROBABLE = "probable", _("Probable")
    FEASIBLE = "feasible", _("Feasible, with issues that need attention")
    DOUBTFUL = "doubtful", _("In doubt")
    UNACHIEVABLE = "unachievable", _("Unachievable as planned")


class DeliveryConfidence(models.Model):
    """A judgement of the delivery in five levels, beside the decision: no gate reads it (EXT-12). The newest counts."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="confidence")
    level = models.CharField(_("delivery confidence"), max_length=12, choices=Confidence)
    reasons = models.TextField(_("reasons"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="confidence_known", condition=Q(level__in=Confidence.values)),
            models.CheckConstraint(name="confidence_has_reasons", condition=~Q(reasons="")),
        ]

    def __str__(self) -> str:
        return self.level


class MeetingCall(models.Model):
    """The meeting as people were called to it; each change of its time, place or people adds a row (EXT-26).

    Rows are only added: the newest counts.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="calls")
    sequence = models.PositiveSmallIntegerField(help_text="SEQUENCE of the invitation, from 0")
    uid = models.CharField(max_length=120, help_text="UID of the invitation: the same for every call of a round")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agenda = models.JSONField(default=dict, help_text="minutes of each point, in order")
    people = models.JSONField(help_text="ids of everybody called, the chair among them")
    cancelled = models.BooleanField(default=False, help_text="the people are told that it is off")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["review", "sequence"], name="meeting_called_in_order"),
            models.CheckConstraint(name="meeting_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.sequence}"


class Minutes(models.Model):
    """The minutes of a decided round, made from the record and frozen with its decision (EXT-15)."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="minutes")
    body = models.TextField(help_text="canonical JSON, UTF-8")
    digest = models.CharField(max_length=64, help_text="SHA-256 of body, in hex")
    quorum = models.BooleanField(help_text="whether everybody needed took part")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]
