"""What every row of a project's register has: its project, who recorded it and when."""

from django.db import models

from projects.models.people import User
from projects.models.project import Project


class RegisterRow(models.Model):
    """A row of one register. Rows are never deleted; `projects.guard_rules` says which are never changed either."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="%(class)ss")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["id"]
