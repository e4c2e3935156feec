"""The registers of metrics, measurements, interim milestones, capability gaps and opportunities."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions import planning as actions
from projects.forms.fields import DayField, PersonOnProject, RowField, TextField
from projects.models import CapabilityGap, Milestone, Opportunity, Project, ProjectMetric
from projects.models.planning import STAGES_OF_WORK
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb


class MetricForm(RegisterForm):
    """A metric by which the project is measured."""

    name = forms.CharField(label=_("Metric"), max_length=200)
    unit = forms.CharField(label=_("Unit"), max_length=60)
    target = forms.CharField(label=_("Target"), max_length=200)
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("Where the figure comes from."))
    cadence = forms.CharField(label=_("How often"), max_length=100)


class MeasuredForm(RegisterForm):
    """What a metric was on a day."""

    measured_on = DayField(label=_("Measured on"))
    value = forms.DecimalField(label=_("Value"), max_digits=16, decimal_places=4)
    note = TextField(label=_("Note"), required=False)


class MetricOfProject(RowField):
    """A metric of the project."""

    def __init__(self) -> None:
        super().__init__(ProjectMetric.objects.none(), label=_("Metric"))

    def offer(self, project: Project) -> None:
        self.queryset = project.projectmetrics.order_by("name")


class MeasurementForm(MeasuredForm):
    """A measurement, with its metric."""

    metric = MetricOfProject()
    field_order = ("metric",)


METRICS = Register(
    name="metrics",
    title=_("Project metrics"),
    purpose=_("How one will see whether the project does well: what is measured, against which target, from where."),
    stage="planning",
    source="Table 2",
    rows=lambda project: project.projectmetrics.order_by("id"),
    columns=(
        Column(_("Metric"), lambda row: row.name),
        Column(_("Unit"), lambda row: row.unit),
        Column(_("Target"), lambda row: row.target),
        Column(_("Source"), lambda row: row.source),
        Column(_("How often"), lambda row: row.cadence),
    ),
    form=MetricForm,
    add=actions.add_metric,
    add_label=_("Name a metric"),
    verbs=(Verb("measure", _("Record a measurement"), actions.measure, MeasuredForm),),
    empty=_("Name the first metric: without one, nobody can say how well the project did."),
    pasted=("name", "unit", "target", "source", "cadence"),
)

MEASUREMENTS = Register(
    name="measurements",
    title=_("Measurements"),
    purpose=_("What the project's metrics were, day by day."),
    stage="planning",
    source="Table 2",
    rows=lambda project: project.measurements.select_related("metric", "created_by").order_by("-measured_on", "-id"),
    columns=(
        Column(_("Metric"), lambda row: row.metric),
        Column(_("Measured on"), lambda row: row.measured_on),
        Column(_("Value"), lambda row: f"{row.value.normalize():f} {row.metric.unit}", num=True),
        Column(_("Target"), lambda row: row.metric.target),
        Column(_("Note"), lambda row: row.note),
        Column(_("Recorded by"), lambda row: row.created_by),
    ),
    form=MeasurementForm,
    add=actions.add_measurement,
    add_label=_("Record a measurement"),
    empty=_("Record what a metric was before the project changes anything: the baseline."),
)


class MilestoneForm(RegisterForm):
    """A milestone inside a stage."""

    stage = forms.ChoiceField(label=_("Stage"), choices=STAGES_OF_WORK)
    name = forms.CharField(label=_("Milestone"), max_length=200)
    planned_on = DayField(label=_("Planned on"))


class MetForm(RegisterForm):
    """When a milestone was reached."""

    actual_on = DayField(label=_("Reached on"))


class UnmetForm(RegisterForm):
    """Why a milestone is not met."""

    unmet_reason = TextField(label=_("Not met, because"))


def _reached(row: Milestone) -> Pill:
    if row.actual_on is not None:
        return Pill("milestone", "met", _("Met"))
    if row.unmet_reason:
        return Pill("milestone", "not_met", _("Not met, with a reason"))
    if row.planned_on < timezone.localdate():
        return Pill("milestone", "overdue", _("Overdue"))
    return Pill("milestone", "planned", _("Planned"))


MILESTONES = Register(
    name="milestones",
    title=_("Interim milestones"),
    purpose=_(
        "Points inside the stages. The plan is not agreed while one of Project Planning is unmet without a reason."
    ),
    stage="planning",
    source="Table 1",
    rows=lambda project: project.milestones.order_by("planned_on", "id"),
    columns=(
        Column(_("Milestone"), lambda row: row.name),
        Column(_("Stage"), lambda row: row.get_stage_display()),
        Column(_("Planned on"), lambda row: row.planned_on),
        Column(_("Reached on"), lambda row: row.actual_on),
        Column(_("State"), _reached),
        Column(_("Not met, because"), lambda row: row.unmet_reason),
    ),
    form=MilestoneForm,
    add=actions.add_milestone,
    add_label=_("Plan a milestone"),
    verbs=(
        Verb("met", _("Met"), actions.meet, MetForm, when=lambda row: row.actual_on is None),
        Verb(
            "not-met",
            _("Not met, because …"),
            actions.explain,
            UnmetForm,
            open_to=lambda place: place.manages,
            when=lambda row: row.actual_on is None,
            explain=_("The milestone is not met, and the plan goes on without it."),
            initial=lambda row: {"unmet_reason": row.unmet_reason},
        ),
    ),
    empty=_("Plan the points by which one sees that the stage is on its way."),
    pasted=("stage", "name", "planned_on"),
)


class GapForm(RegisterForm):
    """Something that is lacking."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CapabilityGap.Kind.choices)
    text = TextField(label=_("What is lacking"))
    owner = PersonOnProject(label=_("Owner"))
    plan = TextField(label=_("Plan"))


