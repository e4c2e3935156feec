"""What a plan is made of beside its documents: money, deliverables, milestones, metrics, controls, gaps, openings."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Gate, Stage
from projects.models.rows import RegisterRow

STAGES_OF_WORK = [(stage.value, stage.label) for stage in Stage if stage not in (Stage.REGISTERED, Stage.CLOSED)]


def _stamp_paired(name: str, by: str, at: str) -> models.CheckConstraint:
    """Who and when are known together or not at all."""
    both = Q(**{f"{by}__isnull": True, f"{at}__isnull": True}) | Q(**{f"{by}__isnull": False, f"{at}__isnull": False})
    return models.CheckConstraint(name=name, condition=both)


class FundingApproval(RegisterRow):
    """Money approved, at times only for the stages up to one, until a milestone has been passed (SEED-66)."""

    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by"))
    approved_on = models.DateField(_("approved on"))
    limit_stage = models.CharField(_("up to and including"), max_length=20, choices=STAGES_OF_WORK, blank=True)
    until_gate = models.CharField(_("until the review"), max_length=10, choices=Gate, blank=True)
    until_text = models.CharField(_("until another milestone"), max_length=200, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("funding approval")
        constraints = [
            models.CheckConstraint(name="funding_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="funding_not_own", condition=~Q(approver=F("created_by"))),
            models.CheckConstraint(
                name="funding_limit_paired",
                condition=Q(limit_stage="", until_gate="", until_text="")
                | (~Q(limit_stage="") & Q(until_gate="") & ~Q(until_text=""))
                | (~Q(limit_stage="") & ~Q(until_gate="") & Q(until_text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"

    @property
    def milestone(self) -> str:
        """What must be passed before the money reaches further; empty without a limit."""
        return str(Gate(self.until_gate).label) if self.until_gate else self.until_text


class WorkPackage(RegisterRow):
    """One deliverable with the work, the money and the time it takes (SEED-36)."""

    name = models.CharField(_("deliverable"), max_length=200)
    work_plan = models.TextField(_("work plan"), blank=True)
    cost = models.DecimalField(_("cost estimate"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("deliverable")
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="workpackage_name_once"),
            models.CheckConstraint(
                name="workpackage_cost_paired",
                condition=Q(cost__isnull=True, currency="") | (Q(cost__gte=0) & ~Q(currency="")),
            ),
            models.CheckConstraint(
                name="workpackage_schedule_paired",
                condition=Q(planned_start__isnull=True, planned_end__isnull=True)
                | Q(planned_start__isnull=False, planned_end__gte=F("planned_start")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        """Whether work plan, cost estimate and schedule are all there."""
        return bool(self.work_plan) and self.cost is not None and self.planned_start is not None


class Milestone(RegisterRow):
    """A point inside a stage that the plan names: when it should be reached, when it was, or why not (SEED-23)."""

    stage = models.CharField(_("stage"), max_length=20, choices=STAGES_OF_WORK)
    name = models.CharField(_("milestone"), max_length=200)
    planned_on = models.DateField(_("planned on"))
    actual_on = models.DateField(_("reached on"), null=True, blank=True)
    unmet_reason = models.TextField(_("not met, because"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("interim milestone")
        constraints = [models.UniqueConstraint(fields=["project", "stage", "name"], name="milestone_name_once")]

    def __str__(self) -> str:
        return self.name


class ProjectMetric(RegisterRow):
    """What shows how well the project does: in which unit, against which target, from where, how often (SEED-60)."""

    name = models.CharField(_("metric"), max_length=200)
    unit = models.CharField(_("unit"), max_length=60)
    target = models.CharField(_("target"), max_length=200)
    source = models.CharField(_("source"), max_length=200)
    cadence = models.CharField(_("how often"), max_length=100)

    class Meta(RegisterRow.Meta):
        verbose_name = _("project metric")
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="metric_name_once")]

    def __str__(self) -> str:
        return self.name


class Measurement(RegisterRow):
    """What a metric was on a day."""

    metric = models.ForeignKey(ProjectMetric, on_delete=models.PROTECT, related_name="measurements")
    measured_on = models.DateField(_("measured on"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    note = models.TextField(_("note"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("measurement")

    def __str__(self) -> str:
        return f"{self.metric}, {self.measured_on.isoformat()}"


class InternalControl(RegisterRow):
    """A control that the solution will contain: approved with the plan, built, verified before the release (SEED-67).

    Where it stands follows from its stamps; a withdrawn one is asked for no more.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        BUILT = "built", _("Built")
        VERIFIED = "verified", _("Verified")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    ref = models.CharField(_("control"), max_length=30)
    text = models.TextField(_("what it makes sure of"))
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True)
    built_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    built_at = models.DateTimeField(_("built at"), null=True)
    built_where = models.TextField(_("where it is built in"), blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(_("verified at"), null=True)
    verified_how = models.TextField(_("how it was verified"), blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("internal control")
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="control_ref_once"),
            _stamp_paired("control_approval_paired", "approved_by", "approved_at"),
            _stamp_paired("control_built_paired", "built_by", "built_at"),
            _stamp_paired("control_verified_paired", "verified_by", "verified_at"),
            _stamp_paired("control_withdrawn_paired", "withdrawn_by", "withdrawn_at"),
            models.CheckConstraint(
                name="control_in_order",
                condition=(Q(built_at__isnull=True) | Q(approved_at__isnull=False))
                & (Q(verified_at__isnull=True) | Q(built_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="control_two_people",
                condition=(Q(approved_by__isnull=True) | ~Q(approved_by=F("created_by")))
                & (Q(verified_by__isnull=True) | ~Q(verified_by=F("built_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def state(self) -> State:
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.verified_at:
            return self.State.VERIFIED
        if self.built_at:
            return self.State.BUILT
        return self.State.APPROVED if self.approved_at else self.State.PROPOSED


class CapabilityGap(RegisterRow):
    """Something the organisation cannot do yet, or people it does not have, and who sees to it (SEED-62)."""

    class Kind(models.TextChoices):
        CAPABILITY = "capability", _("Capability gap")
        RESOURCE = "resource", _("Resource shortfall")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("what is lacking"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    plan = models.TextField(_("plan"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(_("how it was closed"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("capability gap")
        constraints = [_stamp_paired("gap_closing_paired", "closed_by", "closed_at")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else f"{self.text[:60].rstrip()} …"


class Opportunity(RegisterRow):
    """What could be merged, made simpler or retired, and what was decided, or that none was found (SEED-59)."""

    class Kind(models.TextChoices):
        CONSOLIDATE = "consolidate", _("Consolidate")
        SIMPLIFY = "simplify", _("Simplify")
        DECOMMISSION = "decommission", _("Decommission")
        NONE_FOUND = "none_found", _("None found")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("what was found, or where was looked"))
    decision = models.TextField(_("decision"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("opportunity")
        constraints = [
            models.CheckConstraint(
                name="opportunity_none_decides_nothing", condition=~Q(kind="none_found") | Q(decision="")
            )
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else f"{self.text[:60].rstrip()} …"
