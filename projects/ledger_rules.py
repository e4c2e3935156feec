"""Which rows of this app the ledger must answer for, and what is checked besides."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from projects.ledger import digest
from projects.ledger_replay import Finding, Witness
from projects.models import ArtifactVersion

WITNESSED = {
    "projects.project": Witness("pk", untold=("version",)),  # counts edits; each has its own line
    "projects.gatepass": Witness("project"),
    "projects.roleassignment": Witness("project"),
    "projects.stagerun": Witness("project"),
    "projects.outcomeconfirmation": Witness("run__project"),
    "projects.requirement": Witness("project"),
    "projects.releasecandidate": Witness("project"),
    "projects.changetemplate": Witness(""),
    "projects.tailoringapproval": Witness("project"),
    "projects.templaterun": Witness("project"),
    "projects.artifact": Witness("project"),
    "projects.artifactversion": Witness("artifact__project", untold=("text",)),  # its digest is told
}


def texts_have_their_digest(project_id: int | None) -> Iterator[Finding]:
    """A version's text or link is what its digest says. Files are hashed when an evidence pack is made."""
    written = ArtifactVersion.objects.exclude(medium=ArtifactVersion.Medium.FILE).order_by("pk")
    if project_id is not None:
        written = written.filter(artifact__project=project_id)
    for version in written.only("digest", "text", "url", "medium").iterator(chunk_size=200):
        body = version.url if version.medium == ArtifactVersion.Medium.LINK else version.text
        if digest(body) != version.digest:
            name = f"projects.artifactversion/{version.pk}"
            yield Finding(
                "digest",
                _("The content of %(object)s was changed.") % {"object": name},
                object=name,
                field=version.medium,
            )


CHECKS = [texts_have_their_digest]
