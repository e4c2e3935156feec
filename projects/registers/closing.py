"""The registers of what became of the intents and of the release of the project team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import closing as actions
from projects.forms.fields import DayField, PersonOnProject, TextField
from projects.models import IntentResult, Project
from projects.registers.register import Column, Pill, Register, RegisterForm


class IntentOfProject(forms.ChoiceField):
    """One of the project's goals and intents, as they were given at its start."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Goal or intent"), **kwargs})

    def offer(self, project: Project) -> None:
        self.choices = [("", "---------"), *((line, line) for line in project.intent_lines)]


class ResultForm(RegisterForm):
    """An intent beside what was reached."""

    intent = IntentOfProject()
    result = forms.ChoiceField(label=_("Result"), choices=[("", "---------"), *IntentResult.Result.choices])
    evidence = TextField(label=_("What shows it"))


class ReleaseForm(RegisterForm):
    """Who is released, and since when."""

    person = PersonOnProject(
        label=_("Person"), required=False, empty_label=_("The whole project team"), help_text=_("One person, or all.")
    )
    released_on = DayField(label=_("Released on"))
    goes_to = TextField(label=_("What comes next"), required=False, rows=2)


def _without_result(project: Project) -> str:
    judged = set(project.intentresults.values_list("intent", flat=True))
    missing = [line for line in project.intent_lines if line not in judged]
    return str(_("Without a result: %(intents)s") % {"intents": "; ".join(missing)}) if missing else ""


INTENT_RESULTS = Register(
    name="intent_results",
    title=_("Results of the intents"),
    purpose=_(
        "Management's goals and intents, given when the project was registered, beside what was reached. The newest "
        "result of each counts."
    ),
    stage="deploy",
    source="§Project Plan Approved",
    rows=lambda project: project.intentresults.select_related("created_by").order_by("-id"),
    columns=(
        Column(_("Goal or intent"), lambda row: row.intent),
        Column(_("Result"), lambda row: Pill("intent", row.result, row.get_result_display())),
        Column(_("What shows it"), lambda row: row.evidence),
        Column(_("Judged"), lambda row: row.created_at),
        Column(_("Judged by"), lambda row: row.created_by),
    ),
    form=ResultForm,
    add=actions.judge_intent,
    add_label=_("Compare an intent with its result"),
    open_to=lambda place: place.manages,
    empty=_("Compare each goal with what was reached, before the project closes."),
    note=_without_result,
)

DISENGAGEMENTS = Register(
    name="disengagements",
    title=_("Release of the project team"),
    purpose=_("Since when the people of the project team no longer work for it, one by one or all at once."),
    stage="deploy",
    source="§Release Readiness",
    rows=lambda project: project.disengagements.select_related("person", "created_by").order_by("released_on", "id"),
    columns=(
        Column(_("Who"), str),
        Column(_("Released on"), lambda row: row.released_on),
        Column(_("What comes next"), lambda row: row.goes_to),
        Column(_("Recorded by"), lambda row: row.created_by),
    ),
    form=ReleaseForm,
    add=actions.release,
    add_label=_("Release somebody"),
    open_to=lambda place: place.manages,
    empty=_("Record when the project team is done, before the project closes."),
)
