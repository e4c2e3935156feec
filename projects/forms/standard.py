"""Forms of a standard change, from request to done."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.access import Seat
from projects.forms.fields import DayField, MomentField, PersonByName, TemplateField, TextField, field_of
from projects.models import Deployment, User


class StandardChangeForm(forms.Form):
    """All that a standard change asks before it begins; the rest stands in its template."""

    template = TemplateField()
    title = forms.CharField(label=_("Title"), max_length=250)
    planned_on = DayField(label=_("When it is deployed"))
    deployer = PersonByName(label=_("Who deploys"))
    product_manager = PersonByName(label=_("Who speaks for the customer"), required=False)
    developer = PersonByName(label=_("Who prepares it"), required=False)
    support = PersonByName(
        label=_("Who supports it"), required=False, help_text=_("These three can be named later, under People.")
    )
    solution_manager = forms.ModelChoiceField(label=_("Solution manager"), queryset=User.objects.none())

    def __init__(self, *args: Any, today: date, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "template", TemplateField).offer(today)
        managers = User.objects.available().filter(is_solution_manager=True)
        field_of(self, "solution_manager", forms.ModelChoiceField).queryset = managers
        if by.is_solution_manager:
            self.fields["solution_manager"].initial = by.pk


class OfTemplateForm(forms.Form):
    """A form about a standard change, which knows the change."""

    def __init__(self, *args: Any, place: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.know(place)

    def know(self, place: Seat) -> None:
        """Fills what the change and its template give; most forms need nothing."""


class StepForm(OfTemplateForm):
    """A step of the template is done."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    evidence = TextField(label=_("What shows it"), rows=2)


class GoOnForm(OfTemplateForm):
    """The stage is over, and what shows that each of its outcomes was reached."""

    evidence = TextField(label=_("What shows that they are reached"), rows=2, required=False)


class DeployedForm(OfTemplateForm):
    """The change was deployed somewhere."""

    site = forms.CharField(label=_("Site or target"), max_length=120)
    started_at = MomentField(label=_("Began"))
    ended_at = MomentField(label=_("Ended"))
    result = forms.ChoiceField(label=_("Result"), choices=Deployment.Result.choices, initial=Deployment.Result.SUCCESS)
    result_note = TextField(
        label=_("What happened"), rows=2, required=False, help_text=_("Needed unless it was a success.")
    )


class StableForm(OfTemplateForm):
    """What was deployed is stable."""

    stability = TextField(label=_("What shows that it is stable"), rows=2)


class RunForm(OfTemplateForm):
    succeeded = forms.TypedChoiceField(
        label=_("How it went"),
        choices=[("yes", _("As the template says")), ("no", _("It failed: the template is suspended"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = TextField(label=_("What was seen"))


class DepartForm(OfTemplateForm):
    step = forms.TypedChoiceField(label=_("From which step it departs"), coerce=int)
    reason = TextField(label=_("What is different"))

    def know(self, place: Seat) -> None:
        template = place.project.template
        steps = enumerate(template.step_list() if template else (), start=1)
        field_of(self, "step", forms.ChoiceField).choices = [(number, f"{number}. {step}") for number, step in steps]
