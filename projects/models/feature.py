"""Features and what ties them to requirements: the two sides of traceability (SEED-25, SEED-27, SEED-119)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.rows import RegisterRow
from projects.models.stage import Requirement


class Feature(RegisterRow):
    """A feature or design element of the solution, with the person who owns it and the test that proves it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        IN_BUILD = "in_build", _("In build")
        COMPLETE = "complete", _("Complete")
        DEFERRED = "deferred", _("Deferred")

    class Result(models.TextChoices):
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    ref = models.CharField(_("reference"), max_length=20)
    name = models.CharField(_("feature"), max_length=200)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED)
    test = models.CharField(_("test that proves it"), max_length=200, blank=True)
    result = models.CharField(_("result of the test"), max_length=12, choices=Result, blank=True)
    deferral_reason = models.TextField(_("why it is deferred"), blank=True)
    deferred_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("deferred by")
    )
    deferral_approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("deferral approved by")
    )
    deferral_approved_at = models.DateTimeField(_("deferral approved on"), null=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("feature")
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="feature_ref_once"),
            models.CheckConstraint(
                name="feature_deferred_with_reason",
                condition=(Q(status="deferred", deferred_by__isnull=False) & ~Q(deferral_reason=""))
                | (~Q(status="deferred") & Q(deferred_by__isnull=True, deferral_reason="")),
            ),
            models.CheckConstraint(
                name="feature_deferral_approved_by_another",
                condition=Q(deferral_approved_by__isnull=True, deferral_approved_at__isnull=True)
                | (
                    Q(status="deferred", deferral_approved_by__isnull=False, deferral_approved_at__isnull=False)
                    & ~Q(deferral_approved_by=F("deferred_by"))
                ),
            ),
            models.CheckConstraint(
                name="feature_result_of_a_test", condition=Q(result="") | (~Q(result="") & ~Q(test=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do about it in Build: complete, or deferred with another person's approval."""
        if self.status == self.Status.COMPLETE:
            return self.result != self.Result.FAILED
        return self.status == self.Status.DEFERRED and self.deferral_approved_by_id is not None

    @property
    def state_in_words(self) -> str:
        """What keeps Build from ending without more being done about it."""
        if self.status == self.Status.COMPLETE and self.result == self.Result.FAILED:
            return gettext("its test failed")
        if self.status == self.Status.DEFERRED and self.deferral_approved_by_id is None:
            return gettext("its deferral is not approved by another person")
        return self.get_status_display().lower()


class FeatureLink(RegisterRow):
    """A feature meets a requirement. A link that was wrong is ended, and stays in the record."""

    feature = models.ForeignKey(Feature, on_delete=models.PROTECT, related_name="links", verbose_name=_("feature"))
    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="links", verbose_name=_("requirement")
    )
    ended_at = models.DateTimeField(_("ended on"), null=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("ended by")
    )

    class Meta(RegisterRow.Meta):
        verbose_name = _("link of a feature")
        constraints = [
            models.UniqueConstraint(
                fields=["feature", "requirement"], condition=Q(ended_at__isnull=True), name="feature_link_once"
            ),
            models.CheckConstraint(
                name="feature_link_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feature.ref} → {self.requirement.ref}"


class OperationalCheck(RegisterRow):
    """Whether the design includes an operational requirement, and whether it is addressed; the newest row counts."""

    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="operational_checks", verbose_name=_("requirement")
    )
    in_design = models.BooleanField(_("included in the design"))
    addressed = models.BooleanField(_("addressed"))
    note = models.TextField(_("what shows it"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("evaluation of an operational requirement")
        indexes = [models.Index(fields=["requirement", "id"])]

    def __str__(self) -> str:
        return self.requirement.ref
