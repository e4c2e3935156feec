"""The registers of funding and of deliverables."""

from decimal import Decimal

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.actions import funding as actions
from projects.forms.fields import DayField, PersonOnProject, TextField
from projects.models import FundingApproval, Gate, Project, WorkPackage
from projects.models.planning import STAGES_OF_WORK
from projects.registers.register import Column, Register, RegisterForm, Verb


class CurrencyField(forms.CharField):
    """Three letters; empty for the project's own."""

    def __init__(self) -> None:
        words = _("Three letters; the project's currency when left empty.")
        super().__init__(label=_("Currency"), max_length=3, required=False, help_text=words)


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as people read it; empty when there is none."""
    return f"{number_format(amount, 2, force_grouping=True)} {currency}" if amount is not None else ""


class FundingForm(RegisterForm):
    """An approval that has been given."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=16, decimal_places=2)
    currency = CurrencyField()
    approver = PersonOnProject(label=_("Approved by"), help_text=_("Finance, the sponsor or a solution manager."))
    approved_on = DayField(label=_("Approved on"))
    limit_stage = forms.ChoiceField(
        label=_("Up to and including"), choices=[("", _("the whole project")), *STAGES_OF_WORK], required=False
    )
    until_gate = forms.ChoiceField(
        label=_("Until the review"), choices=[("", _("none")), *Gate.choices], required=False
    )
    until_text = forms.CharField(
        label=_("Until another milestone"),
        max_length=200,
        required=False,
        help_text=_("In words. It has been passed when a further approval is recorded."),
    )
    conditions = TextField(label=_("Conditions"), required=False)


def _limit(row: FundingApproval) -> str:
    if not row.limit_stage:
        return ""
    return gettext("%(stage)s, until: %(milestone)s") % {
        "stage": row.get_limit_stage_display(),
        "milestone": row.milestone,
    }


FUNDING = Register(
    name="funding",
    title=_("Funding approvals"),
    purpose=_("What money was approved, by whom, and how far it reaches. A stage beyond the limit is not started."),
    stage="planning",
    source="Table 2",
    rows=lambda project: project.fundingapprovals.select_related("approver", "created_by").order_by("-id"),
    columns=(
        Column(_("Amount"), lambda row: money(row.amount, row.currency), num=True),
        Column(_("Approved by"), lambda row: row.approver),
        Column(_("Approved on"), lambda row: row.approved_on),
        Column(_("Reaches to the end of"), _limit),
        Column(_("Conditions"), lambda row: row.conditions),
        Column(_("Recorded by"), lambda row: row.created_by),
    ),
    form=FundingForm,
    add=actions.add,
    add_label=_("Record an approval"),
    open_to=lambda place: place.manages,
    empty=_("Record the approval of funding once finance or the sponsor has given it."),
)


class PlanOfDeliverable(RegisterForm):
    """What a deliverable takes."""

    work_plan = TextField(
        label=_("Work plan"), required=False, help_text=_("The work and who does it, or where the plan is kept.")
    )
    cost = forms.DecimalField(label=_("Cost estimate"), min_value=0, max_digits=16, decimal_places=2, required=False)
    currency = CurrencyField()
    planned_start = DayField(label=_("Planned start"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False)


class DeliverableForm(PlanOfDeliverable):
    """A deliverable and what it takes."""

    name = forms.CharField(label=_("Deliverable"), max_length=200)
    field_order = ("name",)


def _plan(row: WorkPackage) -> dict[str, object]:
    return {name: getattr(row, name) for name in PlanOfDeliverable.base_fields}


def _note(project: Project) -> str:
    packages = list(project.workpackages.all())
    missing = sum(not package.is_complete for package in packages)
    if not missing:
        return ""
    return gettext("%(missing)d of %(all)d lack a work plan, a cost estimate or a schedule.") % {
        "missing": missing,
        "all": len(packages),
    }


DELIVERABLES = Register(
    name="deliverables",
    title=_("Deliverables"),
    purpose=_("What the project hands over, each with its work plan, cost estimate and schedule."),
    stage="planning",
    source="§Goals, §Project Plan Approved",
    rows=lambda project: project.workpackages.order_by("id"),
    columns=(
        Column(_("Deliverable"), lambda row: row.name),
        Column(_("Work plan"), lambda row: row.work_plan),
        Column(_("Cost estimate"), lambda row: money(row.cost, row.currency), num=True),
        Column(_("Planned start"), lambda row: row.planned_start),
        Column(_("Planned end"), lambda row: row.planned_end),
    ),
    form=DeliverableForm,
    add=actions.add_package,
    add_label=_("List a deliverable"),
    verbs=(
        Verb(
            "plan",
            _("Plan it"),
            actions.revise_package,
            PlanOfDeliverable,
            explain=_("Work plan, cost estimate and schedule become as given here."),
            initial=_plan,
        ),
    ),
    empty=_("List what the project hands over: the solution, its documents, its training."),
    pasted=("name", "work_plan", "cost", "currency", "planned_start", "planned_end"),
    note=_note,
)
