"""How the portfolio is narrowed."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Category, Project, ProjectType, RoleAssignment, Stage, Status
from projects.ports import ports


def reasons() -> list[tuple[str, Any]]:
    """Why projects may need attention; the upper app names them when it is loaded."""
    return [(name, reason.label) for name, reason in ports.attention.items()]


class ProjectFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter is untyped
    """How the portfolio is narrowed. Every field is part of the address, so a view can be sent to somebody."""

    q = django_filters.CharFilter(method="search", label=_("Code, title or reference"))
    stage = django_filters.ChoiceFilter(choices=Stage.choices, empty_label=_("Any"), label=_("Stage"))
    status = django_filters.ChoiceFilter(choices=Status.choices, empty_label=_("Any"), label=_("Status"))
    category = django_filters.ChoiceFilter(choices=Category.choices, empty_label=_("Any"), label=_("Change category"))
    type = django_filters.ChoiceFilter(
        field_name="project_type", choices=ProjectType.choices, empty_label=_("Any"), label=_("Project type")
    )
    attention = django_filters.ChoiceFilter(
        method="wanting", choices=reasons, empty_label=_("Any"), label=_("Needs attention")
    )
    unit = django_filters.CharFilter(lookup_expr="icontains", label=_("Unit"))
    mine = django_filters.BooleanFilter(method="held", widget=forms.CheckboxInput, label=_("Only mine"))

    class Meta:
        model = Project
        fields = ["q", "stage", "status", "category", "type", "attention", "unit", "mine"]

    def search(self, projects: "QuerySet[Project]", name: str, words: str) -> "QuerySet[Project]":
        """Every word occurs in the code, the title or the reference in the source system."""
        for word in words.split()[:8]:
            projects = projects.filter(
                Q(code__icontains=word) | Q(title__icontains=word) | Q(external_ref__icontains=word)
            )
        return projects

    def wanting(self, projects: "QuerySet[Project]", name: str, reason: str) -> "QuerySet[Project]":
        """Active projects that this is a reason to look at."""
        return ports.attention[reason].narrow(projects.filter(status=Status.ACTIVE), timezone.now())

    def held(self, projects: "QuerySet[Project]", name: str, wanted: bool) -> "QuerySet[Project]":
        if not wanted or self.request is None:
            return projects
        held = RoleAssignment.objects.filter(user=self.request.user, ends_on__isnull=True)
        return projects.filter(pk__in=held.values("project"))
