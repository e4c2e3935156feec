"""Conflicts between projects, logged and resolved (SEED-116)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Project
from projects.models.rows import RegisterRow


class ProjectConflict(RegisterRow):
    """Two projects are in each other's way: over people, dates or an environment; then how that was resolved."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People")
        DATES = "dates", _("Dates")
        ENVIRONMENT = "environment", _("Environment")

    other = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="conflicts_of_others", verbose_name=_("other project")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("what is in the way"))
    fingerprint = models.CharField(_("found as"), max_length=64, blank=True)  # of a conflict that was found, not typed
    resolution = models.TextField(_("how it was resolved"), blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("resolved by")
    )

    class Meta(RegisterRow.Meta):
        verbose_name = _("conflict between projects")
        constraints = [
            models.UniqueConstraint(fields=["fingerprint"], condition=~Q(fingerprint=""), name="conflict_logged_once"),
            models.CheckConstraint(name="conflict_of_two", condition=~Q(project=F("other"))),
            models.CheckConstraint(
                name="conflict_kind_known", condition=Q(kind__in=["people", "dates", "environment"])
            ),
            models.CheckConstraint(
                name="conflict_resolution_paired",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else self.text[:79].rstrip() + "…"
