"""How the report on the phase is narrowed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.forms.fields import DayField
from projects.models import Category
from reviews.report import Scope


class ScopeForm(forms.Form):
    """Change category and period; each may be left open."""

    category = forms.ChoiceField(
        label=gettext_lazy("Change category"),
        choices=[("", gettext_lazy("Any")), *Category.choices],
        required=False,
    )
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    ends_on = DayField(label=gettext_lazy("To"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            raise ValidationError(_("The period ends before it begins: change one of the two days."))
        return given

    def scope(self) -> Scope:
        """What is asked for; everything when it cannot be read. Days are those of the reader's time zone."""
        if not self.is_valid():
            return Scope()
        starts, ends = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        zone = timezone.get_current_timezone()
        return Scope(
            category=self.cleaned_data["category"],
            since=datetime.combine(starts, time(), zone) if starts else None,
            before=datetime.combine(ends + timedelta(days=1), time(), zone) if ends else None,
        )
