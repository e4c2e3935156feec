"""Standard changes from request to done: opened from a template, run as it says, or taken off it (SEED-07, EXT-17)."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import lifecycle
from projects.access import Seat
from projects.actions import artifacts, change_templates, deployments, projects, requirements, roles, rows, stages
from projects.actions.artifacts import Content
from projects.actions.projects import required_reason
from projects.blocker import Refused
from projects.catalog.stages import STAGES, Outcome
from projects.facts import ProjectFacts
from projects.models import (
    ArtifactStatus,
    ArtifactVersion,
    Category,
    ChangeTemplate,
    Deployment,
    Gate,
    OutcomeConfirmation,
    Project,
    Stage,
    StandardStep,
    TemplateRun,
    User,
)

DOCUMENTS = ("ART-11", "ART-36")
RECORD = "ART-49"


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
    product_manager: User | None = None,
    developer: User | None = None,
    support: User | None = None,
) -> Project:
    """A standard change is registered with what its template says, and with who does what.

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
    named = {"P-DEPLOY": deployer, "R-PDM": product_manager, "R-DEV": developer, "P-SUP1": support}
    for role, person in named.items():
        if person is not None:
            roles.assign(project_id=project.pk, by=by, role=role, person=person, now=now)
    return project


def _opened(project_id: int, by: User) -> tuple[Project, ChangeTemplate, Seat]:
    project, template, place = _of_template(project_id, by)
    place.require(place.manages, _("A standard change is run by its program manager or a solution manager."))
    return project, template, place


def _of_template(project_id: int, by: User) -> tuple[Project, ChangeTemplate, Seat]:
    project, place = rows.opened(project_id, by)
    if project.category != Category.STANDARD or project.template is None:
        raise NoStandardChange(_("This is not a standard change: it does not follow a template."))
    return project, project.template, place


@transaction.atomic
def take_over_documents(*, project_id: int, by: User, now: datetime) -> list[ArtifactVersion]:
    """The template's project plan and deployment procedures wait for approval as documents of the project.

    Those that somebody has begun stay as they are. What the template changes is recorded as the need, if none is.

    Returns: the versions added.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, template, _place = _opened(project_id, by)
    begun = set(project.artifacts.exclude(status=ArtifactStatus.NOT_STARTED).values_list("kind", flat=True))
    added = []
    for kind, text in zip(DOCUMENTS, (template.plan, template.deployment), strict=True):
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
    if added and not project.requirements.exists():
        requirements.add(project_id=project.pk, by=by, kind="business", text=template.changes, now=now)
    if not added:
        raise Refused(_("Both documents are begun already: see the project's artifacts."))
    return added


@transaction.atomic
def approve_documents(*, project_id: int, by: User, now: datetime) -> list[ArtifactVersion]:
    """The documents that wait are approved by another person than the one who took them over.

    Raises: NotAllowed, Blocked, SelfApproval, NoStandardChange, Refused.
    """
    project, _template, _place = _of_template(project_id, by)
    waiting = ArtifactVersion.objects.filter(
        artifact__project=project, artifact__kind__in=(*DOCUMENTS, RECORD), status=ArtifactStatus.IN_REVIEW
    )
    done = [
        artifacts.approve(project_id=project.pk, version_id=version.pk, by=by, now=now)
        for version in waiting.order_by("artifact__kind")
    ]
    if not done:
        raise Refused(_("No document of the template waits for approval."))
    return done


@transaction.atomic
def record_deployment(
    *,
    project_id: int,
    by: User,
    site: str,
    started_at: datetime,
    ended_at: datetime,
    result: str,
    now: datetime,
    result_note: str = "",
) -> Deployment:
    """The change was deployed at a site, by who deploys it: planned there before, or recorded as a whole.

    Args:
        started_at, ended_at: aware moments, not ahead.
        result: a `Deployment.Result` value; the note is needed unless it was a success.

    Raises: NotAllowed, Blocked, NoStandardChange, NotTheApproved, Refused.
    """
    project, _template, _place = _of_template(project_id, by)
    deployer = project.roles.filter(role="P-DEPLOY", ends_on__isnull=True).select_related("user").first()
    if deployer is None:
        raise Refused(_("Nobody is named who deploys: name somebody under People."))
    planned = [
        row
        for row in project.deployments.order_by("id")
        if row.state == Deployment.State.PLANNED and row.site.casefold() == site.strip().casefold()
    ]
    passed = project.gate_passes.filter(gate=Gate.RELEASE, revoked_at__isnull=True).last()
    row = (
        planned[0]
        if planned
        else deployments.plan(
            project_id=project.pk,
            by=by,
            site=site,
            candidate=passed.candidate if passed else "",
            planned_for=started_at,
            now=now,
        )
    )
    row = deployments.start(row, by=by, deployed_by=deployer.user, started_at=started_at, now=now)
    return deployments.finish(row, by=by, ended_at=ended_at, result=result, result_note=result_note, now=now)


@transaction.atomic
def call_stable(*, project_id: int, by: User, stability: str, now: datetime) -> list[Deployment]:
    """Every site that was deployed and is not called stable yet is stable, with what shows it.

    Raises: NotAllowed, Blocked, NoStandardChange, Refused.
    """
    project, _template, _place = _of_template(project_id, by)
    waiting = [row for row in project.deployments.order_by("id") if row.state == Deployment.State.DEPLOYED]
    if not waiting:
        raise Refused(_("No site waits for it: record the deployment first."))
    return [deployments.call_stable(row, by=by, stability=stability, now=now) for row in waiting]


@transaction.atomic
def write_record(*, project_id: int, by: User, now: datetime) -> ArtifactVersion:
    """The deployment record waits for approval: what was done, step by step and site by site, as it is on record.

    Raises: NotAllowed, Blocked, NoStandardChange, Refused.
    """
    project, _template, _place = _opened(project_id, by)
    over = [row for row in project.deployments.select_related("deployed_by").order_by("id") if row.result]
    if not over:
        raise Refused(_("Record the deployment first: its record is made from it."))
    lines = [
        _("%(site)s: %(candidate)s, %(began)s to %(ended)s UTC, by %(person)s: %(result)s. %(note)s")
        % {
            "site": row.site,
            "candidate": row.candidate,
            "began": f"{row.started_at:%Y-%m-%d %H:%M}",
            "ended": f"{row.ended_at:%Y-%m-%d %H:%M}",
            "person": row.deployed_by,
            "result": row.get_result_display(),
            "note": row.result_note or row.stability,
        }
        for row in over
    ]
    done = StandardStep.objects.filter(project=project).select_related("created_by").order_by("number")
    lines += [f"{step.number}. {step.text}: {step.evidence} ({step.created_by})" for step in done]
    version = artifacts.add_version(
        project_id=project.pk, kind=RECORD, by=by, content=Content(text="\n".join(map(str.strip, lines))), now=now
    )
    return artifacts.submit(project_id=project.pk, version_id=version.pk, by=by, now=now)


@transaction.atomic
def do_step(*, project_id: int, by: User, number: int, evidence: str, now: datetime) -> StandardStep:
    """A step of the template is done, with what shows it; it stays so.

    Args:
        number: of the template's step, from 1.

    Raises: NotAllowed, Blocked, NoStandardChange, Refused.
    """
    project, template, place = _of_template(project_id, by)
    place.require(place.contributes, _("Steps are done by people with a working role on the change."))
    steps = template.step_list()
    if not 1 <= number <= len(steps):
        raise Refused(_("The template has no step %(number)d.") % {"number": number})
    if StandardStep.objects.filter(project=project, number=number).exists():
        raise Refused(_("Step %(number)d is done already.") % {"number": number})
    if not evidence.strip():
        raise Refused(_("Say what shows that the step is done."))
    return rows.add(
        StandardStep,
        project=project,
        by=by,
        event="standard_step.done",
        now=now,
        number=number,
        text=steps[number - 1],
        evidence=evidence,
    )


def steps_left(project: Project, template: ChangeTemplate) -> list[int]:
    """Numbers of the template's steps that are not done in this change. One query."""
    done = set(StandardStep.objects.filter(project=project).values_list("number", flat=True))
    return [number for number, _step in enumerate(template.step_list(), start=1) if number not in done]


