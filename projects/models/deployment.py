"""What goes into production, target by target (SEED-32, SEED-121)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.rows import RegisterRow


class Deployment(RegisterRow):
    """One release candidate at one site or target: planned, carried out, found stable; or dropped."""

    class Result(models.TextChoices):
        SUCCESS = "success", _("Success")
        FAILED = "failed", _("Failed")
        ROLLED_BACK = "rolled_back", _("Rolled back")

    class State(models.TextChoices):
        """Where it stands; worked out from the row."""

        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DEPLOYED = "deployed", _("Deployed")
        STABLE = "stable", _("Stable")
        FAILED = "failed", _("Failed")
        ROLLED_BACK = "rolled_back", _("Rolled back")
        DROPPED = "dropped", _("Dropped")

    site = models.CharField(_("site or target"), max_length=120)
    candidate = models.CharField(_("release candidate"), max_length=60)
    planned_for = models.DateTimeField(_("planned for"))
    started_at = models.DateTimeField(_("began"), null=True)
    deployed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("deployed by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    result = models.CharField(_("result"), max_length=12, choices=Result, blank=True)
    result_note = models.TextField(_("what happened"), blank=True)
    stable_at = models.DateTimeField(_("found stable"), null=True)
    stable_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("found stable by")
    )
    stability = models.TextField(_("stability in production"), blank=True)
    dropped_reason = models.TextField(_("why it was dropped"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("deployment")
        constraints = [
            models.CheckConstraint(
                name="deployment_start_paired",
                condition=Q(started_at__isnull=True, deployed_by__isnull=True)
                | Q(started_at__isnull=False, deployed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="deployment_end_paired",
                condition=Q(ended_at__isnull=True, result="")
                | Q(
                    started_at__isnull=False,
                    ended_at__gte=F("started_at"),
                    result__in=["success", "failed", "rolled_back"],
                ),
            ),
            models.CheckConstraint(
                name="deployment_stability_paired",
                condition=Q(stable_at__isnull=True, stable_by__isnull=True, stability="")
                | (Q(stable_at__isnull=False, stable_by__isnull=False, result="success") & ~Q(stability="")),
            ),
            models.CheckConstraint(
                name="deployment_dropped_before_start",
                condition=Q(dropped_reason="") | Q(started_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return _("%(candidate)s at %(site)s") % {"candidate": self.candidate, "site": self.site}

    @property
    def state(self) -> State:
        if self.dropped_reason:
            return self.State.DROPPED
        if self.result in (self.Result.FAILED, self.Result.ROLLED_BACK):
            return self.State(self.result)
        if self.stable_at is not None:
            return self.State.STABLE
        if self.ended_at is not None:
            return self.State.DEPLOYED
        return self.State.PLANNED if self.started_at is None else self.State.UNDER_WAY
