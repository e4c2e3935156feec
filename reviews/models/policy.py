"""What an organisation adds to the reviews of the catalogue: questions and signers, approved by a second person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Category, User
from reviews.models.item import Section
from reviews.models.review import Review, ReviewKind

ADDED_SECTIONS = [Section.ANALYSIS, Section.DECISION, Section.GO, Section.NO_GO]


class Addition(models.Model):
    """Proposed by one, in force for new rounds once another has approved it, until it is retired (SEED-42)."""

    kind = models.CharField(_("review"), max_length=4, choices=ReviewKind)
    categories = models.JSONField(_("change categories"), default=list)
    origin = models.CharField(_("where it comes from"), max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="%(class)s_kind_known", condition=Q(kind__in=ReviewKind.values)),
            models.CheckConstraint(
                name="%(class)s_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="%(class)s_retired_paired",
                condition=Q(retired_by__isnull=True, retired_at__isnull=True)
                | Q(retired_by__isnull=False, retired_at__isnull=False),
            ),
        ]

    @property
    def state(self) -> str:
        if self.retired_at is not None:
            return "retired"
        return "in_force" if self.approved_at is not None else "proposed"

    @property
    def state_label(self) -> str:
        return str({"retired": _("Retired"), "in_force": _("In force"), "proposed": _("Proposed")}[self.state])

    @property
    def category_names(self) -> str:
        return ", ".join(str(Category(category).label) for category in self.categories)


class ChecklistAddition(Addition):
    """A question of the organisation's own, e.g. a lesson of an incident or of a no-go (EXT-23)."""

    section = models.CharField(_("section"), max_length=10, choices=[(one.value, one.label) for one in ADDED_SECTIONS])
    element = models.CharField(_("element of readiness"), max_length=60, blank=True)
    text = models.TextField(_("question"))
    must = models.BooleanField(_("must be fine for a go"), default=True)
    origin_review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Addition.Meta):
        verbose_name = _("question of our own")

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """X-4: how it is called in every round."""
        return f"X-{self.pk}"


class SignerAddition(Addition):
    """A role of which somebody must sign, beside those of the change category's profile (SEED-43)."""

    role = models.CharField(_("role"), max_length=20)

    class Meta(Addition.Meta):
        verbose_name = _("signer of our own")

    def __str__(self) -> str:
        return self.role
