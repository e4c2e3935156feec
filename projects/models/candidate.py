"""Release candidates: what is tested, piloted, approved and deployed is one of these (SEED-31)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.rows import RegisterRow


class ReleaseCandidate(RegisterRow):
    """A build that could be released, under the name by which everybody calls it."""

    ref = models.CharField(_("candidate"), max_length=60)
    built_on = models.DateField(_("built on"))
    contents = models.TextField(_("what it contains"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("release candidate")
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="candidate_ref_once")]

    def __str__(self) -> str:
        return self.ref
