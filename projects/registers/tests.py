"""The register of test results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import test_runs as actions
from projects.forms.fields import CandidateOfProject, DayField, PersonOnProject, TextField
from projects.models import TestRun
from projects.registers.register import Column, Pill, Register, RegisterForm


class TestRunForm(RegisterForm):
    """What a set of tests said about one candidate."""

    name = forms.CharField(label=_("Tests"), max_length=120, help_text=_("For example: System tests, sprint 12."))
    candidate = CandidateOfProject()
    level = forms.ChoiceField(label=_("Level"), choices=TestRun.Level)
    run = forms.IntegerField(label=_("Run"), min_value=1, max_value=10**9)
    passed = forms.IntegerField(label=_("Passed"), min_value=0, max_value=10**9)
    failed = forms.IntegerField(label=_("Failed"), min_value=0, max_value=10**9)
    run_on = DayField(label=_("Run on"))
    run_by = PersonOnProject(label=_("Run by"), required=False, help_text=_("You, when left empty."))
    note = TextField(label=_("What it shows"), required=False)


def _outcome(row: TestRun) -> Pill:
    if row.failed:
        return Pill("tests", "failed", _("Failures"))
    if row.passed < row.run:
        return Pill("tests", "incomplete", _("Not all have a result"))
    return Pill("tests", "passed", _("All passed"))


TESTS = Register(
    name="tests",
    title=_("Test results"),
    purpose=_("What each run of the tests said about one release candidate. A repetition is a row of its own."),
    stage="stabilize",
    source="§Goals",
    rows=lambda project: project.testruns.select_related("candidate", "created_by", "run_by").order_by("-id"),
    columns=(
        Column(_("Tests"), lambda row: row.name),
        Column(_("Release candidate"), lambda row: row.candidate),
        Column(_("Outcome"), _outcome),
        Column(_("Level"), lambda row: row.get_level_display()),
        Column(_("Run"), lambda row: row.run, num=True),
        Column(_("Passed"), lambda row: row.passed, num=True),
        Column(_("Failed"), lambda row: row.failed, num=True),
        Column(_("Run on"), lambda row: row.run_on),
        Column(_("Run by"), lambda row: row.run_by),
        Column(_("What it shows"), lambda row: row.note),
    ),
    form=TestRunForm,
    add=actions.add,
    add_label=_("Record test results"),
    empty=_("Name the release candidate first, then record what the tests said about it."),
    pasted=("name", "candidate", "level", "run", "passed", "failed", "run_on", "run_by", "note"),
)
