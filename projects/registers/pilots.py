"""The register of pilots."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import pilots as actions
from projects.forms.fields import CandidateOfProject, DayField, TextField
from projects.models import Pilot
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb


class PilotForm(RegisterForm):
    """A group that is to use a candidate."""

    group = forms.CharField(label=_("Group"), max_length=200, help_text=_("Who uses it, and how many they are."))
    starts_on = DayField(label=_("Starts"))
    ends_on = DayField(label=_("Ends"))
    candidate = CandidateOfProject()
    criteria = TextField(label=_("Success criteria"), help_text=_("Fixed before the pilot starts."))
    ref = forms.CharField(
        label=_("Pilot"), max_length=40, required=False, help_text=_("The next PILOT number when left empty.")
    )


class ResultForm(RegisterForm):
    """What came of a pilot."""

    result = forms.ChoiceField(label=_("Result"), choices=Pilot.Result)
    feedback = TextField(label=_("Feedback"), help_text=_("What the group said, and what was measured."))


PILOTS = Register(
    name="pilots",
    title=_("Pilots"),
    purpose=_("Groups that use a release candidate in their real work before everybody does, and what they say."),
    stage="stabilize",
    source="Table 1",
    rows=lambda project: project.pilots.select_related("candidate", "created_by", "result_by").order_by("-id"),
    columns=(
        Column(_("Pilot"), lambda row: row.ref),
        Column(_("Group"), lambda row: row.group),
        Column(_("Result"), lambda row: Pill("pilot", row.result, row.get_result_display() or _("No result yet"))),
        Column(_("Release candidate"), lambda row: row.candidate),
        Column(_("Starts"), lambda row: row.starts_on),
        Column(_("Ends"), lambda row: row.ends_on),
        Column(_("Success criteria"), lambda row: row.criteria),
        Column(_("Feedback"), lambda row: row.feedback),
        Column(_("Result recorded by"), lambda row: row.result_by),
    ),
    form=PilotForm,
    add=actions.add,
    add_label=_("Plan a pilot"),
    verbs=(
        Verb(
            "result",
            _("Record the result"),
            actions.record_result,
            form=ResultForm,
            explain=_("Hold what was seen against the criteria. A later record corrects this one; both stay on file."),
            initial=lambda row: {"result": row.result, "feedback": row.feedback},
        ),
    ),
    empty=_("Name the release candidate first, then who pilots it and what counts as success."),
    pasted=("group", "starts_on", "ends_on", "candidate", "criteria", "ref"),
)
