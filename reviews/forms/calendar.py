"""The form with which a blackout period is announced."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.fields import DayField


class BlackoutForm(forms.Form):
    """From when to when nothing is held, and why."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: year-end closing."))
