"""Registering a project and changing its facts."""

from dataclasses import fields
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access import may_create_projects
from projects.actions.part_way import starts
from projects.catalog.disciplines import DISCIPLINES
from projects.facts import ProjectFacts
from projects.forms.fields import DayField, TemplateField, TextField, field_of
from projects.models import Category, Project, ProjectType, Stage, User

APPLIES = {"": None, "yes": True, "no": False}


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """What a project is. The fields are those of `ProjectFacts`."""

    project_type = forms.ChoiceField(label=_("Project type"), choices=ProjectType.choices, widget=forms.RadioSelect)
    category = forms.ChoiceField(
        label=_("Change category"),
        choices=Category.choices,
        widget=forms.RadioSelect(
            attrs={
                "hx-get": reverse_lazy("rigor"),
                "hx-target": "#rigor",
                "hx-trigger": "change",
                "hx-include": "closest form",
            }
        ),
        help_text=_("It sets how much must be shown and who signs: what that is stands below."),
    )
    category_nature = TextField(
        label=_("Nature of the change"),
        rows=2,
        help_text=_("Why this category: what kind of change it is, what it touches."),
    )
    category_size = TextField(
        label=_("Size of the change"), rows=2, help_text=_("How many sites, people, systems, weeks.")
    )
    conversion_applies = forms.TypedChoiceField(
        label=_("Data or system conversion"),
        choices=[("", _("Not answered yet")), ("yes", _("Applies")), ("no", _("Does not apply"))],
        coerce=APPLIES.__getitem__,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Must be answered before the plan is approved. When it applies, conversion is planned and checked."
        ),
    )
    role_segregation = forms.BooleanField(
        label=_("Roles must be segregated for control purposes"),
        required=False,
        help_text=_("Then nobody may hold two roles that must not meet in one person."),
    )
    template = TemplateField(
        required=False,
        help_text=_("A standard change is opened from a template that is known and tested; no other change is."),
    )
    methodology = forms.CharField(
        label=_("Management discipline"),
        max_length=60,
        required=False,
        help_text=_("For example %(names)s.") % {"names": ", ".join(each.name for each in DISCIPLINES.values())},
    )
    planned_start = DayField(label=_("Planned start"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False)
    portfolio_date = DayField(label=_("Date"), required=False)

    class Meta:
        model = Project
        fields = [
            "title", "description", "intents", "unit", "external_ref",
            "project_type", "category", "category_nature", "category_size",
            "template", "conversion_applies", "role_segregation", "methodology",
            "portfolio_ref", "portfolio_date", "portfolio_outcome",
            "planned_start", "planned_end", "planned_cost", "currency",
        ]  # fmt: skip
        labels = {"title": _("Title"), "portfolio_ref": _("Reference"), "portfolio_outcome": _("Outcome")}
        widgets = {"description": forms.Textarea(attrs={"rows": 4}), "intents": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "intents": _("Kept from the start, to compare with what was reached."),
            "external_ref": _("What another system calls this project."),
            "currency": _("Three letters, for example EUR."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["conversion_applies"] = {None: "", True: "yes", False: "no"}[self.instance.conversion_applies]
        field_of(self, "template", TemplateField).offer(timezone.localdate(), self.instance.template_id)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.sections())

    def sections(self) -> list[Any]:
        """The form's parts, in the order in which people can answer them."""
        return [
            Fieldset(_("What it is"), "title", "description", "intents", _pair("unit", "external_ref"), "project_type"),
            Fieldset(
                _("How much rigor"),
                "category",
                HTML('{% include "projects/_rigor.html" %}{% include "projects/_categories.html" %}'),
                "template",
                "category_nature",
                "category_size",
                "conversion_applies",
                "role_segregation",
                "methodology",
                css_id="rigor-part",
            ),
            Fieldset(_("Portfolio review"), _pair("portfolio_ref", "portfolio_date"), "portfolio_outcome"),
            Fieldset(_("Time and money"), _pair("planned_start", "planned_end"), _pair("planned_cost", "currency")),
        ]

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        if currency and not (len(currency) == 3 and currency.isalpha()):
            raise forms.ValidationError(_("Three letters, for example EUR."))
        return currency

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        start, end = given.get("planned_start"), given.get("planned_end")
        if start and end and end < start:
            self.add_error("planned_end", _("The end lies before the start."))
        if given.get("planned_cost") is not None and not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("A cost needs its currency."))
        return given

    def validate_constraints(self) -> None:
        """The checks above and the action say it in words; the database says it last."""

    def facts(self) -> ProjectFacts:
        return ProjectFacts(**{field.name: self.cleaned_data[field.name] for field in fields(ProjectFacts)})


def _pair(*names: str) -> Any:
    return Div(*(Div(name, css_class="col-sm-6") for name in names), css_class="row")


class NewProjectForm(ProjectForm):
    """A project that is registered, and who answers for it from the first moment (SEED-02, SEED-113)."""

    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("The next free one when left empty.")
    )
    solution_manager = forms.ModelChoiceField(
        label=_("Solution manager"),
        queryset=User.objects.none(),
        help_text=_("Accountable for the project, without a gap, until somebody else takes over."),
    )
    program_manager = forms.ModelChoiceField(
        label=_("Program manager"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Drives the project. Can be named later."),
    )
    stands_in = forms.ChoiceField(
        label=_("The project stands in"),
        required=False,
        help_text=_("Stages before it are put on record as run outside the system, and never shown as done."),
    )
    outside_reason = TextField(
        label=_("Why, and where the earlier stages are on record"),
        required=False,
        rows=2,
        help_text=_("Only for a project that has begun already. It stays in the record."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        self.may_take_over = by.is_solution_manager  # who else says what was done elsewhere is refused
        super().__init__(*args, **kwargs)
        available = User.objects.available()
        managers, programs = available.filter(is_solution_manager=True), available.filter(is_program_manager=True)
        field_of(self, "solution_manager", forms.ModelChoiceField).queryset = managers
        field_of(self, "program_manager", forms.ModelChoiceField).queryset = programs
        if by.is_solution_manager:
            self.fields["solution_manager"].initial = by.pk
        elif may_create_projects(by):
            self.fields["program_manager"].initial = by.pk
        if self.may_take_over:
            begun = [(stage, Stage(stage).label) for stage in starts()]
            field_of(self, "stands_in", forms.ChoiceField).choices = [("", _("its beginning")), *begun]
        else:
            del self.fields["stands_in"], self.fields["outside_reason"]

    def sections(self) -> list[Any]:
        first, *rest = super().sections()
        people = Fieldset(_("Who answers for it"), "solution_manager", "program_manager", "code")
        begun = [Fieldset(_("Begun already?"), "stands_in", "outside_reason")] if self.may_take_over else []
        return [first, people, *begun, *rest]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("stands_in") and not (given.get("outside_reason") or "").strip():
            self.add_error("outside_reason", _("Say why, and where the earlier stages are on record."))
        return given


class EditProjectForm(ProjectForm):
    """A project's facts, with the version they were read at and the reason for another category (SEED-05)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = TextField(
        label=_("Reason"), required=False, rows=2, help_text=_("Required when the change category changes.")
    )

    def sections(self) -> list[Any]:
        return ["version", *super().sections(), Fieldset(_("Why it changes"), "reason")]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "category" in given and given["category"] != self.initial.get("category") and not given.get("reason"):
            self.add_error("reason", _("Say why the category changes: it stays in the record."))
        return given


class PartWayForm(forms.Form):
    """Where a project stands that was begun elsewhere."""

    stage = forms.ChoiceField(label=_("The project stands in"))
    reason = TextField(
        label=_("Why, and where the earlier stages are on record"), help_text=_("It stays in the record.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "stage", forms.ChoiceField).choices = [(stage, Stage(stage).label) for stage in starts()]
