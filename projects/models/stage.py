"""A project's passage through one stage, and the outcomes confirmed at its exit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Project, Stage
from projects.models.rows import RegisterRow


class StageRun(models.Model):
    """One passage through one stage; rework starts the next iteration, the earlier one stays (SEED-13)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stage_runs")
    stage = models.CharField(_("stage"), max_length=12)
    iteration = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage", "iteration"], name="stagerun_iteration_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(ended_at__isnull=True), name="stagerun_one_open"),
            models.CheckConstraint(
                name="stagerun_ends_after_start", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} #{self.iteration}"


class StageOutside(RegisterRow):
    """This stage was run before the project came into the system: who says so, and why (SEED-14)."""

    STAGES = (Stage.ENVISION, Stage.PLANNING, Stage.BUILD, Stage.STABILIZE)

    stage = models.CharField(_("stage"), max_length=12, choices=[(stage.value, stage.label) for stage in STAGES])
    reason = models.TextField(_("why"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("stage run outside the system")
        constraints = [
            models.UniqueConstraint(fields=["project", "stage"], name="stage_outside_once"),
            models.CheckConstraint(
                name="stage_outside_known", condition=Q(stage__in=["envision", "planning", "build", "stabilize"])
            ),
            models.CheckConstraint(name="stage_outside_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.get_stage_display())


class OutcomeConfirmation(models.Model):
    """One answer about one outcome of Table 1. Rows are only added; the newest counts (SEED-19)."""

    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="confirmations")
    outcome = models.CharField(max_length=10)
    confirmed = models.BooleanField()
    evidence = models.TextField(_("evidence"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "outcome", "id"])]

    def __str__(self) -> str:
        return f"{self.outcome}: {'confirmed' if self.confirmed else 'not confirmed'}"


class StageExit(models.Model):
    """What a light milestone was decided on, kept when the stage was left. Rows are only added (EXT-19)."""

    run = models.OneToOneField(StageRun, on_delete=models.PROTECT, related_name="exit")
    body = models.TextField(help_text="canonical JSON, UTF-8; see projects.exits")
    digest = models.CharField(max_length=64, help_text="SHA-256 of body, in hex")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"))
    at = models.DateTimeField(_("decided"))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.digest[:12]


class Requirement(models.Model):
    """A need the solution must meet (SEED-24); at least one stands before Planning starts (SEED-35)."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        USER = "user", _("User")
        OPERATIONAL = "operational", _("Operational")
        SYSTEM = "system", _("System")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="requirements")
    ref = models.CharField(_("reference"), max_length=20)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("requirement"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="requirement_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:60]}"
