"""Logging a conflict between projects, and resolving one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import TextField
from projects.models import Project, ProjectConflict, Status


class ProjectByCode(forms.CharField):
    """An active project, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "help_text": _("Its code, such as PRJ-0012."), **kwargs})

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        project = Project.objects.filter(code__iexact=code, status=Status.ACTIVE).first()
        if project is None:
            raise ValidationError(_("There is no active project %(code)s."), params={"code": code})
        return project


class ConflictForm(forms.Form):
    """What is in the way of which two projects."""

    project = ProjectByCode(label=_("Project"))
    other = ProjectByCode(label=_("Other project"))
    kind = forms.ChoiceField(label=_("About"), choices=ProjectConflict.Kind.choices)
    text = TextField(label=_("What is in the way"))


class ResolveForm(forms.Form):
    """How a conflict was resolved."""

    resolution = TextField(label=_("How it was resolved"), rows=2, help_text=_("It stays in the record."))
