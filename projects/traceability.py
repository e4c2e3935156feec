"""Requirements against features: what meets what, and what is loose on either side (SEED-25)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from projects.models import Feature, FeatureLink, OperationalCheck, Project, Requirement


def loose_features(project: Project) -> "QuerySet[Feature]":
    """Features that meet no requirement."""
    links = FeatureLink.objects.filter(feature=OuterRef("pk"), ended_at__isnull=True)
    return project.features.filter(~Exists(links))


def loose_requirements(project: Project) -> "QuerySet[Requirement]":
    """Requirements that no feature meets."""
    links = FeatureLink.objects.filter(requirement=OuterRef("pk"), ended_at__isnull=True)
    return project.requirements.filter(~Exists(links))


@dataclass(frozen=True)
class Gaps:
    """Both counts of a project. Args: features: without a requirement. requirements: without a feature."""

    features: int
    requirements: int

    @property
    def all(self) -> int:
        return self.features + self.requirements

    def __str__(self) -> str:
        of_features = ngettext(
            "%(count)d feature without a requirement", "%(count)d features without a requirement", self.features
        ) % {"count": self.features}
        of_requirements = ngettext(
            "%(count)d requirement without a feature", "%(count)d requirements without a feature", self.requirements
        ) % {"count": self.requirements}
        return f"{of_features}, {of_requirements}"


def gaps(project: Project) -> Gaps:
    """How much is loose on either side; two queries."""
    return Gaps(loose_features(project).count(), loose_requirements(project).count())


@dataclass
class Trace:
    """One line of the matrix: a requirement with the features that meet it, or one feature that meets none.

    Args:
        check: the newest evaluation of an operational requirement.
    """

    requirement: Requirement | None
    features: list[Feature] = field(default_factory=list)
    check: OperationalCheck | None = None

    @property
    def is_gap(self) -> bool:
        return self.requirement is None or not self.features


def matrix(project: Project) -> list[Trace]:
    """Every requirement in its order, then the features that meet none; four queries."""
    traces = {requirement.pk: Trace(requirement) for requirement in project.requirements.all()}
    loose = {feature.pk: feature for feature in project.features.select_related("owner")}
    known = dict(loose)
    for link in project.featurelinks.filter(ended_at__isnull=True).order_by("feature"):
        traces[link.requirement_id].features.append(known[link.feature_id])
        loose.pop(link.feature_id, None)
    for check in project.operationalchecks.order_by("id"):
        traces[check.requirement_id].check = check
    return [*traces.values(), *(Trace(None, [feature]) for feature in loose.values())]


COLUMNS = ("requirement", "kind", "text", "feature", "name", "owner", "status", "test", "result")


def lines(traces: Iterable[Trace]) -> Iterator[list[str]]:
    """The matrix as rows of a table under COLUMNS: one for each pair of requirement and feature, one for each gap."""
    for trace in traces:
        need = trace.requirement
        left = [need.ref, need.kind, need.text] if need else ["", "", ""]
        if not trace.features:
            yield [*left, "", "", "", "", "", ""]
        for feature in trace.features:
            right = [feature.ref, feature.name, str(feature.owner), feature.status, feature.test, feature.result]
            yield [*left, *right]


@dataclass(frozen=True)
class OpenNeed:
    """An operational requirement that is still open. Args: evaluated: whether anybody has evaluated it yet."""

    ref: str
    evaluated: bool


def open_operational(project: Project) -> list[OpenNeed]:
    """Operational requirements that are not both included in the design and addressed; one query (SEED-119)."""
    checks = OperationalCheck.objects.filter(requirement=OuterRef("pk"))
    newer = OperationalCheck.objects.filter(requirement=OuterRef("requirement"), pk__gt=OuterRef("pk"))
    settled = checks.filter(in_design=True, addressed=True).filter(~Exists(newer))
    rows = (
        project.requirements.filter(kind=Requirement.Kind.OPERATIONAL)
        .filter(~Exists(settled))
        .annotate(evaluated=Exists(checks))
    )
    return [OpenNeed(row.ref, row.evaluated) for row in rows]