class ClosedForm(RegisterForm):
    """How a gap was closed."""

    outcome = TextField(label=_("How it was closed"))


GAPS = Register(
    name="gaps",
    title=_("Capability gaps"),
    purpose=_("What the organisation cannot do yet, and people it is short of, each with an owner and a plan."),
    stage="planning",
    source="Table 2",
    rows=lambda project: project.capabilitygaps.select_related("owner").order_by("id"),
    columns=(
        Column(_("What is lacking"), lambda row: row.text),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Plan"), lambda row: row.plan),
        Column(
            _("State"),
            lambda row: Pill("work", "done", _("Closed")) if row.closed_at else Pill("work", "open", _("Open")),
        ),
        Column(_("How it was closed"), lambda row: row.outcome),
    ),
    form=GapForm,
    add=actions.add_gap,
    add_label=_("Record a gap"),
    verbs=(Verb("close", _("Close"), actions.close_gap, ClosedForm, when=lambda row: row.closed_at is None),),
    empty=_("Record what the team or the organisation cannot do yet, and where people are short."),
)


class OpportunityForm(RegisterForm):
    """What could be merged, made simpler or retired."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Opportunity.Kind.choices)
    text = TextField(label=_("What was found"), help_text=_("With “none found”: where was looked, and by whom."))
    decision = TextField(label=_("Decision"), required=False)


class DecisionForm(RegisterForm):
    """What becomes of an opportunity."""

    decision = TextField(label=_("Decision"))


OPPORTUNITIES = Register(
    name="opportunities",
    title=_("Consolidation and simplification"),
    purpose=_("What could be merged, made simpler or retired with this project, and what was decided."),
    stage="planning",
    source="Table 2",
    rows=lambda project: project.opportunitys.select_related("created_by").order_by("id"),
    columns=(
        Column(_("What was found"), lambda row: row.text),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Decision"), lambda row: row.decision),
        Column(_("Recorded by"), lambda row: row.created_by),
    ),
    form=OpportunityForm,
    add=actions.add_opportunity,
    add_label=_("Record what was found"),
    verbs=(
        Verb(
            "decide",
            _("Decide"),
            actions.decide_opportunity,
            DecisionForm,
            open_to=lambda place: place.approves,
            when=lambda row: not row.decision and row.kind != Opportunity.Kind.NONE_FOUND,
        ),
    ),
    empty=_("Record what could be merged, made simpler or retired, or that nothing was found and where was looked."),
    pasted=("kind", "text", "decision"),
)
