"""A signature lent for a while: who may sign in one round in another person's place."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import User
from reviews.models.review import Participant


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, now: datetime) -> "DelegationQuerySet":
        """Those that hold at this aware moment."""
        return self.filter(revoked_at__isnull=True, starts_at__lte=now, ends_at__gt=now)


class Delegation(models.Model):
    """A signer lets another person sign this round for him, between two moments. Ends by time or by being revoked."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("delegate"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="delegation_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="delegation_has_length", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="delegation_revoked_paired",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.delegate_id}"

    def holds(self, now: datetime) -> bool:
        """Whether the delegate may sign at this aware moment."""
        return self.revoked_at is None and self.starts_at <= now < self.ends_at

    def is_live(self, now: datetime) -> bool:
        """Whether it holds or will hold."""
        return self.revoked_at is None and now < self.ends_at
