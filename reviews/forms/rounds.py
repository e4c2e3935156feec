"""Forms about a round itself: its facts, its people, when signatures are due, and its end without a decision."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import CandidateOfProject
from projects.models import Project, User
from projects.workdays import shifted, zone_of
from reviews import gates
from reviews.carried import last_decided
from reviews.catalog import REVIEW_TYPES, rigor
from reviews.forms.fields import MomentField, PersonByName, PersonChoice, TextField, field_of, people_of
from reviews.models import Mode, Review, ReviewKind

DUE_AFTER_WORKDAYS = 5
DUE_AT = time(17)
SUGGESTED_PEOPLE = 200


def possible_chairs(project: Project, *also: User) -> models.QuerySet[User]:
    """Solution managers and the project's people, never its program manager (EXT-11)."""
    managing = Q(role_assignments__project=project, role_assignments__role="R-PGM")
    program = User.objects.filter(managing, role_assignments__ends_on__isnull=True).values("pk")
    wanted = Q(is_solution_manager=True) | Q(pk__in=people_of(project).values("pk"))
    wanted |= Q(pk__in=[person.pk for person in also])
    return User.objects.available().filter(wanted, is_auditor=False).exclude(pk__in=program)


class FactsForm(forms.Form):
    """Who chairs, how and when the review is held, what is being reviewed."""

    chair = PersonChoice(label=_("Chair"), help_text=_("Decides. Never the program manager."))
    mode = forms.ChoiceField(label=_("Held as"), choices=Mode.choices)
    scheduled_for = MomentField(label=_("Planned for"), required=False)
    place = forms.CharField(
        label=_("Place"),
        max_length=300,
        required=False,
        help_text=_("A room, a telephone number or the address of a call."),
    )
    candidate = CandidateOfProject(to_field_name="ref", help_text=_("The go holds for this candidate alone."))

    delta = forms.BooleanField(
        label=_("Delta review"),
        required=False,
        help_text=_("Answers of the last decided round that no change has touched are carried over."),
    )

    def __init__(
        self,
        *args: Any,
        project: Project,
        kind: str,
        reader: User,
        chair: User | None = None,
        new: bool = False,
        **kw: Any,
    ):
        super().__init__(*args, **kw)
        if not (new and last_decided(project, kind)):
            del self.fields["delta"]
        also = [chair] if chair else []
        field_of(self, "chair", PersonChoice).offer(possible_chairs(project, *also))
        field_of(self, "scheduled_for", MomentField).on_clock_of(zone_of(reader))
        if kind == ReviewKind.RR:
            field_of(self, "candidate", CandidateOfProject).offer(project)
            self.fields["candidate"].required = project.stage in gates.HELD_IN[ReviewKind.RR]
        else:
            del self.fields["candidate"]

    @classmethod
    def of(cls, review: Review, reader: User) -> "FactsForm":
        """The facts as they are."""
        given = {name: getattr(review, name) for name in ("chair", "mode", "scheduled_for", "place", "candidate")}
        return cls(project=review.project, kind=review.kind, reader=reader, chair=review.chair, initial=given)

    @classmethod
    def for_new(cls, project: Project, kind: ReviewKind, reader: User) -> "FactsForm":
        """What the category's profile and the project's roles suggest."""
        managers = [
            held.user for held in project.roles.filter(role="R-SM", ends_on__isnull=True).select_related("user")
        ]
        initial = {"chair": managers[0] if managers else None, "mode": rigor(kind, project.category).mode}
        return cls(project=project, kind=kind, reader=reader, initial=initial, new=True)

    def facts(self) -> dict[str, Any]:
        candidate = self.cleaned_data.get("candidate")
        return {**self.cleaned_data, "candidate": candidate.ref if candidate else ""}


class NameForm(forms.Form):
    """A person takes part in the review."""

    group = forms.ChoiceField(label=_("For the group"))
    person = PersonByName(help_text=_("Name, username or mail address."))
    signs = forms.BooleanField(label=_("Signs"), required=False, initial=True)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(group.code, group.name) for group in REVIEW_TYPES[review.kind].groups]
        field_of(self, "group", forms.ChoiceField).choices = groups
        named = [person.user_id for person in review.participants.all()]
        people = people_of(review.project).exclude(pk__in=named)[:SUGGESTED_PEOPLE]
        self.suggestions = field_of(self, "person", PersonByName).suggest(people, "people-to-name")


class RequestForm(forms.Form):
    """Until when the signatures are wanted."""

    due_at = MomentField(label=_("Due"))

    def __init__(self, *args: Any, reader: User, now: datetime, **kwargs: Any) -> None:
        zone = zone_of(reader)
        day = shifted(now.astimezone(zone).date(), DUE_AFTER_WORKDAYS)
        initial = {"due_at": datetime.combine(day, DUE_AT, tzinfo=zone)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        field_of(self, "due_at", MomentField).on_clock_of(zone)


class WithdrawForm(forms.Form):
    """Why the round ends without a decision."""

    reason = TextField(label=_("Reason"), help_text=_("It stays in the record."))
