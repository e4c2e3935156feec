"""Forms of the artifact, stage and requirement pages."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.artifacts import Content
from projects.forms import sniffing
from projects.forms.fields import field_of
from projects.models import Project, Requirement, User


class VersionForm(forms.Form):
    """A new version: exactly one of a file, a link or a text."""

    label = forms.CharField(
        label=gettext_lazy("Version"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("As people call it, e.g. 2.1. The next whole number when left empty."),
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    url = forms.URLField(
        label=gettext_lazy("or a link"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=gettext_lazy("To where the document is kept."),
    )
    text = forms.CharField(
        label=gettext_lazy("or a text"), required=False, widget=forms.Textarea(attrs={"rows": 8}), strip=False
    )
    note = forms.CharField(label=gettext_lazy("What changed"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > settings.ARTIFACT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s; the limit is %(limit)s.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(settings.ARTIFACT_MAX_BYTES)}
            )
        if file and (ending := sniffing.breaks_its_promise(file)):
            raise forms.ValidationError(
                _("This file is called %(ending)s but holds something else: save it anew, or give it its right ending.")
                % {"ending": ending}
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in ("file", "url", "text") if (cleaned.get(name) or "") != "" and cleaned.get(name)]
        if not self.errors and len(given) != 1:
            raise forms.ValidationError(_("Give one of a file, a link or a text."))
        return cleaned

    def content(self) -> Content:
        file = self.cleaned_data["file"]
        name = PurePosixPath(file.name.replace("\\", "/")).name if file else ""
        return Content(
            file=file,
            filename=name[:255],
            content_type=sniffing.content_type(file) if file else "",
            url=self.cleaned_data["url"],
            text=self.cleaned_data["text"],
        )


class PlanForm(forms.Form):
    """Who owns the artifact, and until when it is wanted."""

    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=User.objects.none(), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_project = project.roles.filter(ends_on__isnull=True).values("user")
        field_of(self, "owner", forms.ModelChoiceField).queryset = User.objects.available().filter(pk__in=on_project)


class PlanSeveralForm(PlanForm):
    """Owner or due day of several artifacts; what is left empty stays as it is with each."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("as it is"),
    )


class ReasonForm(forms.Form):
    """Why. It stays in the record."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class OutcomeForm(forms.Form):
    """One outcome of the present stage, answered with what shows it."""

    confirmed = forms.TypedChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("yes", gettext_lazy("Confirmed")), ("no", gettext_lazy("Not confirmed"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(label=gettext_lazy("What shows it"), widget=forms.Textarea(attrs={"rows": 2}))


class RequirementForm(forms.Form):
    """Something the solution must meet."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Requirement.Kind.choices)
    ref = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("The next number when left empty."),
    )
    text = forms.CharField(label=gettext_lazy("Requirement"), widget=forms.Textarea(attrs={"rows": 3}))
