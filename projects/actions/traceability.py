"""Taking over a table of requirements and features: all of its lines or none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from projects.access import Seat
from projects.actions import features, requirements, rows
from projects.blocker import Refused
from projects.importing.matrix import MatrixLine
from projects.models import Feature, FeatureLink, Project, Requirement, User


class FaultyLines(Refused):
    """Lines of the file are not fit. Args: faults: each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(_("Nothing was taken over: mend these lines and send the file again."))
        self.faults = faults


@dataclass(frozen=True)
class TakenOver:
    """How much was new in the file."""

    requirements: int
    features: int
    links: int


@dataclass
class _Need:
    """A requirement of the file. Args: is_new: not recorded yet."""

    kind: str
    text: str
    is_new: bool


@dataclass
class _Plan:
    """A feature of the file. Args: meets: references of requirements, in their order."""

    name: str
    owner: User
    status: str
    test: str
    result: str
    row: Feature | None
    meets: dict[str, None] = field(default_factory=dict)


class _Book:
    """Reads the lines against what the project has; collects faults."""

    def __init__(self, project: Project) -> None:
        self.faults: list[str] = []
        self.needs = {row.ref: _Need(row.kind, row.text, is_new=False) for row in project.requirements.all()}
        self.rows = {row.ref: row for row in _with_links(project)}
        self.plans: dict[str, _Plan] = {}
        self.people: dict[str, set[User]] = {}
        for held in project.roles.filter(ends_on__isnull=True).select_related("user"):
            for word in (held.user.name, held.user.username, held.user.email):
                self.people.setdefault(word.casefold(), set()).add(held.user)

    def fault(self, line: MatrixLine, text: str) -> None:
        self.faults.append(_("Line %(line)d: %(text)s") % {"line": line.number, "text": text})

    def take(self, line: MatrixLine) -> None:
        if not line.requirement and not line.feature:
            self.fault(line, _("It names neither a requirement nor a feature."))
        if line.requirement:
            self._need(line)
        if line.feature:
            self._feature(line)

    def _need(self, line: MatrixLine) -> None:
        kind = _stored(line.kind, Requirement.Kind.choices)
        known = self.needs.get(line.requirement)
        if known is not None:
            if kind not in ("", known.kind) or line.text not in ("", known.text):
                self.fault(line, _("%(ref)s is another requirement already.") % {"ref": line.requirement})
        elif len(line.requirement) > 20:
            self.fault(line, _("A reference has at most 20 characters."))
        elif kind not in Requirement.Kind.values:
            self.fault(line, _("The kind of a new requirement is business, user, operational or system."))
        elif not line.text:
            self.fault(line, _("A new requirement has a text."))
        else:
            self.needs[line.requirement] = _Need(kind, line.text, is_new=True)

    def _feature(self, line: MatrixLine) -> None:
        plan = self.plans.get(line.feature) or self._planned(line)
        if plan is None:
            return
        self.plans[line.feature] = plan
        if line.requirement:
            plan.meets[line.requirement] = None
        given = {
            "name": (line.name, plan.name),
            "status": (_stored(line.status, Feature.Status.choices), plan.status),
            "test": (line.test, plan.test),
            "result": (_stored(line.result, Feature.Result.choices), plan.result),
        }
        differing = [name for name, (said, known) in given.items() if said not in ("", known)]
        if line.owner and self.people.get(line.owner.casefold(), set()) != {plan.owner}:
            differing += [] if line.owner == str(plan.owner) else ["owner"]
        if differing:
            told = {"ref": line.feature, "columns": ", ".join(differing)}
            self.fault(line, _("%(ref)s is already told otherwise: %(columns)s.") % told)

    def _planned(self, line: MatrixLine) -> _Plan | None:
        row = self.rows.get(line.feature)
        if row is not None:
            return _Plan(row.name, row.owner, row.status, row.test, row.result, row)
        status = _stored(line.status, Feature.Status.choices) or Feature.Status.PLANNED
        result = _stored(line.result, Feature.Result.choices)
        owners = self.people.get(line.owner.casefold(), set())
        wrong = [
            (len(line.feature) > 20, _("A reference has at most 20 characters.")),
            (not line.name, _("A new feature has a name.")),
            (max(len(line.name), len(line.test)) > 200, _("Name and test have at most 200 characters.")),
            (not owners, _("Nobody with a role on the project is called %(owner)s.") % {"owner": line.owner or "…"}),
            (
                len(owners) > 1,
                _("Several people are called %(owner)s: give the username.") % {"owner": line.owner},
            ),
            (status not in NEW_STATES, _("A new feature is planned, in build or complete.")),
            (result not in ("", *Feature.Result.values), _("A result is passed or failed.")),
            (bool(result) and not line.test, _("Name the test that has this result.")),
            (
                status == Feature.Status.COMPLETE and result == Feature.Result.FAILED,
                _("A feature whose test failed is not complete."),
            ),
        ]
        texts = [text for is_so, text in wrong if is_so]
        if texts:
            self.fault(line, " ".join(texts))
            return None
        return _Plan(line.name, next(iter(owners)), status, line.test, result, None)


