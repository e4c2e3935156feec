"""What people attest about documents: signed statements, and which parts of a version somebody found in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.artifact import ArtifactVersion
from projects.models.rows import RegisterRow


class Statement(RegisterRow):
    """One person's signature for one side of one statement. Rows are only added; the content decides which counts."""

    topic = models.CharField(_("statement"), max_length=40)
    side = models.CharField(_("for"), max_length=40)
    body = models.TextField(_("what was signed"))
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    comment = models.TextField(_("comment"), blank=True)
    printed_name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=20)
    method = models.CharField(_("proved by"), max_length=60)

    class Meta(RegisterRow.Meta):
        verbose_name = _("signed statement")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "topic", "side", "digest", "created_by"], name="statement_signed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.side}"


class PartsCheck(RegisterRow):
    """Somebody looked which parts a version has. Rows are only added; the newest counts (SEED-20)."""

    version = models.ForeignKey(ArtifactVersion, on_delete=models.PROTECT, related_name="parts_checks")
    parts = models.CharField(_("parts found"), max_length=200, blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("check of a document's parts")

    def __str__(self) -> str:
        return f"{self.version}"

    @property
    def found(self) -> set[str]:
        return set(self.parts.split())
