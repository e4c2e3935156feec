"""The tailoring sheet: what a project's profile asks for, what it leaves out, what is not applicable, and why (EXT-13).

It is worked out from what stands on record already, so that it cannot say anything else.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.catalog.artifacts import GATE_NAMES, GATES, artifact_name
from projects.catalog.categories import PROFILES, required_artifacts
from projects.ledger import digest
from projects.models import Artifact, ArtifactStatus, Category, Project, User

KEPT, LEFT_OUT, NOT_APPLICABLE, ASKED = "kept", "left_out", "not_applicable", "asked"


@dataclass(frozen=True)
class Line:
    """One thing of the method and what becomes of it in this project.

    Args:
        state: kept, left_out, not_applicable, or asked: said not to apply, and nobody has agreed yet.
        where: the gate that asks for it; empty when the profile leaves it out.
        agreed: who agreed besides the person who asked; empty where the profile decides.
    """

    state: str
    code: str
    name: str
    where: str = ""
    reason: str = ""
    agreed: str = ""

    def as_text(self) -> str:
        return " | ".join([self.state, self.code, self.name, self.where, self.reason, self.agreed])


@dataclass(frozen=True)
class Sheet:
    """Args: asked_by: who said of something that it does not apply; none of them approves the sheet."""

    lines: list[Line]
    text: str
    asked_by: set[User]

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hex: the version that an approval is given on."""
        return digest(self.text)


def sheet(project: Project) -> Sheet:
    """The sheet as it is now. One query."""
    said = {
        each.kind: each
        for each in Artifact.objects.filter(project=project, na_requested_by__isnull=False).select_related(
            "na_requested_by", "na_consented_by"
        )
    }
    lines = []
    for gate in GATES:
        for kind in required_artifacts(
            project.category,
            gate,
            conversion_applies=project.conversion_applies,
            role_segregation=project.role_segregation,
        ):
            lines.append(_line(kind, str(GATE_NAMES[gate]), said.get(kind)))
    kept = {line.code for line in lines}
    lines += [_line(kind, "", artifact) for kind, artifact in sorted(said.items()) if kind not in kept]
    lines += [Line(LEFT_OUT, code, _named(code), reason=why) for code, why in PROFILES[project.category].dropped]
    head = [
        f"{project.code} {project.title}",
        _("%(category)s. %(nature)s %(size)s")
        % {
            "category": Category(project.category).label,
            "nature": project.category_nature,
            "size": project.category_size,
        },
    ]
    text = "\n".join([*head, *(line.as_text() for line in lines)])
    return Sheet(lines, text, {each.na_requested_by for each in said.values() if each.na_requested_by})


def _line(kind: str, where: str, said: Artifact | None) -> Line:
    if said is None:
        return Line(KEPT, kind, artifact_name(kind), where)
    agreed = said.status == ArtifactStatus.NOT_APPLICABLE
    return Line(
        NOT_APPLICABLE if agreed else ASKED,
        kind,
        artifact_name(kind),
        where,
        said.na_reason,
        str(said.na_consented_by) if agreed else "",
    )


def _named(code: str) -> str:
    return artifact_name(code) if code.startswith("ART-") else ""