def open_outcomes(project: Project) -> list[Outcome]:
    """Outcomes of the present stage that are not confirmed in its present passage. Two queries."""
    stage = STAGES.get(project.stage)
    run = project.stage_runs.filter(stage=project.stage, ended_at__isnull=True).first()
    if stage is None or run is None:
        return []
    newest = dict(run.confirmations.order_by("id").values_list("outcome", "confirmed"))
    return [outcome for outcome in stage.outcomes if not newest.get(outcome.code)]


@transaction.atomic
def confirm_outcomes(*, project_id: int, by: User, evidence: str, now: datetime) -> list[OutcomeConfirmation]:
    """Every outcome of the stage that is still open is confirmed with this evidence.

    Raises: NotAllowed, Blocked, NoStandardChange, Refused.
    """
    project, _template, _place = _opened(project_id, by)
    done = [
        stages.confirm_outcome(
            project_id=project.pk, by=by, outcome=outcome.code, confirmed=True, evidence=evidence, now=now
        )
        for outcome in open_outcomes(project)
    ]
    if not done:
        raise Refused(_("Every outcome of this stage is confirmed already."))
    return done


@transaction.atomic
def go_on(*, project_id: int, by: User, evidence: str, now: datetime) -> Project:
    """The outcomes of the stage are confirmed with this evidence, and the change takes its next step.

    Args:
        evidence: what shows that they are reached; needed while one is not confirmed.

    Raises: NotAllowed, Blocked, NoStandardChange, Refused.
    """
    project, _template, _place = _opened(project_id, by)
    step = lifecycle.next_move(project)
    if step is None:
        raise Refused(_("The change is done: there is no further step."))
    if open_outcomes(project):
        confirm_outcomes(project_id=project_id, by=by, evidence=evidence, now=now)
    return stages.move(project_id=project.pk, by=by, name=step.name, now=now)


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
    if succeeded and (left := steps_left(project, template)):
        text = _("Steps of the template are not done: %(numbers)s. Tick them, or say that the change departs from it.")
        raise Refused(text % {"numbers": ", ".join(map(str, left))})
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
