"""What is to be done before a release goes out (SEED-107)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.rows import RegisterRow


class RolloutTask(RegisterRow):
    """A task of planning or preparing the rollout, with who does it and by when."""

    text = models.TextField(_("task"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due"))
    set_by_review = models.CharField(_("set by the go of"), max_length=20, blank=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("done by"))
    done_note = models.TextField(_("what was done"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("rollout task")
        constraints = [
            models.CheckConstraint(
                name="rollout_task_done_paired",
                condition=Q(done_at__isnull=True, done_by__isnull=True, done_note="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(done_note="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else self.text[:79].rstrip() + "…"
