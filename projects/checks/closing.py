"""Before close: each intent is compared with its result, the project team is released (SEED-53, SEED-109)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Project

TEAM = ("R-PDM", "R-DEV", "R-TST", "R-UX", "R-REL", "R-OPX")  # the role types of one project, its manager aside


def intents(project: Project, now: datetime) -> list[Blocker]:
    """Intents without a result, where a post-project analysis is asked for."""
    if not project.intent_lines or not wants(project, "close", "ART-53"):
        return []
    judged = set(project.intentresults.values_list("intent", flat=True))
    missing = [line for line in project.intent_lines if line not in judged]
    if not missing:
        return []
    owner = named(holders(project), "R-PGM", "R-SM")
    url = reverse("register", args=[project.code, "intent_results"])
    return [
        Blocker(
            code="intent.not_judged",
            text=_("Not compared with its result: %(intent)s") % {"intent": line},
            owner=owner,
            url=url,
        )
        for line in missing
    ]


def team(project: Project, now: datetime) -> list[Blocker]:
    """People of the project team who are not released, where the analysis of the whole project is asked for."""
    if not wants(project, "close", "ART-53"):
        return []
    released = set(project.disengagements.values_list("person", flat=True))
    if None in released:
        return []
    people = holders(project)
    held = {person.pk: str(person) for role in TEAM for person in people.get(role, [])}
    waiting = [name for key, name in held.items() if key not in released]
    if not waiting and released:
        return []
    return [
        Blocker(
            code="team.not_released",
            text=_("Not recorded as released from the project: %(people)s.") % {"people": ", ".join(waiting)}
            if waiting
            else _("The project team is not recorded as released."),
            owner=named(people, "R-PGM", "R-SM"),
            url=reverse("register", args=[project.code, "disengagements"]),
        )
    ]
