"""Requirements against features: what meets what, and what is loose on either side (SEED-25)."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet, Subquery

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


def evaluated(project: Project) -> "QuerySet[Requirement]":
    """Operational requirements, each with its newest evaluation: `in_design` and `addressed`, None before there is one."""
    newest = OperationalCheck.objects.filter(requirement=OuterRef("pk")).order_by("-id")
    return project.requirements.filter(kind=Requirement.Kind.OPERATIONAL).annotate(
        in_design=Subquery(newest.values("in_design")[:1]), addressed=Subquery(newest.values("addressed")[:1])
    )


def open_operational(project: Project) -> list[Requirement]:
    """Operational requirements that are not both included in the design and addressed; one query (SEED-119)."""
    return list(evaluated(project).exclude(in_design=True, addressed=True))
