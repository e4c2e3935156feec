"""The weeks after deployment: how long is watched, what for, what happened (EXT-20)."""

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.rows import RegisterRow


class QuietPeriod(RegisterRow):
    """A span of days after deployment in which nothing else changes and what runs is watched."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    watched = models.TextField(_("what is watched"))
    exit_criteria = models.TextField(_("exit criteria"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    outcome = models.TextField(_("how the exit criteria stand"), blank=True)
    early_reason = models.TextField(_("why it ended early"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("quiet period")
        constraints = [
            models.CheckConstraint(name="quiet_period_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="quiet_period_end_paired",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, outcome="", early_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return _("Quiet period to %(day)s") % {"day": date_format(self.ends_on, "j M Y")}


class Incident(RegisterRow):
    """Something that went wrong in production after deployment."""

    class Priority(models.TextChoices):
        P1 = "P1", _("P1, critical")
        P2 = "P2", _("P2, high")
        P3 = "P3", _("P3, medium")
        P4 = "P4", _("P4, low")

    ref = models.CharField(_("reference"), max_length=40)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    occurred_at = models.DateTimeField(_("when"))
    description = models.TextField(_("what happened"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("resolved by")
    )
    resolution = models.TextField(_("how it was resolved"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("incident")
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="incident_ref_once"),
            models.CheckConstraint(name="incident_priority_known", condition=Q(priority__in=["P1", "P2", "P3", "P4"])),
            models.CheckConstraint(
                name="incident_resolution_paired",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
            ),
        ]

    def __str__(self) -> str:
        return self.ref
