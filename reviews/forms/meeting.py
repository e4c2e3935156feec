"""Forms about the holding of a review: its agenda, who took part, and how sure it is of the delivery."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from projects.models import User
from reviews import agenda, meeting
from reviews.actions.meeting import Attended
from reviews.forms.fields import TextField
from reviews.models import Confidence, Presence, Readiness, Review


class AttendanceForm(forms.Form):
    """One row for each participant and the chair, filled with what is recorded (EXT-09)."""

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[int, User] = {review.chair_id: review.chair}
        self.people.update({person.user_id: person.user for person in review.participants.all()})
        self.parts = meeting.parts(review)
        known = meeting.attendance(review)
        for pk, person in self.people.items():
            last = known.get(pk)
            self.fields[f"how_{pk}"] = forms.ChoiceField(
                label=str(person),
                choices=[("", _("Not recorded")), *Presence.choices],
                required=False,
                initial=last.how if last else "",
            )
            self.fields[f"delegate_{pk}"] = forms.CharField(
                label=_("Delegate"),
                required=False,
                max_length=150,
                initial=last.delegate if last else "",
                help_text=_("Who came instead, by name: the minutes print it as it stands here."),
            )

    def rows(self) -> Iterator[tuple[User, meeting.Part, BoundField, BoundField]]:
        """Each person with the part taken and the fields of the row."""
        for pk, person in self.people.items():
            yield person, self.parts[pk], self[f"how_{pk}"], self[f"delegate_{pk}"]

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        for pk, person in self.people.items():
            how = self.cleaned_data.get(f"how_{pk}")
            if not self.cleaned_data.get(f"delegate_{pk}") or how == Presence.DELEGATE:
                continue
            said = _("A delegate is named: choose how %(person)s took part.")
            if how:
                said = _("A delegate is named: choose “By a delegate” for %(person)s, or leave the name empty.")
            self.add_error(f"how_{pk}", said % {"person": person})
        return given

    def attended(self) -> list[Attended]:
        """What was filled in; rows left at "not recorded" say nothing."""
        given = self.cleaned_data
        return [
            Attended(
                person=person,
                how=given[f"how_{pk}"],
                delegate=given[f"delegate_{pk}"],
            )
            for pk, person in self.people.items()
            if given[f"how_{pk}"]
        ]


class AgendaForm(forms.Form):
    """The minutes of each point of the meeting."""

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, minutes in agenda.planned(review).items():
            self.fields[code] = forms.IntegerField(
                label=_("%(point)s, minutes") % {"point": agenda.TITLES[code]},
                min_value=0,
                max_value=agenda.LONGEST,
                initial=minutes,
            )


class DeclareForm(forms.Form):
    """A conflict of interest of one's own, or none (EXT-09)."""

    NONE, CONFLICT = "none", "conflict"

    declared = forms.ChoiceField(
        label=_("In what this review decides"),
        choices=[
            (NONE, _("I have no conflict of interest")),
            (CONFLICT, _("I have a conflict of interest, and take no part in judging")),
        ],
        widget=forms.RadioSelect,
    )
    text = TextField(label=_("Which one"), required=False, help_text=_("It stays in the record."))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("declared") == self.CONFLICT and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", _("Say what the conflict is."))
        return cleaned

    @property
    def conflict(self) -> str:
        """The conflict in words; empty for none."""
        given: str = self.cleaned_data["text"]
        return given if self.cleaned_data["declared"] == self.CONFLICT else ""


class PollForm(forms.Form):
    """How ready it is, for the person's own part."""

    value = forms.ChoiceField(label=_("For my part it is"), choices=Readiness.choices, widget=forms.RadioSelect)
    text = TextField(label=_("Why"), required=False, help_text=_("Needed unless it is simply ready."))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        value = self.cleaned_data.get("value")
        if value and value != Readiness.READY and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", _("Say why: the others read it once all have answered."))
        return cleaned


class ConfidenceForm(forms.Form):
    """A judgement of the delivery in five levels (EXT-12)."""

    level = forms.ChoiceField(label=_("A successful delivery is"), choices=Confidence.choices, widget=forms.RadioSelect)
    reasons = TextField(label=_("Reasons"))
