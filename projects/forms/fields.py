"""Fields that forms of both apps share: a day, a moment, a text, a person by name."""

import re
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from projects.models import ChangeTemplate, Gate, Project, ReleaseCandidate, Requirement, Risk, User

if TYPE_CHECKING:
    RowField = forms.ModelChoiceField[Any]
else:  # Django knows no type arguments here
    RowField = forms.ModelChoiceField

Known = TypeVar("Known", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[Known]) -> Known:
    """The form's field of this name, which is of this kind."""
    field = form.fields[name]
    assert isinstance(field, kind)
    return field


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs})


class MomentField(forms.DateTimeField):
    """A moment that is typed and shown on the reader's clock and stored in UTC (AUD-19)."""

    zone: tzinfo | None = None

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **kwargs})

    def on_clock_of(self, zone: tzinfo) -> None:
        """From here on typed and shown in this time zone, whoever is logged in."""
        self.zone = zone
        self.help_text = self.help_text or _("On your clock: %(zone)s.") % {"zone": zone}

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone or timezone.get_current_timezone()):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.make_naive(value, self.zone or timezone.get_current_timezone())
        return value


class TextField(forms.CharField):
    """A text of a few sentences."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **kwargs})


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


class PersonOnProject(RowField):
    """Somebody who holds a role on the project now; `offer` says of which project."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)

    def offer(self, project: Project) -> None:
        on_project = project.roles.filter(ends_on__isnull=True).values("user")
        self.queryset = User.objects.available().filter(pk__in=on_project)


class CandidateOfProject(RowField):
    """A release candidate of the project, the newest first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ReleaseCandidate.objects.none(), **{"label": _("Release candidate"), **kwargs})

    def offer(self, project: Project) -> None:
        self.queryset = project.releasecandidates.order_by("-id")


class RiskOfProject(RowField):
    """A risk of the project, the newest first, with what may go wrong."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Risk.objects.none(), **{"label": _("Risk"), **kwargs})

    def offer(self, project: Project) -> None:
        self.queryset = project.risks.order_by("-id")

    def label_from_instance(self, risk: Any) -> str:
        return f"{risk.ref}: {Truncator(risk.text).chars(80)}"


class RequirementsByRef(forms.CharField):
    """Requirements of the project by their references, separated by blanks or commas."""

    project: Project | None = None

    def __init__(self, **kwargs: Any) -> None:
        words = {"label": _("Requirements it meets"), "help_text": _("References such as R-001 R-004.")}
        super().__init__(**{"max_length": 2000, **words, **kwargs})

    def offer(self, project: Project) -> None:
        self.project = project

    def clean(self, value: Any) -> Any:
        refs = dict.fromkeys(re.split(r"[\s,;]+", super().clean(value).strip()))
        refs.pop("", None)
        if not refs or self.project is None:
            return []
        found = {row.ref: row for row in Requirement.objects.filter(project=self.project, ref__in=refs)}
        unknown = [ref for ref in refs if ref not in found]
        if unknown:
            raise ValidationError(_("There is no requirement %(refs)s."), params={"refs": ", ".join(unknown)})
        return [found[ref] for ref in refs]


class OperationalRequirement(RowField):
    """An operational requirement of the project, by its reference."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"label": _("Operational requirement"), "to_field_name": "ref", **kwargs}
        super().__init__(Requirement.objects.none(), **given)

    def offer(self, project: Project) -> None:
        self.queryset = project.requirements.filter(kind=Requirement.Kind.OPERATIONAL)


class YesNoField(forms.TypedChoiceField):
    """Yes or no, neither of them assumed. Gives a bool."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("yes", _("Yes")), ("no", _("No"))]
        super().__init__(
            **{"choices": choices, "coerce": lambda value: value == "yes", "widget": forms.RadioSelect, **kwargs}
        )


class ApprovedCandidate(forms.CharField):
    """The name of a release candidate; what the Release Readiness review approved stands in the field already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Release candidate"), "max_length": 60, **kwargs})

    def offer(self, project: Project) -> None:
        approved = project.gate_passes.filter(gate=Gate.RELEASE, revoked_at__isnull=True)
        self.initial = approved.values_list("candidate", flat=True).first() or ""


class TemplateField(RowField):
    """A template that is known and tested on a day; `offer` says on which."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ChangeTemplate.objects.none(), **{"label": _("Change template"), **kwargs})

    def offer(self, today: date, present: int | None = None) -> None:
        """Args: present: one that is offered in any case, because it is chosen already."""
        usable = ChangeTemplate.objects.usable(today).values("pk")
        self.queryset = ChangeTemplate.objects.filter(Q(pk__in=usable) | Q(pk=present))
