"""Approvals of a project's tailoring sheet (EXT-13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.rows import RegisterRow


class TailoringApproval(RegisterRow):
    """What the sheet said when a solution manager approved it. It counts while the sheet still says that."""

    number = models.PositiveIntegerField(_("version"))
    digest = models.CharField(_("digest"), max_length=64)
    text = models.TextField(_("sheet"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("approval of the tailoring sheet")
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="tailoringapproval_number_once")]

    def __str__(self) -> str:
        return _("tailoring sheet version %(number)d") % {"number": self.number}
