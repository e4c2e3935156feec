"""Fields of forms about reviews: one of a few people, and the fields of both apps."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import DayField, MomentField, PersonByName, TextField, field_of
from projects.models import Project, User

__all__ = ["DayField", "MomentField", "PersonByName", "PersonChoice", "TextField", "field_of", "people_of"]


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
