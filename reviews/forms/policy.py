"""Forms with which questions and signers of the organisation's own are proposed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.catalog.roles import ALL_ROLES
from projects.models import Category, Project, User
from reviews.actions.policy import elements_of
from reviews.forms.fields import TextField, field_of
from reviews.models import ADDED_SECTIONS, ChecklistAddition, Review, ReviewKind


def round_called(typed: str, reader: User) -> Review | None:
    """The round that "PRJ-0012 RR-1" names, if there is one that the reader may see."""
    words = typed.split()
    if len(words) != 2:
        return None
    kind, _dash, number = words[1].lower().partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        return None
    projects = Project.objects.visible_to(reader).filter(code=words[0])
    rounds = Review.objects.filter(project__in=projects, kind=kind, round=int(number))
    return rounds.select_related("project").first()


class AdditionForm(forms.Form):
    """What every addition says."""

    kind = forms.ChoiceField(label=_("Review"), choices=ReviewKind.choices)
    categories = forms.MultipleChoiceField(
        label=_("Change categories"), choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "categories": tuple(self.cleaned_data["categories"])}


class QuestionForm(AdditionForm):
    """A question for reviews that begin from now on."""

    section = forms.ChoiceField(label=_("Section"), choices=[(one.value, one.label) for one in ADDED_SECTIONS])
    element = forms.ChoiceField(
        label=_("Element of readiness"), required=False, help_text=_("For go and no-go indicators alone.")
    )
    text = TextField(label=_("Question"), help_text=_("What must be true; of a no-go indicator, what must not be."))
    must = forms.BooleanField(label=_("Must be fine for a go"), required=False, initial=True)
    origin = forms.CharField(
        label=_("Where it comes from"), max_length=200, help_text=_("For example an incident or the reason of a no-go.")
    )
    origin_review = forms.CharField(
        label=_("Review it comes from"), required=False, help_text=_("Project and round: PRJ-0012 RR-1.")
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        choices = [("", _("None")), *((name, name) for name in elements_of(ReviewKind.RR))]
        field_of(self, "element", forms.ChoiceField).choices = choices

    def clean_origin_review(self) -> Review | None:
        typed = self.cleaned_data["origin_review"]
        if not typed.strip():
            return None
        found = round_called(typed, self.reader)
        if found is not None:
            return found
        raise forms.ValidationError(_("There is no such review. Write project and round: PRJ-0012 RR-1."))


class ChangeForm(QuestionForm):
    """The next version of a question, filled with what holds now.

    Args:
        previewing: the reason may come later.
    """

    kind = None  # type: ignore[assignment]  # a question stays in its review
    of = forms.IntegerField(widget=forms.HiddenInput)  # the version that it was filled with
    reason = TextField(
        label=_("Reason"),
        help_text=_("Why the question changes. Whoever approves reads it, and it stays in the record."),
    )

    def __init__(self, *args: Any, present: ChecklistAddition, previewing: bool = False, **kwargs: Any) -> None:
        taught = present.origin_review
        held = {name: getattr(present, name) for name in ("categories", "section", "element", "text", "must", "origin")}
        held["of"] = present.pk
        held["origin_review"] = f"{taught.project.code} {taught.ref}" if taught else ""
        super().__init__(*args, initial=held, **kwargs)
        self.fields["reason"].required = not previewing

    def facts(self) -> dict[str, Any]:
        """Without what is no part of the question."""
        return {name: value for name, value in super().facts().items() if name not in ("of", "reason")}


class RetirementForm(forms.Form):
    """Why something in force is to be asked no more."""

    reason = TextField(
        label=_("Reason"),
        help_text=_("Why it is asked no more. Whoever confirms reads it, and it stays in the record."),
    )


class SignerForm(AdditionForm):
    """A role of which somebody must sign."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(code, role.name) for code, role in ALL_ROLES.items() if code != "P-AUD"]
    )
    origin = forms.CharField(label=_("Reason"), max_length=200)
