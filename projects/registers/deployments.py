"""The register of deployments."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions import deployments as actions
from projects.forms.fields import ApprovedCandidate, MomentField, PersonOnProject, TextField
from projects.models import Deployment
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb

State = Deployment.State


class PlanForm(RegisterForm):
    """One site or target, and when it is its turn."""

    site = forms.CharField(label=_("Site or target"), max_length=120)
    planned_for = MomentField(label=_("Planned for"))
    candidate = ApprovedCandidate()


class StartForm(RegisterForm):
    """The beginning, as it was."""

    started_at = MomentField(label=_("Began"))
    deployed_by = PersonOnProject(label=_("Deployed by"))


class FinishForm(RegisterForm):
    """The end and the result, as they were."""

    ended_at = MomentField(label=_("Ended"))
    result = forms.ChoiceField(label=_("Result"), choices=[("", "---------"), *Deployment.Result.choices])
    result_note = TextField(label=_("What happened"), required=False, help_text=_("Needed unless it was a success."))


class StableForm(RegisterForm):
    """A statement of stability in production."""

    stability = TextField(label=_("What shows that it is stable"))


class DropForm(RegisterForm):
    """Why it does not take place."""

    dropped_reason = TextField(label=_("Why it does not take place"))


def _in(*states: State) -> Any:
    return lambda row: row.state in states


def _this_minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


DEPLOYMENTS = Register(
    name="deployments",
    title=_("Deployments"),
    purpose=_(
        "What goes into production, site by site: when, by whom, with what result, and whether it is stable. Only the "
        "release candidate that was approved is deployed, while its approval holds."
    ),
    stage="deploy",
    source="Table 1, Table 6",
    rows=lambda project: project.deployments.select_related("deployed_by", "stable_by").order_by("planned_for", "id"),
    columns=(
        Column(_("Site or target"), lambda row: row.site),
        Column(_("Release candidate"), lambda row: row.candidate),
        Column(_("State"), lambda row: Pill("deployment", row.state, row.state.label)),
        Column(_("Planned for"), lambda row: row.planned_for),
        Column(_("Began"), lambda row: row.started_at),
        Column(_("Ended"), lambda row: row.ended_at),
        Column(_("Deployed by"), lambda row: row.deployed_by),
        Column(_("What happened"), lambda row: row.dropped_reason or row.result_note),
        Column(_("Stability in production"), lambda row: row.stability),
    ),
    form=PlanForm,
    add=actions.plan,
    add_label=_("Plan a deployment"),
    verbs=(
        Verb(
            name="start",
            label=_("Record the beginning"),
            do=actions.start,
            form=StartForm,
            when=_in(State.PLANNED),
            explain=_("Only in Deploy, and only for the release candidate that was approved."),
            initial=lambda row: {"started_at": _this_minute()},
        ),
        Verb(
            name="finish",
            label=_("Record the result"),
            do=actions.finish,
            form=FinishForm,
            when=_in(State.UNDER_WAY),
            initial=lambda row: {"ended_at": _this_minute()},
        ),
        Verb(
            name="stable",
            label=_("Say that it is stable"),
            do=actions.call_stable,
            form=StableForm,
            when=_in(State.DEPLOYED),
            explain=_("The statement of stability in production: the project can close once every site has one."),
        ),
        Verb(
            name="drop",
            label=_("Drop it"),
            do=actions.drop,
            form=DropForm,
            open_to=lambda place: place.manages,
            when=_in(State.PLANNED),
        ),
    ),
    empty=_("Plan one for each site or target: production has at least one."),
    pasted=("site", "planned_for", "candidate"),
)
