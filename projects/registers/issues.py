"""The register of issues."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from projects.actions import issues as actions
from projects.checks.issues import counted, open_words
from projects.forms.fields import CandidateOfProject, DayField, PersonOnProject, TextField
from projects.models import Issue, Project
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb


class IssueForm(RegisterForm):
    """Something wrong with the solution."""

    title = forms.CharField(label=_("What is wrong"), max_length=200)
    origin = forms.ChoiceField(label=_("Origin"), choices=Issue.Origin)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Issue.Severity, coerce=int)
    found_on = DayField(label=_("Found on"))
    candidate = CandidateOfProject(label=_("Found in"), required=False)
    owner = PersonOnProject(label=_("Owner"), required=False)
    ref = forms.CharField(
        label=_("Issue"), max_length=40, required=False, help_text=_("The next ISS number when left empty.")
    )


class SettleForm(RegisterForm):
    """How an issue ends."""

    disposition = forms.ChoiceField(
        label=_("Disposition"), choices=[choice for choice in Issue.State.choices if choice[0] != Issue.State.OPEN]
    )
    owner = PersonOnProject(label=_("Owner"), required=False)
    workaround = TextField(
        label=_("Workaround"), required=False, help_text=_("How people live with it. Needed when it is not fixed.")
    )
    note = TextField(label=_("What was done, or why"), required=False)


class ReopenForm(RegisterForm):
    """Why an issue is open again."""

    reason = TextField(label=_("Reason"), help_text=_("It stays in the record."))


def _note(project: Project) -> str:
    """How many there are by origin and by disposition."""
    found = counted(project)
    if not found:
        return ""
    origins = ", ".join(
        f"{label.lower()} {number}"
        for value, label in Issue.Origin.choices
        if (number := sum(count for (origin, _state, _severity), count in found.items() if origin == value))
    )
    states = ", ".join(
        f"{label.lower()} {number}"
        for value, label in Issue.State.choices
        if (number := sum(count for (_origin, state, _severity), count in found.items() if state == value))
    )
    severe = open_words(found)
    return _now("%(total)d found (%(origins)s): %(states)s.") % {
        "total": sum(found.values()),
        "origins": origins,
        "states": states,
    } + (f" {severe}" if severe else "")


ISSUES = Register(
    name="issues",
    title=_("Issues"),
    purpose=_(
        "What testing and pilots found wrong. Stabilize ends when each issue is fixed, or deferred, not going to be "
        "fixed or not a defect by a formal disposition."
    ),
    stage="stabilize",
    source="Table 1",
    rows=lambda project: project.issues.select_related("owner", "candidate", "created_by", "settled_by").order_by(
        "-id"
    ),
    columns=(
        Column(_("Issue"), lambda row: row.ref),
        Column(_("What is wrong"), lambda row: row.title),
        Column(_("State"), lambda row: Pill("issue", row.state, row.get_state_display())),
        Column(_("Severity"), lambda row: row.get_severity_display()),
        Column(_("Origin"), lambda row: row.get_origin_display()),
        Column(_("Found in"), lambda row: row.candidate),
        Column(_("Found on"), lambda row: row.found_on),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Workaround"), lambda row: row.workaround),
        Column(_("What was done, or why"), lambda row: row.note),
        Column(_("Settled by"), lambda row: row.settled_by),
    ),
    form=IssueForm,
    add=actions.add,
    add_label=_("Record an issue"),
    verbs=(
        Verb(
            "settle",
            _("Settle it"),
            actions.settle,
            form=SettleForm,
            when=lambda row: row.is_open,
            explain=_("The issue is fixed, or the project formally decides what becomes of it."),
            initial=lambda row: {"owner": row.owner_id, "workaround": row.workaround},
        ),
        Verb(
            "reopen",
            _("Reopen"),
            actions.reopen,
            form=ReopenForm,
            when=lambda row: not row.is_open,
            explain=_("The issue stands open again and keeps the release waiting."),
        ),
    ),
    empty=_("Record what the tests and the pilots find, or paste it from the test tool."),
    pasted=("title", "origin", "severity", "found_on", "candidate", "owner", "ref"),
    note=_note,
)
