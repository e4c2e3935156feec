"""How a project's history is narrowed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import field_of
from projects.history import Narrowing

EVERY: tuple[str, Any] = ("", _("Any"))


def event_words(event: str) -> str:
    """artifact: version added."""
    return event.replace(".", ": ").replace("_", " ")


class HistoryFilter(forms.Form):
    """By event, person and thing; part of the address, so that what is shown can be sent to somebody."""

    event = forms.ChoiceField(label=_("Event"), required=False)
    person = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)
    thing = forms.RegexField(r"^[a-z]+\.[a-z]+:[0-9]+$", required=False, widget=forms.HiddenInput)
    below = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, events: Sequence[str], people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(event, event_words(event)) for event in events]
        field_of(self, "event", forms.ChoiceField).choices = [EVERY, *named]
        field_of(self, "person", forms.ChoiceField).choices = [EVERY, *((str(key), name) for key, name in people)]

    def narrowing(self) -> Narrowing:
        """What was asked for; what makes no sense narrows nothing."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Narrowing(
            event=given.get("event") or "",
            person=given.get("person"),
            thing=given.get("thing") or "",
            below=given.get("below") or 0,
        )
