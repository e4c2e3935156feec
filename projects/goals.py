"""The seven goals of the phase on one project: the evidence that meets each, and what is still open (SEED-15).

Nothing is entered here: the evidence is what the registers, documents, outcomes and gates already say.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.catalog.artifacts import ARTIFACT_KINDS, GATES
from projects.catalog.categories import required_artifacts
from projects.catalog.stages import GOALS, STAGES, Goal
from projects.models import (
    ArtifactStatus,
    Deployment,
    Feature,
    Gate,
    Issue,
    OutcomeConfirmation,
    Pilot,
    Project,
    Requirement,
    StageRun,
)
from projects.preparation import STATE_WORDS, Line, checklist, has_begun
from projects.traceability import gaps

OUTCOMES = {outcome.code: (stage, outcome) for stage in STAGES.values() for outcome in stage.outcomes}


@dataclass(frozen=True)
class GoalProgress:
    """One goal with its evidence."""

    goal: Goal
    lines: tuple[Line, ...]

    @property
    def state(self) -> str:
        """Met once something shows it and nothing that is asked for is open."""
        states = {line.state for line in self.lines}
        return "done" if "done" in states and "open" not in states else "open"

    @property
    def state_words(self) -> str:
        return _("Met") if self.state == "done" else str(STATE_WORDS["open"])


def goals(project: Project) -> list[GoalProgress]:
    """Every goal of the phase with what meets it; a fixed number of queries."""
    known = _Known(project)
    return [GoalProgress(goal, tuple(EVIDENCE[goal.code](known))) for goal in GOALS]


class _Known:
    """What more than one goal looks at, each part read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.asked = {
            kind
            for gate in GATES
            for kind in required_artifacts(
                project.category,
                gate,
                conversion_applies=project.conversion_applies,
                role_segregation=project.role_segregation,
            )
        }

    @cached_property
    def documents(self) -> dict[str, str]:
        return dict(self.project.artifacts.values_list("kind", "status"))

    @cached_property
    def runs(self) -> dict[str, StageRun]:
        """The newest passage through each stage."""
        return {run.stage: run for run in self.project.stage_runs.order_by("iteration")}

    @cached_property
    def confirmed(self) -> dict[str, bool]:
        """The newest answer about each outcome in the newest passage of its stage."""
        current = [run.pk for run in self.runs.values()]
        given = OutcomeConfirmation.objects.filter(run__in=current).order_by("id")
        return dict(given.values_list("outcome", "confirmed"))

    @cached_property
    def features(self) -> list[Feature]:
        return list(self.project.features.all())

    def asks(self, kind: str) -> bool:
        """The profile asks for the document and nobody agreed that it does not apply."""
        return kind in self.asked and self.documents.get(kind) != ArtifactStatus.NOT_APPLICABLE

    def register(self, name: str) -> str:
        return reverse("register", args=[self.project.code, name])

    def document(self, kind: str) -> Line:
        status = ArtifactStatus(self.documents.get(kind, ArtifactStatus.NOT_STARTED))
        begun = status in (ArtifactStatus.DRAFT, ArtifactStatus.IN_REVIEW)
        state = "open" if begun or self.asks(kind) else "not_asked"
        if status == ArtifactStatus.APPROVED:
            state = "done"
        url = reverse("artifact", args=[self.project.code, kind])
        return Line(ARTIFACT_KINDS[kind].name, state, str(status.label), url)

    def outcome(self, code: str) -> Line:
        """Whether an outcome of a stage is confirmed in its present passage."""
        stage, outcome = OUTCOMES[code]
        answer = self.confirmed.get(code)
        words = {None: _("not answered yet"), True: _("confirmed"), False: _("not confirmed")}[answer]
        url = reverse("stage", args=[self.project.code, stage.key]) + f"#{code}"
        return Line(outcome.text, "done" if answer else "open", f"{stage.name}: {words}", url)

    def none(self, title: str, register: str, kind: str) -> Line:
        """Nothing is recorded: open only where the document that the register fills is asked for."""
        state = "open" if self.asks(kind) else "not_asked"
        return Line(title, state, _("Nothing is recorded."), self.register(register))

    def counted(self, title: str, register: str, good: int, total: int, words: str) -> Line:
        """How many rows are in order. Args: words: with ``%(good)d`` and ``%(all)d``."""
        told = words % {"good": good, "all": total}
        return Line(title, "done" if good == total else "open", told, self.register(register))


def _needs(known: _Known) -> Iterator[Line]:
    found = list(known.project.requirements.values_list("kind", "created_at").order_by("created_at"))
    business = sum(kind == Requirement.Kind.BUSINESS for kind, _at in found)
    words = _("Nothing is recorded.")
    if found:
        words = ngettext(
            "%(count)d requirement, %(business)d of it from the business; the first on %(day)s",
            "%(count)d requirements, %(business)d of them from the business; the first on %(day)s",
            len(found),
        ) % {"count": len(found), "business": business, "day": date_format(localtime(found[0][1]), "j M Y")}
    url = reverse("requirements", args=[known.project.code])
    yield Line(_("Requirements captured"), "done" if found else "open", words, url)
    yield known.document("ART-01")
    yield known.outcome("ENV-O1")


