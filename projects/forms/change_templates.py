"""Forms about the templates of standard changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions.change_templates import TemplateContent
from projects.forms.fields import DayField, PersonByName, TextField
from projects.models import ChangeTemplate, ProjectType


class TemplateForm(forms.Form):
    """What a template says, and who answers for it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    owner = PersonByName(label=_("Owner"), help_text=_("Answers for the template. Somebody else approves it."))
    project_type = forms.ChoiceField(label=_("Project type"), choices=ProjectType.choices)
    changes = TextField(label=_("What it changes"), rows=2)
    steps = TextField(label=_("Steps"), rows=6, help_text=_("One a line, in their order."))
    nature = TextField(label=_("Nature of the change"), rows=2)
    size = TextField(label=_("Size of the change"), rows=2)
    plan = TextField(
        label=_("Project plan"), rows=5, help_text=_("Becomes the project plan of each change made from it.")
    )
    deployment = TextField(
        label=_("Deployment and rollback"),
        rows=5,
        help_text=_("Becomes the deployment procedures of each change made from it."),
    )

    @classmethod
    def of(cls, template: ChangeTemplate) -> "TemplateForm":
        kept = {name: getattr(template, name) for name in cls.base_fields if name != "owner"}
        return cls(initial={**kept, "owner": PersonByName.suggestion(template.owner)})

    def content(self) -> TemplateContent:
        return TemplateContent(**{name: value for name, value in self.cleaned_data.items() if name != "owner"})


class NewTemplateForm(TemplateForm):
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("The next free one when left empty.")
    )

    def content(self) -> TemplateContent:
        given: dict[str, Any] = {**self.cleaned_data}
        del given["owner"], given["code"]
        return TemplateContent(**given)


class AcceptForm(forms.Form):
    """Why a template is known and tested, what shows it, and until when."""

    note = TextField(label=_("Why it is approved"), rows=2)
    evidence = TextField(
        label=_("Test evidence"), rows=3, help_text=_("What was tested, when, by whom; or a link to it.")
    )
    expires_on = DayField(label=_("Expires on"), help_text=_("The last day on which a change can be opened from it."))
