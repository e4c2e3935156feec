"""What going back costs: rehearsals of the way back from a release (SEED-96)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.candidate import ReleaseCandidate
from projects.models.people import User
from projects.models.rows import RegisterRow


class RollbackRehearsal(RegisterRow):
    """The way back was tried on a day: whether it worked, how long it took, from when on there is none."""

    class Result(models.TextChoices):
        WORKED = "worked", _("It worked")
        FAILED = "failed", _("It failed")

    rehearsed_on = models.DateField(_("rehearsed on"))
    rehearsed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("rehearsed by"))
    candidate = models.ForeignKey(
        ReleaseCandidate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("release candidate")
    )
    result = models.CharField(_("result"), max_length=6, choices=Result)
    minutes = models.PositiveIntegerField(_("minutes to go back"))
    window_minutes = models.PositiveIntegerField(_("minutes that the window leaves"), null=True)
    point_of_no_return = models.TextField(_("point of no return"))
    seen = models.TextField(_("what was seen"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("rehearsal of the way back")
        constraints = [
            models.CheckConstraint(name="rollback_result_known", condition=Q(result__in=["worked", "failed"])),
            models.CheckConstraint(name="rollback_takes_time", condition=Q(minutes__gte=1)),
            models.CheckConstraint(
                name="rollback_window_is_one", condition=Q(window_minutes__isnull=True) | Q(window_minutes__gte=1)
            ),
            models.CheckConstraint(
                name="rollback_says_what_was_seen", condition=~Q(point_of_no_return="") & ~Q(seen="")
            ),
        ]

    def __str__(self) -> str:
        return _("Rehearsal of %(day)s") % {"day": self.rehearsed_on.isoformat()}

    @property
    def is_too_slow(self) -> bool:
        return self.window_minutes is not None and self.minutes > self.window_minutes

    @property
    def is_adequate(self) -> bool:
        """It worked, within the window where that is known."""
        return self.result == self.Result.WORKED and not self.is_too_slow
