"""Days on which the organisation holds no reviews and releases nothing."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import User


class Blackout(models.Model):
    """A period in which no gate should be held, for the whole organisation (EXT-26)."""

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("blackout period")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="blackout_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="blackout_lifted_paired",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} - {self.ends_on}"
