"""The project: what it is, where it stands, which gates have opened for it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from projects.models.people import User


class Stage(models.TextChoices):
    """Where a project stands. The five stages of Table 1, between registration and close-out."""

    REGISTERED = "registered", _("Registered")
    ENVISION = "envision", _("Envision")
    PLANNING = "planning", _("Project Planning")
    BUILD = "build", _("Build")
    STABILIZE = "stabilize", _("Stabilize")
    DEPLOY = "deploy", _("Deploy")
    CLOSED = "closed", _("Closed")


AFTER_PLAN_GATE = [Stage.BUILD, Stage.STABILIZE, Stage.DEPLOY, Stage.CLOSED]
AFTER_RELEASE_GATE = [Stage.DEPLOY, Stage.CLOSED]


class Status(models.TextChoices):
    ACTIVE = "active", _("Active")
    ON_HOLD = "on_hold", _("On hold")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Closed")


class ProjectType(models.TextChoices):
    """SEED-01."""

    IT_SERVICE = "it_service", _("IT service")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure project")
    PACKAGED_PRODUCT = "packaged_product", _("Packaged product deployment")


class Category(models.TextChoices):
    """SEED-03. Emergency is our extension; the four of the source cannot be removed."""

    STANDARD = "standard", _("Standard")
    MINOR = "minor", _("Minor")
    SIGNIFICANT = "significant", _("Significant")
    MAJOR = "major", _("Major")
    EMERGENCY = "emergency", _("Emergency (extension)")


def plan_is_approved(project: "Project") -> bool:
    return project.plan_approved_at is not None


def release_is_ready(project: "Project") -> bool:
    return project.plan_approved_at is not None and project.release_ready_at is not None


def is_active(project: "Project") -> bool:
    return project.status == Status.ACTIVE


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        """What this person may see: everything for who answers for all projects or audits them, else own projects."""
        if user.is_solution_manager or user.is_auditor or user.is_process_owner:
            return self
        held = RoleAssignment.objects.filter(user=user, ends_on__isnull=True).values("project")
        involved = Involvement.objects.filter(user=user).values("project")
        return self.filter(Q(pk__in=held) | Q(pk__in=involved))


class Project(models.Model):
    """One project in the Deliver Phase."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    project_type = models.CharField(_("project type"), max_length=20, choices=ProjectType)
    category = models.CharField(_("change category"), max_length=20, choices=Category)
    category_nature = models.TextField(_("nature of the change"))
    category_size = models.TextField(_("size of the change"))
    methodology = models.CharField(_("management discipline"), max_length=60, blank=True)
    conversion_applies = models.BooleanField(_("data or system conversion applies"), null=True, default=None)
    role_segregation = models.BooleanField(_("segregation of roles is needed"), default=False)
    intents = models.TextField(_("management's goals and intents"), blank=True)
    portfolio_ref = models.CharField(_("portfolio review reference"), max_length=60, blank=True)
    portfolio_date = models.DateField(_("portfolio review date"), null=True, blank=True)
    portfolio_outcome = models.CharField(_("portfolio review outcome"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=160, blank=True)
    external_ref = models.CharField(_("reference in the source system"), max_length=80, blank=True, db_index=True)
    planned_cost = models.DecimalField(_("planned cost"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    template = models.ForeignKey(
        "projects.ChangeTemplate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("change template"),
    )
    template_basis = models.TextField(_("approval and test of the template"), blank=True, editable=False)

    stage = FSMField(_("stage"), choices=Stage.choices, default=Stage.REGISTERED, protected=True, db_index=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE, db_index=True)
    status_reason = models.TextField(_("reason"), blank=True)
    plan_approved_at = models.DateTimeField(null=True, editable=False)
    release_ready_at = models.DateTimeField(null=True, editable=False)
    release_valid_until = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            # The last line: whatever wrote the row, Build implies an approved plan, Deploy a ready release (SEED-09).
            models.CheckConstraint(
                name="project_build_needs_approved_plan",
                condition=~Q(stage__in=AFTER_PLAN_GATE) | Q(plan_approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="project_deploy_needs_ready_release",
                condition=~Q(stage__in=AFTER_RELEASE_GATE) | Q(release_ready_at__isnull=False),
            ),
            models.CheckConstraint(
                name="project_release_needs_plan",
                condition=Q(release_ready_at__isnull=True) | Q(plan_approved_at__isnull=False),
            ),
            models.CheckConstraint(name="project_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="project_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="project_type_known", condition=Q(project_type__in=ProjectType.values)),
            models.CheckConstraint(name="project_category_known", condition=Q(category__in=Category.values)),
            models.CheckConstraint(
                name="project_closed_paired",
                condition=Q(stage=Stage.CLOSED, status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(stage=Stage.CLOSED) & ~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="project_hold_and_cancel_say_why",
                condition=~Q(status__in=[Status.ON_HOLD, Status.CANCELLED]) | ~Q(status_reason=""),
            ),
            models.CheckConstraint(
                name="project_ends_after_start",
                condition=Q(planned_start__isnull=True)
                | Q(planned_end__isnull=True)
                | Q(planned_end__gte=F("planned_start")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "stage"]),
            models.Index(fields=["category"]),
            # The portfolio's orders: a page of it reads as many rows as it shows.
            models.Index(fields=["title", "id"], name="project_by_title"),
            models.Index(fields=["planned_end", "id"], name="project_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.code])

    @property
    def intent_lines(self) -> list[str]:
        """Management's goals and intents, one a line, without list marks (SEED-53)."""
        lines = (line.strip().lstrip("-*• ").strip() for line in self.intents.splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    # --- Stage machine. `projects.lifecycle.MOVES` says who may and what must be true; these hold the edges. ---------
    # Called by `projects.actions.stages` under a row lock, never directly.

    @transition(field=stage, source=Stage.REGISTERED, target=Stage.ENVISION, conditions=[is_active])
    def start_envision(self) -> None:
        """Registered -> Envision."""

    @transition(field=stage, source=Stage.ENVISION, target=Stage.PLANNING, conditions=[is_active])
    def start_planning(self) -> None:
        """Envision -> Project Planning."""

    @transition(field=stage, source=Stage.PLANNING, target=Stage.BUILD, conditions=[is_active, plan_is_approved])
    def start_build(self) -> None:
        """Project Planning -> Build, through the Project Plan Approved review."""

    @transition(field=stage, source=Stage.BUILD, target=Stage.STABILIZE, conditions=[is_active, plan_is_approved])
    def start_stabilize(self) -> None:
        """Build -> Stabilize."""

    @transition(field=stage, source=Stage.STABILIZE, target=Stage.DEPLOY, conditions=[is_active, release_is_ready])
    def start_deploy(self) -> None:
        """Stabilize -> Deploy, through the Release Readiness review."""

    @transition(field=stage, source=Stage.DEPLOY, target=Stage.CLOSED, conditions=[is_active, release_is_ready])
    def close(self) -> None:
        """Deploy -> Closed."""

    @transition(field=stage, source=[Stage.BUILD, Stage.STABILIZE], target=Stage.PLANNING, conditions=[is_active])
    def return_to_planning(self) -> None:
        """Rework: the plan must be approved again."""

    @transition(field=stage, source=[Stage.STABILIZE], target=Stage.BUILD, conditions=[is_active, plan_is_approved])
    def return_to_build(self) -> None:
        """Rework: the release must be found ready again."""

    @transition(field=stage, source=[Stage.DEPLOY], target=Stage.STABILIZE, conditions=[is_active, plan_is_approved])
    def return_to_stabilize(self) -> None:
        """Rework: the release must be found ready again."""


class Gate(models.TextChoices):
    PLAN = "plan", _("Project Plan Approved")
    RELEASE = "release", _("Release Readiness")


class GatePass(models.Model):
    """The fact that a gate was opened for a project by a decided review. Written by `projects.gate_record` alone."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gate_passes")
    gate = models.CharField(max_length=10, choices=Gate)
    review_ref = models.CharField(max_length=20)
    packet_digest = models.CharField(max_length=64)
    candidate = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("gate pass")
        verbose_name_plural = _("gate passes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "gate"], condition=Q(revoked_at__isnull=True), name="gatepass_one_open"
            ),
            models.UniqueConstraint(fields=["project", "review_ref"], name="gatepass_one_per_round"),
            models.CheckConstraint(
                name="gatepass_revocation_paired",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_ref} opens {self.get_gate_display()}"


class RoleAssignment(models.Model):
    """A person in a role on a project, from one date to another (Table 6)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("role"), max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments", verbose_name=_("person"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    basis = models.TextField(_("skill or training basis"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="R-SM", ends_on__isnull=True),
                name="role_one_solution_manager",
                violation_error_message=_("A project has exactly one solution manager: hand the role over instead."),
            ),
            models.UniqueConstraint(
                fields=["project", "role", "user"], condition=Q(ends_on__isnull=True), name="role_held_once"
            ),
            models.CheckConstraint(
                name="role_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.user_id}"


class Involvement(models.Model):
    """A person who sees a project for another reason than a role: named in a review, watching."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="involvements")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="involvements")
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user", "reason"], name="involvement_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.project_id}: {self.reason}"
