"""Standard changes from request to done: opened from a template, run as it says, or taken off it (SEED-07, EXT-17)."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.access import Seat
from projects.actions import artifacts, change_templates, projects, roles, rows
from projects.actions.artifacts import Content
from projects.actions.projects import required_reason
from projects.blocker import Refused
from projects.facts import ProjectFacts
from projects.models import (
    ArtifactStatus,
    ArtifactVersion,
    Category,
    ChangeTemplate,
    Project,
    Stage,
    TemplateRun,
    User,
)


class NoStandardChange(Refused):
    """The project is not a standard change, or no more."""


@transaction.atomic
def request(
    *,
    by: User,
    template: ChangeTemplate,
    title: str,
    planned_on: date,
    deployer: User,
    solution_manager: User,
    now: datetime,
    code: str = "",
) -> Project:
    """A standard change is registered with what its template says, and with who deploys it.

    Args:
        planned_on: the day on which it is deployed.
        solution_manager: accountable; a program manager who asks runs the change.

    Raises: NotAllowed, NoKnownTemplate, NoSolutionManager, Refused.
    """
    facts = ProjectFacts(
        title=title.strip(),
        project_type=template.project_type,
        category=Category.STANDARD,
        category_nature=template.nature,
        category_size=template.size,
        description=template.changes,
        conversion_applies=False,
        planned_end=planned_on,
        template=template,
    )
    project = projects.create(
        by=by,
        facts=facts,
        solution_manager=solution_manager,
        program_manager=by if by.is_program_manager else None,
        now=now,
        code=code,
    )
    roles.assign(project_id=project.pk, by=by, role="P-DEPLOY", person=deployer, now=now)
    return project


def _opened(project_id: int, by: User) -> tuple[Project, ChangeTemplate, Seat]:
    project, place = rows.opened(project_id, by)
    place.require(place.manages, _("A standard change is run by its program manager or a solution manager."))
    if project.category != Category.STANDARD or project.template is None:
        raise NoStandardChange(_("This is not a standard change: it does not follow a template."))
    return project, project.template, place


@transaction.atomic
def take_over_documents(*, project_id: int, by: User, now: datetime) -> list[ArtifactVersion]:
    """The template's project plan and deployment procedures wait for approval as documents of the project.

    Those that somebody has begun stay as they are. Returns: the versions added.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, template, _place = _opened(project_id, by)
    begun = set(project.artifacts.exclude(status=ArtifactStatus.NOT_STARTED).values_list("kind", flat=True))
    added = []
    for kind, text in (("ART-11", template.plan), ("ART-36", template.deployment)):
        if kind in begun:
            continue
        version = artifacts.add_version(
            project_id=project.pk,
            kind=kind,
            by=by,
            content=Content(text=f"{text}\n\n{template.steps}\n\n{project.template_basis}"),
            note=_("as in %(code)s") % {"code": template.code},
            now=now,
        )
        added.append(artifacts.submit(project_id=project.pk, version_id=version.pk, by=by, now=now))
    if not added:
        raise Refused(_("Both documents are begun already: see the project's artifacts."))
    return added


@transaction.atomic
def record_run(*, project_id: int, by: User, succeeded: bool, note: str, now: datetime) -> TemplateRun:
    """How the change went is on record. A failed run counts against the template and suspends it at once (EXT-17).

    Raises: NotAllowed, Blocked, NoStandardChange, Refused.
    """
    project, template, _place = _opened(project_id, by)
    if succeeded and project.stage != Stage.DEPLOY:
        raise Refused(_("A run has succeeded when it is deployed: take the project to Deploy first."))
    if TemplateRun.objects.filter(project=project).exists():
        raise Refused(_("How this change went is on record already."))
    if not note.strip():
        raise Refused(_("Say what was seen."))
    run = rows.add(
        TemplateRun,
        project=project,
        by=by,
        event="template_run.recorded",
        now=now,
        template=template,
        succeeded=succeeded,
        note=note,
    )
    if not succeeded:
        reason = _("%(project)s failed: %(note)s") % {"project": project.code, "note": run.note}
        change_templates.count_failure(template.pk, by=by, reason=reason, now=now)
    return run


@transaction.atomic
def depart(*, project_id: int, by: User, step: int, reason: str, now: datetime) -> Project:
    """The change departs from its template and is a minor one from now on; what was done stays with the project.

    Args:
        step: number of the template's step that it departs from, from 1.

    Raises: NotAllowed, Blocked, NoStandardChange, ReasonMissing, GatePassed, Refused.
    """
    project, template, _place = _opened(project_id, by)
    if not 1 <= step <= len(template.step_list()):
        raise Refused(_("The template has no step %(number)d.") % {"number": step})
    why = _("deviates from template step %(number)d: %(reason)s")
    facts = ProjectFacts.of(project)
    return projects.edit(
        project_id=project.pk,
        by=by,
        facts=replace(facts, category=Category.MINOR),
        version=project.version,
        reason=why % {"number": step, "reason": required_reason(reason)},
        now=now,
    )
