"""Fields that forms about reviews share: a moment on the reader's clock, a person by name."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Project, User


class MomentField(forms.DateTimeField):
    """A moment that is shown and typed on one person's clock, and stored in UTC (AUD-19)."""

    zone: tzinfo = timezone.get_default_timezone()

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **kwargs})

    def on_clock_of(self, zone: tzinfo) -> None:
        """From here on typed and shown in this time zone."""
        self.zone = zone
        self.help_text = self.help_text or _("On your clock: %(zone)s.") % {"zone": zone}

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.make_naive(value, self.zone)
        return value


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs})


class TextField(forms.CharField):
    """A text of a few sentences."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **kwargs})


class PersonChoice(forms.ChoiceField):
    """One of a few people, by name and job. They are given as a list, so that many such fields cost no query each."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people: dict[str, User] = {}

    def offer(self, people: Iterable[User]) -> None:
        """These people can be chosen, and nobody else."""
        self.people = {str(person.pk): person for person in people}
        named = [(key, self.words(person)) for key, person in self.people.items()]
        self.choices = [("", _("Choose a person")), *named]

    @staticmethod
    def words(person: User) -> str:
        about = person.job_title or person.unit
        return f"{person}, {about}" if about else str(person)

    def prepare_value(self, value: Any) -> Any:
        return str(value.pk) if isinstance(value, User) else value

    def clean(self, value: Any) -> Any:
        return self.people.get(super().clean(value))


def people_of(project: Project) -> "models.QuerySet[User]":
    """Active people with a role on the project or another reason to see it; auditors aside."""
    holding = Q(role_assignments__project=project, role_assignments__ends_on__isnull=True)
    involved = Q(involvements__project=project)
    return User.objects.available().filter(holding | involved, is_auditor=False).distinct()


class PersonByName(forms.CharField):
    """Somebody with an account, typed: username, mail address, or the name if only one person has it.

    A list to choose from stands behind the field, but everybody can be named: organisations have more people than a
    list can show.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 300, "label": _("Person"), **kwargs})
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    @staticmethod
    def suggestion(person: User) -> str:
        return f"{person} ({person.username})"

    def suggest(self, people: Iterable[User], list_id: str) -> list[str]:
        """What the browser offers while one types; goes into a ``datalist`` with this id."""
        self.widget.attrs["list"] = list_id
        return [self.suggestion(person) for person in people]

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return self.found(typed) if typed else None

    def found(self, typed: str) -> User:
        """Raises: ValidationError when nobody, or more than one person, is meant."""
        username = typed.rpartition("(")[2].rstrip(")").strip() if typed.endswith(")") else typed
        exact = User.objects.filter(Q(username__iexact=username) | Q(email__iexact=typed)).first()
        if exact is not None:
            return exact
        named = list(User.objects.available().search(typed)[:4])
        whole = [person for person in named if person.name.casefold() == typed.casefold()]
        if len(whole) == 1:
            return whole[0]
        if len(named) == 1:
            return named[0]
        if named:
            names = ", ".join(self.suggestion(person) for person in named[:3])
            raise ValidationError(_("More than one person: %(names)s. Give the username."), params={"names": names})
        raise ValidationError(_("Nobody here has this name, username or address."))
