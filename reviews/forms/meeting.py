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
from reviews.models import Confidence, Presence, Review


class AttendanceForm(forms.Form):
    """One row for each participant and the chair, filled with what is recorded (EXT-09)."""

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[int, User] = {review.chair_id: review.chair}
        self.people.update({person.user_id: person.user for person in review.participants.all()})
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
                label=_("Delegate"), required=False, max_length=150, initial=last.delegate if last else ""
            )
            self.fields[f"conflict_{pk}"] = forms.CharField(
                label=_("Declared conflict of interest"), required=False, initial=last.conflict if last else ""
            )

    def rows(self) -> Iterator[tuple[User, BoundField, BoundField, BoundField]]:
        """Each person with the fields of the row."""
        for pk, person in self.people.items():
            yield person, self[f"how_{pk}"], self[f"delegate_{pk}"], self[f"conflict_{pk}"]

    def attended(self) -> list[Attended]:
        """What was filled in; rows left at "not recorded" say nothing."""
        given = self.cleaned_data
        return [
            Attended(
                person=person,
                how=given[f"how_{pk}"],
                delegate=given[f"delegate_{pk}"],
                conflict=given[f"conflict_{pk}"],
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


class ConfidenceForm(forms.Form):
    """A judgement of the delivery in five levels (EXT-12)."""

    level = forms.ChoiceField(label=_("A successful delivery is"), choices=Confidence.choices, widget=forms.RadioSelect)
    reasons = TextField(label=_("Reasons"))
