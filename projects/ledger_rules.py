"""Which rows of this app the ledger must answer for, and what is checked besides."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from projects.ledger import digest
from projects.ledger_replay import Finding, Witness
from projects.models import ArtifactVersion, StageExit, Statement

WITNESSED = {
    "projects.project": Witness("pk", untold=("version",)),  # counts edits; each has its own line
    "projects.gatepass": Witness("project"),
    "projects.roleassignment": Witness("project"),
    "projects.stagerun": Witness("project"),
    "projects.projectconflict": Witness("project"),
    "projects.stageexit": Witness("run__project", untold=("body",)),  # its digest is told
    "projects.stageoutside": Witness("project"),
    "projects.outcomeconfirmation": Witness("run__project"),
    "projects.requirement": Witness("project"),
    "projects.feature": Witness("project"),
    "projects.featurelink": Witness("project"),
    "projects.operationalcheck": Witness("project"),
    "projects.releasecandidate": Witness("project"),
    "projects.statement": Witness("project"),
    "projects.partscheck": Witness("project"),
    "projects.issue": Witness("project"),
    "projects.pilot": Witness("project"),
    "projects.testrun": Witness("project"),
    "projects.risk": Witness("project"),
    "projects.training": Witness("project"),
    "projects.agreement": Witness("project"),
    "projects.procedure": Witness("project"),
    "projects.escalationcontact": Witness("project"),
    "projects.communication": Witness("project"),
    "projects.prerequisite": Witness("project"),
    "projects.changerecord": Witness("project"),
    "projects.changerisk": Witness("project"),
    "projects.fundingapproval": Witness("project"),
    "projects.workpackage": Witness("project"),
    "projects.milestone": Witness("project"),
    "projects.projectmetric": Witness("project"),
    "projects.measurement": Witness("project"),
    "projects.internalcontrol": Witness("project"),
    "projects.capabilitygap": Witness("project"),
    "projects.opportunity": Witness("project"),
    "projects.environment": Witness("project"),
    "projects.supportedlevel": Witness("project"),
    "projects.compliancereview": Witness("project"),
    "projects.deployment": Witness("project"),
    "projects.quietperiod": Witness("project"),
    "projects.incident": Witness("project"),
    "projects.rollouttask": Witness("project"),
    "projects.rollbackrehearsal": Witness("project"),
    "projects.intentresult": Witness("project"),
    "projects.disengagement": Witness("project"),
    "projects.changetemplate": Witness(""),
    "projects.tailoringapproval": Witness("project"),
    "projects.templaterun": Witness("project"),
    "projects.standardstep": Witness("project"),
    "projects.focusanswer": Witness("project"),
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


def statements_say_what_was_signed(project_id: int | None) -> Iterator[Finding]:
    """The body of each signed statement is what its digest says."""
    signed = Statement.objects.order_by("pk")
    if project_id is not None:
        signed = signed.filter(project=project_id)
    for statement in signed.only("digest", "body").iterator(chunk_size=200):
        if digest(statement.body) != statement.digest:
            name = f"projects.statement/{statement.pk}"
            yield Finding(
                "digest",
                _("What was signed with %(object)s was changed.") % {"object": name},
                object=name,
                field="body",
            )


def exits_say_what_was_decided_on(project_id: int | None) -> Iterator[Finding]:
    """The body of each kept stage exit is what its digest says."""
    kept = StageExit.objects.order_by("pk")
    if project_id is not None:
        kept = kept.filter(run__project=project_id)
    for exit_ in kept.only("digest", "body").iterator(chunk_size=200):
        if digest(exit_.body) != exit_.digest:
            name = f"projects.stageexit/{exit_.pk}"
            yield Finding(
                "digest", _("The record %(object)s was changed.") % {"object": name}, object=name, field="body"
            )


CHECKS = [texts_have_their_digest, statements_say_what_was_signed, exits_say_what_was_decided_on]
