"""Forms of a standard change, from request to done."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import DayField, PersonByName, TemplateField, TextField
from projects.models import ChangeTemplate, User


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
        self.fields["template"].offer(today)  # type: ignore[attr-defined]  # a field of this form, whose kind is known
        managers = User.objects.available().filter(is_solution_manager=True)
        self.fields["solution_manager"].queryset = managers  # type: ignore[attr-defined]  # a field of this form, whose kind is known
        if by.is_solution_manager:
            self.fields["solution_manager"].initial = by.pk


class OfTemplateForm(forms.Form):
    """A form about a standard change, which knows its template."""

    def __init__(self, *args: Any, template: ChangeTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.know(template)

    def know(self, template: ChangeTemplate) -> None:
        """Fills the choices that the template gives; most forms have none."""


class StepForm(OfTemplateForm):
    """A step of the template is done."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    evidence = TextField(label=_("What shows it"), rows=2)


class GoOnForm(OfTemplateForm):
    """The stage is over, and what shows that each of its outcomes was reached."""

    evidence = TextField(label=_("What shows that they are reached"), rows=2, required=False)


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

    def know(self, template: ChangeTemplate) -> None:
        steps = enumerate(template.step_list(), start=1)
        self.fields["step"].choices = [(number, f"{number}. {step}") for number, step in steps]  # type: ignore[attr-defined]  # a field of this form, whose kind is known
