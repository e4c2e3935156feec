"""The registers of quiet periods and of incidents after deployment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import quiet as actions
from projects.forms.fields import DayField, MomentField, TextField
from projects.models import Incident, QuietPeriod
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb


class PeriodForm(RegisterForm):
    """How long is watched, and what for."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"))
    watched = TextField(label=_("What is watched"))
    exit_criteria = TextField(label=_("Exit criteria"), help_text=_("What must be true for it to end well."))


class EndForm(RegisterForm):
    """How it ended."""

    outcome = TextField(label=_("How the exit criteria stand"))
    early_reason = TextField(
        label=_("Why it ends early"), required=False, help_text=_("Needed before its last day only.")
    )


class IncidentForm(RegisterForm):
    """What went wrong, and when."""

    priority = forms.ChoiceField(label=_("Priority"), choices=[("", "---------"), *Incident.Priority.choices])
    occurred_at = MomentField(label=_("When"))
    description = TextField(label=_("What happened"))
    ref = forms.CharField(
        label=_("Reference"),
        max_length=40,
        required=False,
        help_text=_("As the service desk calls it; the next INC number when left empty."),
    )


class ResolveForm(RegisterForm):
    """What was done."""

    resolution = TextField(label=_("How it was resolved"))


def _period_state(row: QuietPeriod) -> Pill:
    if row.ended_at is None:
        return Pill("work", "open", _("Not ended"))
    return Pill("work", "done", _("Ended early") if row.early_reason else _("Ended"))


QUIET_PERIODS = Register(
    name="quiet_periods",
    title=_("Quiet period"),
    purpose=_(
        "The days after deployment in which nothing else changes and what runs is watched. The project closes once it "
        "has ended; ending it early needs a reason."
    ),
    stage="deploy",
    source="ours",
    rows=lambda project: project.quietperiods.select_related("ended_by").order_by("starts_on", "id"),
    columns=(
        Column(_("From"), lambda row: row.starts_on),
        Column(_("To"), lambda row: row.ends_on),
        Column(_("State"), _period_state),
        Column(_("What is watched"), lambda row: row.watched),
        Column(_("Exit criteria"), lambda row: row.exit_criteria),
        Column(_("How the exit criteria stand"), lambda row: row.outcome),
        Column(_("Why it ended early"), lambda row: row.early_reason),
        Column(_("Ended by"), lambda row: row.ended_by),
    ),
    form=PeriodForm,
    add=actions.add_period,
    add_label=_("Set a quiet period"),
    verbs=(
        Verb(
            name="end",
            label=_("End it"),
            do=actions.end_period,
            form=EndForm,
            open_to=lambda place: place.manages,
            when=lambda row: row.ended_at is None,
        ),
    ),
    empty=_("Set how long the solution is watched after deployment, and what must be true at the end."),
)

INCIDENTS = Register(
    name="incidents",
    title=_("Incidents after deployment"),
    purpose=_("What went wrong in production. The project closes once each is resolved."),
    stage="deploy",
    source="ours",
    rows=lambda project: project.incidents.select_related("resolved_by").order_by("-occurred_at", "-id"),
    columns=(
        Column(_("Reference"), lambda row: row.ref),
        Column(_("Priority"), lambda row: Pill("priority", row.priority, row.get_priority_display())),
        Column(_("When"), lambda row: row.occurred_at),
        Column(_("What happened"), lambda row: row.description),
        Column(
            _("State"),
            lambda row: Pill("work", "done", _("Resolved")) if row.resolved_at else Pill("work", "open", _("Open")),
        ),
        Column(_("How it was resolved"), lambda row: row.resolution),
        Column(_("Resolved"), lambda row: row.resolved_at),
        Column(_("Resolved by"), lambda row: row.resolved_by),
    ),
    form=IncidentForm,
    add=actions.add_incident,
    add_label=_("Record an incident"),
    verbs=(
        Verb(
            name="resolve",
            label=_("Resolve it"),
            do=actions.resolve_incident,
            form=ResolveForm,
            when=lambda row: row.resolved_at is None,
        ),
    ),
    empty=_("Record here what goes wrong once the solution is in production."),
    pasted=("priority", "occurred_at", "description", "ref"),
)
