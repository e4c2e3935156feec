"""What a project says about the points that the manage layer attends to (SEED-125)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.catalog.controls import POINTS
from projects.models.rows import RegisterRow


class FocusAnswer(RegisterRow):
    """Whether one point of Table 5 is addressed, and where that can be seen. Rows are only added; the newest counts."""

    point = models.CharField(_("point"), max_length=12)
    addressed = models.BooleanField(_("addressed"))
    pointer = models.TextField(_("where to look"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("answer about a point of governance")
        indexes = [models.Index(fields=["project", "point", "id"], name="focus_answer_newest")]
        constraints = [
            models.CheckConstraint(
                name="focus_answer_addressed_with_pointer", condition=Q(addressed=False) | ~Q(pointer="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.point} {POINTS.get(self.point, '')}".strip()
