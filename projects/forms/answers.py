"""Fields for what is said about a row of a register: yes or no, a moment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class YesNoField(forms.TypedChoiceField):
    """Yes or no, never taken for granted: nothing is chosen beforehand."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "choices": [("yes", _("Yes")), ("no", _("No"))],
            "coerce": lambda value: value == "yes",
            "widget": forms.RadioSelect,
            **kwargs,
        }
        super().__init__(**given)


class ClockField(forms.DateTimeField):
    """A moment, typed on the reader's clock: the time zone of the request."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **kwargs})
