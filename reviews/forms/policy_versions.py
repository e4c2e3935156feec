"""The form with which another version of groups, quorum and validity is proposed."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews import terms
from reviews.actions.policy_versions import MOST
from reviews.catalog import REVIEW_TYPES, VALIDITY_LIMITS
from reviews.forms.fields import TextField
from reviews.terms import LOOKS_ON, NOT_ASKED, SIGNS, Terms


class VersionForm(forms.Form):
    """Filled with what holds now; offers nothing that the catalogue's own rules forbid (SEED-43).

    Args:
        previewing: the reason may come later.
    """

    def __init__(self, *args: Any, present: Terms, previewing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present
        floor = terms.delivered(present.kind, present.category)
        for group in REVIEW_TYPES[present.kind].groups:
            self.fields[f"place_{group.code}"] = forms.ChoiceField(
                label=_("Part"),
                choices=(places := _places(floor, group.code)),
                help_text=_("As the catalogue asks.") if len(places) == 1 else "",
                initial=present.place_of(group.code),
                required=False,
            )
            self.fields[f"quorum_{group.code}"] = forms.IntegerField(
                label=_("How many of %(group)s must have taken part") % {"group": group.name},
                min_value=floor.quorum.get(group.code, 0),
                max_value=MOST,
                initial=present.quorum.get(group.code, 0),
            )
        if floor.validity_days:
            low, high = VALIDITY_LIMITS[present.category]
            self.fields["validity_days"] = forms.IntegerField(
                label=_("Days that a go holds"),
                min_value=low,
                max_value=high,
                initial=present.validity_days,
                help_text=_("From %(low)d to %(high)d.") % {"low": low, "high": high},
            )
        self.fields["on"] = forms.IntegerField(widget=forms.HiddenInput, initial=present.number)
        self.fields["reason"] = TextField(
            label=_("Reason"),
            required=not previewing,
            help_text=_("Why the rules change. Whoever approves reads it, and it stays in the record."),
        )

    def rows(self) -> Iterator[tuple[str, str, BoundField, BoundField]]:
        """Each group's name and who belongs to it, with its two fields."""
        for group in REVIEW_TYPES[self.present.kind].groups:
            yield group.name, group.who, self[f"place_{group.code}"], self[f"quorum_{group.code}"]

    def rest(self) -> list[BoundField]:
        """The fields below the groups."""
        return [self[name] for name in ("validity_days", "reason") if name in self.fields]

    def rules(self) -> dict[str, Any]:
        """What `policy_versions.drafted` takes."""
        codes = terms.group_names(self.present.kind)
        given = self.cleaned_data
        return {
            "kind": self.present.kind,
            "category": self.present.category,
            "places": {code: given[f"place_{code}"] for code in codes},
            "quorum": {code: given[f"quorum_{code}"] for code in codes},
            "validity_days": given.get("validity_days", 0),
        }


def _places(floor: Terms, code: str) -> list[tuple[str, str]]:
    """What the group can be asked: never less than the catalogue asks of it."""
    least = floor.place_of(code)
    found = [(SIGNS, _("Signs"))] if terms.can_sign(floor.kind, code) else []
    if least != SIGNS:
        found.append((LOOKS_ON, _("Looks on")))
    if least == NOT_ASKED:
        found.append((NOT_ASKED, _("Not asked")))
    return found


class RefusalForm(forms.Form):
    """Why a proposal is refused."""

    reason = TextField(label=gettext_lazy("Why it is refused"))
