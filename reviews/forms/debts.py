"""Forms about what a decision leaves to do: conditions of a go, remediation after a no-go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from reviews.forms.fields import DayField, PersonChoice, TextField, field_of, people_of


class ConditionForm(forms.Form):
    """A dated debt that a go would carry (EXT-06)."""

    text = TextField(label=_("What must be done"))
    consequence = TextField(label=_("What follows if it is not"), rows=2)
    owner = PersonChoice(label=_("Owner"))
    due_on = DayField(label=_("Due"))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "owner", PersonChoice).offer(people_of(project))


class CloseConditionForm(forms.Form):
    """What shows that the debt is paid."""

    evidence = TextField(label=_("What shows that it is met"))


class TakeBackForm(forms.Form):
    """Why a condition shall bind nobody."""

    reason = TextField(label=_("Why it is taken back"))


class MoveConditionForm(forms.Form):
    """The day that binds from now on, and why."""

    to_on = DayField(label=_("New day"))
    reason = TextField(label=_("Why it is moved"))


class DoneForm(forms.Form):
    """What was done about an area to address."""

    note = TextField(label=_("What was done"))
