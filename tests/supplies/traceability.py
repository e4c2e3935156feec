"""Features for every requirement, finished by the end of Build; operational requirements in the design."""

from projects.actions import features, operational
from projects.checks.wanted import wants
from projects.models import Feature
from projects.traceability import loose_requirements, open_operational


def plan(project, people, now):
    loose = list(loose_requirements(project))
    if loose and wants(project, "plan", "ART-27"):
        features.add(
            project_id=project.pk,
            by=people.product,
            name="Sign-in",
            owner=people.developer,
            requirements=loose,
            now=now,
        )


def scope(project, people, now):
    for feature in project.features.exclude(status=Feature.Status.COMPLETE):
        features.set_status(feature, by=people.developer, status="complete", now=now)


def release(project, people, now):
    refs = [need.ref for need in open_operational(project)]
    for requirement in project.requirements.filter(ref__in=refs):
        operational.evaluate(
            project_id=project.pk, by=people.program, requirement=requirement, in_design=True, addressed=True, now=now
        )


SUPPLIES = {"plan": plan, "scope": scope, "release": release}
