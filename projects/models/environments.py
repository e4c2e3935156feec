"""Where the solution is developed, tried and used, what is supported there, and who reviewed that rules are kept."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.rows import RegisterRow


class Environment(RegisterRow):
    """A place where the solution runs, and how it is kept apart from the others (SEED-50)."""

    class Purpose(models.TextChoices):
        DEVELOPMENT = "development", _("Development")
        TEST = "test", _("Test")
        PILOT = "pilot", _("Pilot")
        PRODUCTION = "production", _("Production")

    name = models.CharField(_("environment"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    kept_apart = models.TextField(_("how it is kept apart"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("environment")
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="environment_name_once")]

    def __str__(self) -> str:
        return self.name


class SupportedLevel(RegisterRow):
    """A component at the version that the solution needs, and whether the environment supports it (SEED-100)."""

    class Supported(models.TextChoices):
        YES = "yes", _("Supported")
        NO = "no", _("Not supported")
        UNKNOWN = "unknown", _("Not known")

    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="levels")
    component = models.CharField(_("component"), max_length=150)
    version = models.CharField(_("version of the solution"), max_length=60)
    supported = models.CharField(_("supported there"), max_length=8, choices=Supported)
    supported_until = models.DateField(_("supported until"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("supported level")
        constraints = [
            models.UniqueConstraint(fields=["environment", "component", "version"], name="level_pair_once"),
            models.CheckConstraint(
                name="level_until_if_supported", condition=Q(supported="yes") | Q(supported_until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.version}"

    def on(self, day: date) -> Supported:
        """What holds on this day: support that has run out is none."""
        if self.supported_until is not None and self.supported_until < day:
            return self.Supported.NO
        return self.Supported(self.supported)


class ComplianceReview(RegisterRow):
    """Whether it keeps to privacy rules, standards or policies: who looked at what, with which result (SEED-49)."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Privacy")
        STANDARDS = "standards", _("Standards")
        POLICY = "policy", _("Policy")

    class Result(models.TextChoices):
        PASSED = "passed", _("Passed")
        CONDITIONS = "conditions", _("Passed with conditions")
        FAILED = "failed", _("Failed")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    subject = models.CharField(_("subject"), max_length=200)
    reviewer = models.CharField(_("reviewer"), max_length=200)
    reviewed_on = models.DateField(_("reviewed on"))
    result = models.CharField(_("result"), max_length=10, choices=Result)
    note = models.TextField(_("findings or conditions"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("compliance review")
        constraints = [
            models.CheckConstraint(name="compliance_says_why", condition=Q(result="passed") | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return self.subject
