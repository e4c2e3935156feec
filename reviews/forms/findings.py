"""Forms about findings: raised, settled, merged into a systemic one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.fields import DayField, PersonChoice, TextField, field_of, people_of
from reviews.forms.items import newest_versions
from reviews.models import Disposition, Finding, FindingClass, Review


class FindingForm(forms.Form):
    """What was found, where, and who settles it until when (EXT-04)."""

    category = forms.ChoiceField(
        label=_("To be settled"),
        choices=FindingClass.choices,
        widget=forms.RadioSelect,
        help_text=_("A go is refused while one to be settled before it is open."),
    )
    code = forms.ChoiceField(label=_("Question of the review"))
    version_id = forms.TypedChoiceField(label=_("Document"), required=False, coerce=int, empty_value=None)
    location = forms.CharField(
        label=_("Place in it"), required=False, max_length=200, help_text=_("Chapter, page, line or screen.")
    )
    text = TextField(label=_("What was found"))
    requested_change = TextField(label=_("What should change"), required=False, rows=2)
    owner = PersonChoice(label=_("Who settles it"), required=False, help_text=_("Not needed for an editorial finding."))
    due_on = DayField(label=_("Due"), required=False, help_text=_("Needed for one to be settled after the go."))

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [(item.code, f"{item.code} {item.text}") for item in review.items.all()]
        field_of(self, "code", forms.ChoiceField).choices = [("", _("Choose a question")), *asked]
        versions = [(version.pk, words) for version, words in newest_versions(review.project, set())]
        field_of(self, "version_id", forms.ChoiceField).choices = [("", _("None")), *versions]
        field_of(self, "owner", PersonChoice).offer(people_of(review.project))


class SettleForm(forms.Form):
    """How a finding ends."""

    disposition = forms.ChoiceField(
        label=_("How it ends"),
        choices=[(Disposition.DONE.value, Disposition.DONE.label), (Disposition.REJECTED.value, _("Rejected"))],
        widget=forms.RadioSelect,
    )
    text = TextField(
        label=_("What was done and shows it, or why it is rejected"),
        required=False,
        help_text=_("An editorial finding may be done without a word."),
    )


class MergeForm(forms.Form):
    """The systemic finding of which this one is a case (EXT-21)."""

    into = forms.TypedChoiceField(label=_("Systemic finding"), coerce=int)

    def __init__(self, *args: Any, others: list[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(other.number, f"{other} {other.text[:90]}") for other in others]
        field_of(self, "into", forms.ChoiceField).choices = [("", _("Choose a finding")), *offered]
