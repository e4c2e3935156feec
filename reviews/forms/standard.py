"""Forms of the reviews on the page of a standard change."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access import Seat
from projects.forms.credentials import CredentialsForm
from projects.forms.standard import OfTemplateForm
from reviews.actions.standard import Said, kind_held
from reviews.catalog import REVIEW_TYPES
from reviews.forms.fields import DayField, TextField
from reviews.models import GOOD_ANSWERS, Review, ReviewItem, ReviewKind

Asked = tuple[Review, ReviewItem]


class HoldForm(OfTemplateForm):
    """The round begins; of a release, about which candidate."""

    candidate = forms.CharField(label=_("Release candidate"), max_length=40)
    built_on = DayField(label=_("Built on"), help_text=_("Of a candidate that is named here for the first time."))

    def know(self, place: Seat) -> None:
        if kind_held(place.project) != ReviewKind.RR:
            del self.fields["candidate"], self.fields["built_on"]
            return
        newest = place.project.releasecandidates.order_by("-id").first()
        self.fields["candidate"].initial = newest.ref if newest else "RC-1"
        self.fields["built_on"].initial = newest.built_on if newest else timezone.localdate()


class AnswersForm(forms.Form):
    """Several questions at once; those that are left empty stay as they are.

    Args:
        asked: the questions, each with its round.
    """

    def __init__(self, *args: Any, asked: Iterable[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {f"{review.ref}-{item.code}": (review, item) for review, item in asked}
        for name, (review, item) in self.asked.items():
            lines = next((kind.lines for kind in REVIEW_TYPES[review.kind].items if kind.code == item.code), "")
            self.fields[f"{name}-value"] = forms.ChoiceField(
                label=f"{item.code} {item.text}",
                choices=[(choice.value, choice.label) for choice in item.choices],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"{name}-words"] = TextField(
                label=_("What shows it, or the reason (%(code)s)") % {"code": item.code},
                rows=2,
                required=False,
                initial=lines,
            )
            self.fields[f"{name}-seen"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, min_value=0, initial=len(item.answers.all())
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self._said()
        for name, one in said.items():
            if not one.words.strip():
                good = one.value in GOOD_ANSWERS
                self.add_error(
                    f"{name}-words", _("Say what shows it.") if good else _("Give the reason for this answer.")
                )
        if not self.errors and not said:
            raise forms.ValidationError(_("Choose an answer to at least one question."))
        return cleaned

    def _said(self) -> dict[str, Said]:
        given = self.cleaned_data
        return {
            name: Said(
                review_id=review.pk,
                code=item.code,
                value=given[f"{name}-value"],
                words=given.get(f"{name}-words", ""),
                seen=given.get(f"{name}-seen") or 0,
            )
            for name, (review, item) in self.asked.items()
            if given.get(f"{name}-value")
        }

    @property
    def said(self) -> list[Said]:
        """What was answered, of what was asked."""
        return list(self._said().values())


class GoForm(CredentialsForm):
    """The chair decides go, under the packet that the page showed; anything else is decided in the room."""

    risks_acceptable = forms.BooleanField(
        label=_("The risks that remain are dealt with or acceptable."),
        required=True,
        error_messages={"required": _("State it for a go, or decide hold or no-go in the review's room.")},
    )
    packet = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, states_risks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not states_risks:
            del self.fields["risks_acceptable"]
