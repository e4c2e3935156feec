"""Naming people to roles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.catalog.roles import CAPACITIES, ROLE_TYPES
from projects.forms.fields import PersonByName, TextField
from projects.models import User


def role_choices() -> list[tuple[Any, Any]]:
    """The role types of Table 6, then the other capacities; the accountable one is handed over, never given."""
    named = [(code, role.name) for code, role in ROLE_TYPES.items() if not role.accountable]
    return [
        ("", _("Choose a role")),
        (_("Roles"), named),
        (_("Other capacities"), [(c, r.name) for c, r in CAPACITIES.items()]),
    ]


class AssignForm(forms.Form):
    """A person in a role."""

    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    person = PersonByName(help_text=_("Name, username or e-mail address."))


class BasisForm(forms.Form):
    """What an assignment rests on."""

    basis = TextField(
        label=_("Skill or training basis"),
        rows=2,
        max_length=500,
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
        self.fields["to"].queryset = others  # type: ignore[attr-defined]  # a field of this form, whose kind is known
