"""Registers about people and environment: training, agreements, administrative procedures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import environment as actions
from projects.forms.answers import YesNoField
from projects.forms.fields import DayField, PersonOnProject, TextField
from projects.models import Agreement
from projects.registers.dropping import DROP
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb

TRAINING_WORDS = {"open": _("Planned"), "done": _("Done"), "dropped": _("Dropped")}
AGREEMENT_WORDS = {
    "open": _("Not judged"),
    "done": _("Sufficient"),
    "failed": _("Not sufficient"),
    "dropped": _("Dropped"),
}
PROCEDURE_WORDS = {
    "open": _("Not confirmed"),
    "done": _("Confirmed"),
    "failed": _("Not in order"),
    "dropped": _("Dropped"),
}


def yes_no(value: bool | None) -> object:
    return "" if value is None else _("yes") if value else _("no")


def why(row: Any) -> str:
    """What shows the answer, or why the row was dropped."""
    return str(row.drop_reason or row.evidence)


class TrainingForm(RegisterForm):
    """Somebody is to learn something."""

    person = PersonOnProject(label=_("Person"), required=False)
    name = forms.CharField(
        label=_("Or a name"), max_length=200, required=False, help_text=_("For people without a role on the project.")
    )
    course = forms.CharField(label=_("Course or runbook"), max_length=200)
    planned_on = DayField(label=_("Planned on"))


class TrainingDoneForm(RegisterForm):
    done_on = DayField(label=_("Done on"))
    evidence = TextField(
        label=_("What shows it"), required=False, help_text=_("For example: worked through the runbook alone.")
    )


TRAINING = Register(
    name="training",
    title=_("Training"),
    purpose=_("Who learns what before the release. The plan is one fact, that each person was trained is another."),
    stage="planning",
    source="Table 4, Environment",
    rows=lambda project: project.trainings.select_related("person", "confirmed_by"),
    columns=(
        Column(_("Person"), lambda row: row.who),
        Column(_("Course or runbook"), lambda row: row.course),
        Column(_("Planned on"), lambda row: row.planned_on),
        Column(_("State"), lambda row: Pill("prepared", row.state, TRAINING_WORDS[row.state])),
        Column(_("Done on"), lambda row: row.done_on),
        Column(_("Confirmed by"), lambda row: row.confirmed_by),
        Column(_("What shows it"), why),
    ),
    form=TrainingForm,
    add=actions.plan_training,
    add_label=_("Plan training"),
    verbs=(
        Verb(
            "done",
            _("Done"),
            actions.training_done,
            TrainingDoneForm,
            when=lambda row: row.state == "open",
            explain=_("The person has learned it. Nobody confirms their own training."),
        ),
        DROP,
    ),
    empty=_("Name everybody who will operate or support the release, with what they are to learn."),
    pasted=("name", "course", "planned_on"),
)


class AgreementForm(RegisterForm):
    """An agreement on which a service level rests."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Agreement.Kind.choices)
    party = forms.CharField(label=_("With whom"), max_length=200)
    service_level = forms.CharField(
        label=_("Service level it supports"),
        max_length=300,
        help_text=_("For example: answer within 30 minutes, day and night."),
    )


class JudgeForm(RegisterForm):
    sufficient = YesNoField(label=_("Does it support this service level?"))
    evidence = TextField(label=_("What shows it"))


AGREEMENTS = Register(
    name="agreements",
    title=_("Agreements and contracts"),
    purpose=_(
        "Operating level agreements and underpinning contracts, the service level that each supports, and whether it "
        "suffices."
    ),
    stage="stabilize",
    source="Table 4, Environment",
    rows=lambda project: project.agreements.select_related("judged_by"),
    columns=(
        Column(_("With whom"), lambda row: row.party),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Service level it supports"), lambda row: row.service_level),
        Column(_("State"), lambda row: Pill("prepared", row.state, AGREEMENT_WORDS[row.state])),
        Column(_("Judged by"), lambda row: row.judged_by),
        Column(_("What shows it"), why),
    ),
    form=AgreementForm,
    add=actions.add_agreement,
    add_label=_("Record an agreement"),
    verbs=(
        Verb(
            "judge",
            _("Judge"),
            actions.judge_agreement,
            JudgeForm,
            open_to=lambda place: place.approves,
            when=lambda row: not row.is_dropped,
            explain=_("Say whether the service level can be kept with this agreement as it stands."),
        ),
        DROP,
    ),
    empty=_("List who must answer, and how fast, so that the release keeps its service levels."),
    pasted=("kind", "party", "service_level"),
)


class ProcedureForm(RegisterForm):
    """A procedure at one site."""

    site = forms.CharField(label=_("Site"), max_length=200)
    text = forms.CharField(label=_("Procedure"), max_length=300)


class ProcedureAnswerForm(RegisterForm):
    clear = YesNoField(label=_("Is it clear to those who follow it?"))
    aligned = YesNoField(label=_("Is it in line with the site's standards?"))
    evidence = TextField(label=_("What shows it"))


PROCEDURES = Register(
    name="procedures",
    title=_("Administrative procedures"),
    purpose=_("What each site does to run the release, confirmed as clear and in line with the site's own standards."),
    stage="stabilize",
    source="Table 4, Environment",
    rows=lambda project: project.procedures.select_related("confirmed_by").order_by("site", "id"),
    columns=(
        Column(_("Site"), lambda row: row.site),
        Column(_("Procedure"), lambda row: row.text),
        Column(_("Clear"), lambda row: yes_no(row.clear)),
        Column(_("In line with standards"), lambda row: yes_no(row.aligned)),
        Column(_("State"), lambda row: Pill("prepared", row.state, PROCEDURE_WORDS[row.state])),
        Column(_("Answered by"), lambda row: row.confirmed_by),
        Column(_("What shows it"), why),
    ),
    form=ProcedureForm,
    add=actions.add_procedure,
    add_label=_("Record a procedure"),
    verbs=(
        Verb(
            "confirm",
            _("Confirm"),
            actions.answer_procedure,
            ProcedureAnswerForm,
            open_to=lambda place: place.approves,
            when=lambda row: not row.is_dropped,
            explain=_("Walk through it at the site, with those who follow it."),
        ),
        DROP,
    ),
    empty=_("List the procedures of each site that the release changes or needs."),
    pasted=("site", "text"),
)