def _specification(known: _Known) -> Iterator[Line]:
    yield known.document("ART-05")
    yield known.document("ART-06")
    title, url = _("Requirements and features traced"), reverse("traceability", args=[known.project.code])
    if known.features:
        loose = gaps(known.project)
        yield Line(title, "open" if loose.all else "done", str(loose), url)
    else:
        state = "open" if known.asks("ART-27") else "not_asked"
        yield Line(title, state, _("No feature is recorded."), url)
    yield known.outcome("PLN-O1")
    yield known.outcome("PLN-O2")


def _plans(known: _Known) -> Iterator[Line]:
    title, packages = _("Deliverables with work plan, cost and schedule"), list(known.project.workpackages.all())
    if packages:
        good = sum(package.is_complete for package in packages)
        yield known.counted(title, "deliverables", good, len(packages), _("%(good)d of %(all)d have all three"))
    else:
        yield known.none(title, "deliverables", "ART-12")
    for kind in ("ART-11", "ART-12", "ART-09"):
        yield known.document(kind)
    passed = known.project.gate_passes.filter(gate=Gate.PLAN, revoked_at__isnull=True).first()
    url = (
        reverse("review", args=[known.project.code, passed.review_ref]) if passed else known.project.get_absolute_url()
    )
    words = passed.review_ref if passed else _("The gate is closed.")
    yield Line(_("Project Plan Approved"), "done" if passed else "open", words, url)


def _build(known: _Known) -> Iterator[Line]:
    title = _("Features finished")
    if known.features:
        good = sum(feature.is_settled for feature in known.features)
        words = _("%(good)d of %(all)d complete or deferred with approval")
        yield known.counted(title, "features", good, len(known.features), words)
    else:
        yield known.none(title, "features", "ART-27")
    yield known.document("ART-28")
    yield known.outcome("BLD-O1")
    yield known.outcome("BLD-O2")


def _quality(known: _Known) -> Iterator[Line]:
    project = known.project
    last = {run.name.casefold(): run for run in project.testruns.order_by("id")}.values()
    if last:
        good = sum(run.passed == run.run for run in last)
        words = _("%(good)d of %(all)d passed when they last ran")
        yield known.counted(_("Tests"), "tests", good, len(last), words)
    yield known.document("ART-32")
    results = list(project.pilots.values_list("result", flat=True))
    if results:
        met = results.count(Pilot.Result.MET)
        words = _("%(good)d of %(all)d met their criteria") % {"good": met, "all": len(results)}
        yield Line(_("Pilots"), "done" if met else "open", words, known.register("pilots"))
    else:
        yield known.none(_("Pilots"), "pilots", "ART-33")
    states = list(project.issues.values_list("state", flat=True))
    if states:
        settled = len(states) - states.count(Issue.State.OPEN)
        yield known.counted(_("Issues"), "issues", settled, len(states), _("%(good)d of %(all)d settled"))
    yield known.outcome("STB-O1")
    yield known.outcome("STB-O2")


def _production(known: _Known) -> Iterator[Line]:
    project = known.project
    kept = project.deployments.filter(dropped_reason="").order_by("id")
    last = {row.site.casefold(): row for row in kept}.values()
    if last:
        good = sum(row.state == Deployment.State.STABLE for row in last)
        words = _("%(good)d of %(all)d sites are stable in production")
        yield known.counted(_("Deployments"), "deployments", good, len(last), words)
    else:
        yield known.none(_("Deployments"), "deployments", "ART-49")
    periods = list(project.quietperiods.values_list("ended_at", flat=True))
    title = _("Quiet period")
    if periods:
        ended = len(periods) - periods.count(None)
        yield known.counted(title, "quiet_periods", ended, len(periods), _("%(good)d of %(all)d ended"))
    else:
        yield known.none(title, "quiet_periods", "ART-52")
    incidents = list(project.incidents.values_list("resolved_at", flat=True))
    if incidents:
        resolved = len(incidents) - incidents.count(None)
        words = _("%(good)d of %(all)d resolved")
        yield known.counted(_("Incidents after deployment"), "incidents", resolved, len(incidents), words)
    yield known.outcome("DEP-O1")


def _operation(known: _Known) -> Iterator[Line]:
    """One line for each part of the checklist, which names every single thing."""
    url = reverse("operations", args=[known.project.code])
    if has_begun(known.project):
        for part in checklist(known.project):
            asked = [line.state for line in part.lines if line.state != "not_asked"]
            done = asked.count("done")
            if not asked:
                yield Line(part.title, "not_asked", _("Nothing is asked for."), url)
                continue
            words = _("%(good)d of %(all)d prepared") % {"good": done, "all": len(asked)}
            yield Line(part.title, "done" if done == len(asked) else "open", words, url)
    yield known.outcome("DEP-O3")


EVIDENCE: Mapping[str, Callable[[_Known], Iterator[Line]]] = {
    "GOAL-1": _needs,
    "GOAL-2": _specification,
    "GOAL-3": _plans,
    "GOAL-4": _build,
    "GOAL-5": _quality,
    "GOAL-6": _production,
    "GOAL-7": _operation,
}
