"""The form that lends a signature to another person for a while."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import User
from projects.workdays import shifted, zone_of
from reviews import delegating
from reviews.forms.fields import MomentField, PersonByName, TextField, field_of, people_of
from reviews.forms.rounds import SUGGESTED_PEOPLE
from reviews.models import Review

ENDS_AFTER_WORKDAYS = 5
ENDS_AT = time(18)


class DelegateForm(forms.Form):
    """Who signs, from when until when, and why."""

    to = PersonByName(label=_("Delegate"), help_text=_("Name, username or mail address."))
    starts_at = MomentField(label=_("From"), required=False)
    ends_at = MomentField(label=_("Until"))
    reason = TextField(label=_("Reason"), help_text=_("It stays in the record."))

    def __init__(self, *args: Any, review: Review, reader: User, now: datetime, **kwargs: Any) -> None:
        zone = zone_of(reader)
        day = shifted(now.astimezone(zone).date(), ENDS_AFTER_WORKDAYS)
        initial = {"ends_at": datetime.combine(day, ENDS_AT, tzinfo=zone)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["starts_at"].help_text = _("At once when left empty.")
        for name in ("starts_at", "ends_at"):
            field_of(self, name, MomentField).on_clock_of(zone)
        taken = {person.user_id for person in review.participants.all() if person.signs} | {review.chair_id}
        mine = next((each for each in review.participants.all() if each.user_id == reader.pk and each.signs), None)
        people = people_of(review.project).exclude(pk__in=taken)[:SUGGESTED_PEOPLE]
        fit = [person for person in people if mine and not delegating.obstacle(mine, person, now)]
        self.suggestions = field_of(self, "to", PersonByName).suggest(fit, "people-to-delegate")