NEW_STATES = (Feature.Status.PLANNED, Feature.Status.IN_BUILD, Feature.Status.COMPLETE)


def _stored(cell: str, choices: Iterable[tuple[str, object]]) -> str:
    """The stored value of a choice that is given by its value or its words; else what was given."""
    for value, label in choices:
        if cell.casefold() in (value, str(label).casefold()):
            return value
    return cell


def _with_links(project: Project) -> Iterable[Feature]:
    standing = FeatureLink.objects.filter(ended_at__isnull=True).select_related("requirement")
    return project.features.select_related("owner").prefetch_related(Prefetch("links", queryset=standing))


def require_taker(place: Seat) -> None:
    """Raises: NotAllowed when the person may take nothing over; a file of theirs is not even read."""
    place.require(place.contributes, _("Features are recorded by people with a working role on the project."))


@transaction.atomic
def take_over(*, project_id: int, by: User, lines: Iterable[MatrixLine], now: datetime) -> TakenOver:
    """Requirements, features and links of the file that are not recorded yet are added; what is there stays.

    The same file sent twice changes nothing the second time.

    Raises: NotAllowed, Blocked; FaultyLines with every line that is not fit.
    """
    project, place = rows.opened(project_id, by)
    require_taker(place)
    book = _Book(project)
    for line in lines:
        book.take(line)
    if book.faults:
        raise FaultyLines(book.faults)
    new_needs = {ref: need for ref, need in book.needs.items() if need.is_new}
    for ref, need in new_needs.items():
        requirements.add(project_id=project.pk, by=by, kind=need.kind, text=need.text, ref=ref, now=now)
    by_ref = {row.ref: row for row in project.requirements.all()}
    links = 0
    for ref, plan in book.plans.items():
        links += _write(project, ref, plan, by_ref, by=by, now=now)
    return TakenOver(len(new_needs), sum(plan.row is None for plan in book.plans.values()), links)


def _write(project: Project, ref: str, plan: _Plan, by_ref: dict[str, Requirement], *, by: User, now: datetime) -> int:
    """One feature and its links are written as far as they are new. Returns how many links are new."""
    wanted = [by_ref[need] for need in plan.meets]
    if plan.row is None:
        row = features.add(
            project_id=project.pk,
            by=by,
            ref=ref,
            name=plan.name,
            owner=plan.owner,
            requirements=wanted,
            test=plan.test,
            now=now,
        )
        if plan.result:
            features.record_test(row, by=by, test=plan.test, result=plan.result, now=now)
        if plan.status != Feature.Status.PLANNED:
            features.set_status(row, by=by, status=plan.status, now=now)
        return len(wanted)
    standing = [link.requirement for link in plan.row.links.all()]
    fresh = [need for need in wanted if need not in standing]
    if fresh:
        features.change(plan.row, by=by, name=plan.name, owner=plan.owner, requirements=[*standing, *fresh], now=now)
    return len(fresh)
