"""Rows that can turn out not to be needed: they stay in the register with the reason and stand in nobody's way."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.rows import RegisterRow


class DroppableRow(RegisterRow):
    """A row of a register that somebody can drop with a reason; dropped rows do not count any more."""

    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)
    drop_reason = models.TextField(_("why it is not needed"), blank=True)

    class Meta(RegisterRow.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, drop_reason="")
                | (Q(dropped_at__isnull=False) & ~Q(drop_reason="")),
                name="%(class)s_drop_pair",
            )
        ]

    @property
    def is_over(self) -> bool:
        """What has happened: it is not dropped any more."""
        return False

    @property
    def is_dropped(self) -> bool:
        return self.dropped_at is not None


def together(name: str, *fields: str) -> models.CheckConstraint:
    """Either all of these columns have a value or none has."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True for field in fields})
        | Q(**{f"{field}__isnull": False for field in fields}),
        name=name,
    )
