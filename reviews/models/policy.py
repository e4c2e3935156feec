"""What an organisation adds to the reviews of the catalogue, each approved by a second person."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
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


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def in_force(self) -> "PolicyVersionQuerySet":
        """Of each kind and category the newest that is approved."""
        newer = PolicyVersion.objects.filter(
            kind=OuterRef("kind"), category=OuterRef("category"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(newer.filter(approved_at__isnull=False)), approved_at__isnull=False)

    def waiting(self) -> "PolicyVersionQuerySet":
        """Proposed, and neither approved nor refused."""
        return self.filter(approved_at__isnull=True, refused_at__isnull=True)


class PolicyVersion(models.Model):
    """Groups, quorum and validity of the rounds of one kind and change category, opened from its approval on (SEED-43).

    Read through `reviews.terms`, which holds the catalogue's own beneath it: that is version 1 and has no row.
    """

    kind = models.CharField(_("review"), max_length=4, choices=ReviewKind)
    category = models.CharField(_("change category"), max_length=20, choices=Category)
    number = models.PositiveSmallIntegerField(_("version"))
    signer_groups = models.JSONField(default=list)
    observer_groups = models.JSONField(default=list)
    quorum = models.JSONField(default=dict, help_text="how many of each group must have taken part")
    validity_days = models.PositiveSmallIntegerField(default=0, help_text="0: until something it stands on changes")
    reason = models.TextField(_("reason"))
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    refusal = models.TextField(_("why it was refused"), blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "category", "number"]
        verbose_name = _("version of the rules of a review")
        constraints = [
            models.UniqueConstraint(fields=["kind", "category", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["kind", "category"],
                condition=Q(approved_at__isnull=True, refused_at__isnull=True),
                name="policy_one_proposal",
            ),
            models.CheckConstraint(name="policy_kind_known", condition=Q(kind__in=ReviewKind.values)),
            models.CheckConstraint(name="policy_category_known", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="policy_after_the_catalogue", condition=Q(number__gte=2)),
            models.CheckConstraint(name="policy_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="policy_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="policy_refused_with_reason",
                condition=Q(refused_by__isnull=True, refused_at__isnull=True, refusal="")
                | (Q(refused_by__isnull=False, refused_at__isnull=False, approved_at__isnull=True) & ~Q(refusal="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_category_display()}, {self.number}"
