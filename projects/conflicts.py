"""Where active projects are in each other's way, read from their roles, environments and deployments (SEED-116).

Four queries, whatever the number of projects.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.catalog.roles import ROLE_TYPES
from projects.digests import digest
from projects.models import Deployment, Environment, Project, ProjectConflict, RoleAssignment, Status

AT_ONCE = 2
"""On more projects than this at the same time a person is double-booked."""
WORKING_ROLES = [code for code, role in ROLE_TYPES.items() if not role.accountable]
Kind = ProjectConflict.Kind


class Span(NamedTuple):
    """An active project with its planned dates."""

    pk: int
    code: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Found:
    """A conflict that stands now.

    Args:
        kind: people, dates or environment.
        projects: two at least, by code.
        fingerprint: the same while the same thing is in the way of the same projects.
    """

    kind: str
    text: str
    projects: tuple[Span, ...]
    fingerprint: str


def found(projects: "QuerySet[Project]") -> list[Found]:
    """Every conflict among those of these projects that are active."""
    active = projects.filter(status=Status.ACTIVE).order_by()
    spans = {row[0]: Span(*row) for row in active.values_list("pk", "code", "planned_start", "planned_end").iterator()}
    return [*_people(active, spans), *_environments(active, spans), *_deployments(active, spans)]


def _crowded(spans: Iterable[Span], limit: int) -> list[Span]:
    """Those that are planned at a time at which more than `limit` of them are, by code."""
    dated = [(span.start, span.end, span) for span in spans if span.start and span.end]
    crowded: set[Span] = set()
    for start, _end, _span in dated:  # where most meet, one of them has just begun
        at_once = [span for begin, end, span in dated if begin <= start <= end]
        if len(at_once) > limit:
            crowded.update(at_once)
    return sorted(crowded, key=lambda span: span.code)


def _found(kind: str, about: str, spans: list[Span], text: str, **words: object) -> Found:
    key = "|".join([kind, about, *(str(span.pk) for span in spans)])
    codes = ", ".join(span.code for span in spans)
    return Found(kind, text % {**words, "projects": codes}, tuple(spans), digest(key))


def _people(active: "QuerySet[Project]", spans: dict[int, Span]) -> list[Found]:
    held = RoleAssignment.objects.filter(
        ends_on__isnull=True, role__in=WORKING_ROLES, project__in=active.values("pk")
    ).order_by()
    many = held.values("user").annotate(n=Count("project", distinct=True)).filter(n__gt=AT_ONCE).values("user")
    on: dict[tuple[str, int], set[int]] = defaultdict(set)
    for pk, name, project in held.filter(user__in=many).values_list("user", "user__name", "project"):
        on[name, pk].add(project)
    text = _("%(person)s works on more than %(limit)d projects at once: %(projects)s.")
    return [
        _found(Kind.PEOPLE, f"person {pk}", crowded, text, person=name, limit=AT_ONCE)
        for (name, pk), projects in sorted(on.items())
        if (crowded := _crowded((spans[each] for each in projects), AT_ONCE))
    ]


def _environments(active: "QuerySet[Project]", spans: dict[int, Span]) -> list[Found]:
    used: dict[str, dict[int, str]] = defaultdict(dict)
    rows = Environment.objects.filter(project__in=active.values("pk")).order_by("id")
    for name, project in rows.values_list("name", "project"):
        used[" ".join(name.casefold().split())][project] = name
    text = _("Environment %(name)s is used by projects with overlapping dates: %(projects)s.")
    return [
        _found(Kind.ENVIRONMENT, key, crowded, text, name=next(iter(by.values())))
        for key, by in sorted(used.items())
        if (crowded := _crowded((spans[each] for each in by), 1))
    ]


def _deployments(active: "QuerySet[Project]", spans: dict[int, Span]) -> list[Found]:
    """Deployments that are planned and have not begun: two projects, one day, one site or one person."""
    rows = Deployment.objects.filter(project__in=active.values("pk"), started_at__isnull=True, dropped_reason="")
    at_site: dict[tuple[date, str], dict[int, str]] = defaultdict(dict)
    by_person: dict[tuple[date, int], dict[int, str]] = defaultdict(dict)
    fields = ("planned_for", "site", "created_by", "created_by__name", "project")
    for moment, site, person, name, project in rows.order_by("planned_for", "id").values_list(*fields):
        day = timezone.localdate(moment)
        at_site[day, " ".join(site.casefold().split())][project] = site
        by_person[day, person][project] = name
    of_sites = _("Deployments to %(what)s are planned on the same day, %(day)s: %(projects)s.")
    of_people = _("%(what)s has planned deployments on the same day, %(day)s: %(projects)s.")
    found = []
    for what, text, groups in (("site", of_sites, at_site.items()), ("person", of_people, by_person.items())):
        for (day, about), by in groups:
            if len(by) > 1:
                meeting = sorted((spans[each] for each in by), key=lambda span: span.code)
                words = {"what": next(iter(by.values())), "day": date_format(day, "j M Y")}
                found.append(_found(Kind.DATES, f"{day} {what} {about}", meeting, text, **words))
    return found
