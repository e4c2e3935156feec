"""Naming people to roles."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions.roles import Named
from projects.blocker import Refused
from projects.catalog.roles import CAPACITIES, ROLE_TYPES, role_name
from projects.forms.fields import PersonByName, TextField, field_of
from projects.models import RoleAssignment, User

OFFERED = {code: role.name for code, role in {**ROLE_TYPES, **CAPACITIES}.items() if not role.accountable}
"""Roles that somebody is named for; the accountable one is handed over."""

BASIS_LENGTH = 500


class TeamForm(forms.Form):
    """Somebody for each of several roles, and what each assignment rests on; what is left empty stays as it is.

    Args:
        held: the assignments of the project that have not ended.
    """

    def __init__(self, *args: Any, held: Iterable[RoleAssignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = list(held)
        for code, name in OFFERED.items():
            self.fields[f"{code}-person"] = PersonByName(label=_("%(role)s: person") % {"role": name}, required=False)
            self.fields[f"{code}-person"].widget.attrs["list"] = "people-known"
            self.fields[f"{code}-basis"] = _basis(_("%(role)s: basis") % {"role": name})
        for given in self.held:
            words = _("%(role)s, %(person)s: basis") % {"role": role_name(given.role), "person": given.user}
            self.fields[f"held-{given.pk}"] = _basis(words, initial=given.basis)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for code in OFFERED:
            name = f"{code}-person"
            if self.cleaned_data.get(f"{code}-basis") and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("Say who this is the basis of."))
        return cleaned

    def named(self) -> list[Named]:
        given = self.cleaned_data
        return [
            Named(role=code, person=given[f"{code}-person"], basis=given[f"{code}-basis"])
            for code in OFFERED
            if given.get(f"{code}-person")
        ]

    def bases(self) -> dict[int, str]:
        """Those that are other words than before."""
        given = self.cleaned_data
        return {row.pk: given[f"held-{row.pk}"] for row in self.held if given[f"held-{row.pk}"] != row.basis}

    def refuse(self, refused: Mapping[str | int, Refused]) -> None:
        """Marks the fields of the rows that are not fit."""
        for row, no in refused.items():
            self.add_error(f"held-{row}" if isinstance(row, int) else f"{row}-person", no.text)


def _basis(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=BASIS_LENGTH, required=False, **more)


class BasisForm(forms.Form):
    """What an assignment rests on."""

    basis = TextField(
        label=_("Skill or training basis"),
        rows=2,
        max_length=BASIS_LENGTH,
        help_text=_("For example: certified test manager, or the course and when it was taken."),
    )


class HandOverForm(forms.Form):
    """Who is accountable from now on."""

    to = forms.ModelChoiceField(label=_("New solution manager"), queryset=User.objects.none())

    def __init__(self, *args: Any, present: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.available().filter(is_solution_manager=True)
        if present is not None:
            others = others.exclude(pk=present.pk)
        field_of(self, "to", forms.ModelChoiceField).queryset = others
