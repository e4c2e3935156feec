"""How a project's history is narrowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.history import Narrowing
from projects.models import User

EVERY: tuple[str, Any] = ("", _("Any"))


class HistoryFilter(forms.Form):
    """By event, person and thing; part of the address, so that what is shown can be sent to somebody."""

    event = forms.ChoiceField(label=_("Event"), required=False)
    person = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)
    thing = forms.RegexField(r"^[a-z]+\.[a-z]+:[0-9]+$", required=False, widget=forms.HiddenInput)
    below = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, events: list[str], people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(event, event.replace(".", ": ").replace("_", " ")) for event in events]
        self.fields["event"].choices = [EVERY, *named]  # type: ignore[attr-defined]
        self.fields["person"].choices = [EVERY, *((str(each.pk), str(each)) for each in people)]  # type: ignore[attr-defined]

    def narrowing(self) -> Narrowing:
        """What was asked for; what makes no sense narrows nothing."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Narrowing(
            event=given.get("event") or "",
            person=given.get("person"),
            thing=given.get("thing") or "",
            below=given.get("below") or 0,
        )
