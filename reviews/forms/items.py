"""Forms about one question of a review: its answer, and a waiver."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.catalog.artifacts import artifact_name
from projects.models import ArtifactVersion, Project, User
from reviews.forms.fields import DayField, TextField, field_of
from reviews.models import Answer, ReviewItem


def newest_versions(project: Project, linked: set[int]) -> list[tuple[ArtifactVersion, str]]:
    """Of each artifact the newest version and the newest approved one, and whatever is linked already. One query."""
    newest: dict[tuple[int, bool], ArtifactVersion] = {}
    everything = ArtifactVersion.objects.filter(artifact__project=project).select_related("artifact").defer("text")
    versions = list(everything.order_by("artifact__kind", "number"))
    for version in versions:
        newest[version.artifact_id, False] = version
        if version.status == "approved":
            newest[version.artifact_id, True] = version
    wanted = {version.pk for version in newest.values()} | linked
    return [
        (version, f"{artifact_name(version.artifact.kind)}, {version}, {version.get_status_display().lower()}")
        for version in versions
        if version.pk in wanted
    ]


def offered_versions(project: Project, reader: User, linked: set[int]) -> list[tuple[int, str]]:
    """The same as choices, without what the reader wrote: nobody assesses the own work (EXT-11). One query."""
    newest = newest_versions(project, linked)
    return [(version.pk, words) for version, words in newest if version.author_id != reader.pk]


class AnswerForm(forms.Form):
    """The answer to one item, with what shows it.

    Args:
        versions: (id, words) of the artifact versions that may be linked.
    """

    value = forms.ChoiceField(
        label=_("Answer"), widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")}
    )
    evidence = TextField(
        label=_("Evidence"), required=False, help_text=_("What shows it: where you looked, what you saw.")
    )
    versions = forms.TypedMultipleChoiceField(
        label=_("Documents"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = TextField(
        label=_("Reason"),
        required=False,
        rows=2,
        help_text=_("Needed for not confirmed, present and not applicable."),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: ReviewItem, versions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "value", forms.ChoiceField).choices = [(choice.value, choice.label) for choice in item.choices]
        field_of(self, "versions", forms.MultipleChoiceField).choices = versions
        if not versions:
            del self.fields["versions"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        value = self.cleaned_data.get("value")
        if value and value not in (Answer.CONFIRMED, Answer.CLEAR) and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason for this answer."))
        return cleaned


class AskAgainForm(forms.Form):
    """Why a carried answer does not stand by itself."""

    reason = TextField(label=_("Why it is asked again"), rows=2)


class WaiverForm(forms.Form):
    """What somebody asks to be let off, and what it costs (EXT-07)."""

    reason = TextField(label=_("Why it cannot be fine in time"))
    risk = TextField(label=_("What may happen because of it"))
    compensation = TextField(label=_("What is done instead"))
    expires_on = DayField(label=_("Until"), help_text=_("From the day after, the item blocks again."))


class WaiverAnswerForm(forms.Form):
    """A waiver approved or refused."""

    approve = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Approve")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    reason = TextField(label=_("Reason"), required=False, rows=2, help_text=_("Needed for a refusal."))
