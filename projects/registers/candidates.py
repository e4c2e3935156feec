"""The register of release candidates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import candidates as actions
from projects.forms.fields import DayField, TextField
from projects.registers.register import Column, Register, RegisterForm


class CandidateForm(RegisterForm):
    """A build that could be released."""

    ref = forms.CharField(
        label=_("Candidate"), max_length=60, required=False, help_text=_("The next RC number when left empty.")
    )
    built_on = DayField(label=_("Built on"))
    contents = TextField(label=_("What it contains"), required=False)


CANDIDATES = Register(
    name="candidates",
    title=_("Release candidates"),
    purpose=_("Builds that could be released, each under the one name by which everybody calls it."),
    stage="stabilize",
    source="§Goals",
    rows=lambda project: project.releasecandidates.select_related("created_by").order_by("-id"),
    columns=(
        Column(_("Candidate"), lambda row: row.ref),
        Column(_("Built on"), lambda row: row.built_on),
        Column(_("What it contains"), lambda row: row.contents),
        Column(_("Named by"), lambda row: row.created_by),
    ),
    form=CandidateForm,
    add=actions.add,
    add_label=_("Name a release candidate"),
    empty=_("Name the first build that is fit for the tests of Stabilize."),
    pasted=("ref", "built_on", "contents"),
)
