"""Release candidates: what is tested, piloted, approved and deployed is one of these (SEED-31)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import Project


class ReleaseCandidate(models.Model):
    """A build that could be released, under the name by which everybody calls it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="candidates")
    ref = models.CharField(_("candidate"), max_length=60)
    built_on = models.DateField(_("built on"))
    contents = models.TextField(_("what it contains"), blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("release candidate")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="candidate_ref_once")]

    def __str__(self) -> str:
        return self.ref
