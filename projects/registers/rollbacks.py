"""The register of rehearsals of the way back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import rollbacks as actions
from projects.forms.fields import CandidateOfProject, DayField, PersonOnProject, TextField
from projects.models import RollbackRehearsal
from projects.registers.register import Column, Pill, Register, RegisterForm


class RehearsalForm(RegisterForm):
    """How a rehearsal went."""

    rehearsed_on = DayField(label=_("Rehearsed on"))
    rehearsed_by = PersonOnProject(label=_("Rehearsed by"))
    result = forms.ChoiceField(label=_("Result"), choices=[("", "---------"), *RollbackRehearsal.Result.choices])
    minutes = forms.IntegerField(label=_("Minutes to go back"), min_value=1, max_value=1_000_000)
    window_minutes = forms.IntegerField(
        label=_("Minutes that the window leaves"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("Of the deployment window, for going back. Leave it empty while the window is not known."),
    )
    point_of_no_return = TextField(
        label=_("Point of no return"), rows=2, help_text=_("After which step or when; or that there is none.")
    )
    seen = TextField(label=_("What was seen"))
    candidate = CandidateOfProject(required=False)


def _result(row: RollbackRehearsal) -> Pill:
    if row.is_too_slow and row.result == row.Result.WORKED:
        return Pill("rollback", "too_slow", _("Too slow for the window"))
    return Pill("rollback", row.result, row.get_result_display())


ROLLBACKS = Register(
    name="rollbacks",
    title=_("Way back"),
    purpose=_(
        "Rehearsals of going back: on which day, by whom, with which result, how many minutes it took, and from when "
        "on there is no way back. The last one answers the indicator of the release review."
    ),
    stage="stabilize",
    source="Table 4",
    rows=lambda project: project.rollbackrehearsals.select_related("rehearsed_by", "candidate", "created_by").order_by(
        "-rehearsed_on", "-id"
    ),
    columns=(
        Column(_("Rehearsed on"), lambda row: row.rehearsed_on),
        Column(_("Result"), _result),
        Column(_("Minutes to go back"), lambda row: row.minutes, num=True),
        Column(_("Minutes that the window leaves"), lambda row: row.window_minutes, num=True),
        Column(_("Point of no return"), lambda row: row.point_of_no_return),
        Column(_("Rehearsed by"), lambda row: row.rehearsed_by),
        Column(_("Release candidate"), lambda row: row.candidate),
        Column(_("What was seen"), lambda row: row.seen),
        Column(_("Recorded by"), lambda row: row.created_by),
    ),
    form=RehearsalForm,
    add=actions.add,
    add_label=_("Record a rehearsal"),
    empty=_("Try the way back once, with a clock, and record how it went."),
    pasted=(
        *("rehearsed_on", "rehearsed_by", "result", "minutes", "window_minutes", "point_of_no_return", "seen"),
        "candidate",
    ),
)
