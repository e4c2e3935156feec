"""The register of rollout tasks."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions import rollout as actions
from projects.forms.fields import DayField, PersonOnProject, TextField
from projects.models import RolloutTask
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb


class TaskForm(RegisterForm):
    """What is to be done, by whom, by when."""

    text = TextField(label=_("Task"))
    owner = PersonOnProject(label=_("Owner"))
    due_on = DayField(label=_("Due"))


class HandOverForm(RegisterForm):
    """Who does it, by when."""

    owner = PersonOnProject(label=_("Owner"))
    due_on = DayField(label=_("Due"))


class DoneForm(RegisterForm):
    """What was done."""

    done_note = TextField(label=_("What was done"))


def _state(row: RolloutTask) -> Pill:
    if row.done_at is not None:
        return Pill("work", "done", _("Done"))
    return (
        Pill("work", "overdue", _("Overdue")) if row.due_on < timezone.localdate() else Pill("work", "open", _("Open"))
    )


ROLLOUT_TASKS = Register(
    name="rollout_tasks",
    title=_("Rollout tasks"),
    purpose=_(
        "What is planned and prepared before the release goes out. A go of the Release Readiness review sets the first "
        "tasks for Release Management by itself, where that review is a meeting."
    ),
    stage="deploy",
    source="§Release Readiness",
    rows=lambda project: project.rollouttasks.select_related("owner", "done_by").order_by("due_on", "id"),
    columns=(
        Column(_("Task"), lambda row: row.text),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Due"), lambda row: row.due_on),
        Column(_("State"), _state),
        Column(_("Set by the go of"), lambda row: row.set_by_review),
        Column(_("What was done"), lambda row: row.done_note),
        Column(_("Done"), lambda row: row.done_at),
        Column(_("Done by"), lambda row: row.done_by),
    ),
    form=TaskForm,
    add=actions.add,
    add_label=_("Set a rollout task"),
    verbs=(
        Verb(
            name="done",
            label=_("Report it done"),
            do=actions.finish,
            form=DoneForm,
            when=lambda row: row.done_at is None,
        ),
        Verb(
            name="hand_over",
            label=_("Change owner or day"),
            do=actions.hand_over,
            form=HandOverForm,
            when=lambda row: row.done_at is None,
            initial=lambda row: {"owner": row.owner, "due_on": row.due_on},
        ),
    ),
    empty=_("Set what must be ready before the release goes out."),
)
