"""What a review found wanting: classed by when it must be settled, owned, and settled by another person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import ArtifactVersion, User
from reviews.models.item import ReviewItem
from reviews.models.review import Review


class FindingClass(models.TextChoices):
    """When a finding must be settled. A go is refused while one that must be settled before it is open (EXT-05)."""

    BEFORE_GO = "before_go", _("Before the go")
    AFTER_GO = "after_go", _("After the go")
    EDITORIAL = "editorial", _("Editorial")


class Disposition(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Accepted and done")
    REJECTED = "rejected", _("Rejected")


class Finding(models.Model):
    """One finding of a round, against a question, a document's version and a place in it (EXT-04).

    Merged into a systemic finding it stays linked and counts as closed: the systemic one is what is open (EXT-21).
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        ReviewItem, on_delete=models.PROTECT, related_name="findings", verbose_name=_("question of the review")
    )
    version = models.ForeignKey(
        ArtifactVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("document")
    )
    location = models.CharField(_("place in it"), max_length=200, blank=True)
    category = models.CharField(_("class"), max_length=10, choices=FindingClass)
    text = models.TextField(_("finding"))
    requested_change = models.TextField(_("requested change"), blank=True)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="findings", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"), null=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    disposition = models.CharField(max_length=8, choices=Disposition, default=Disposition.OPEN)
    disposition_text = models.TextField(_("what was done, or why it is rejected"), blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    merged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="finding_number_once"),
            models.CheckConstraint(name="finding_class_known", condition=Q(category__in=FindingClass.values)),
            models.CheckConstraint(
                name="finding_is_owned",
                condition=Q(category="editorial")
                | Q(category="before_go", owner__isnull=False)
                | Q(category="after_go", owner__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_closing_paired",
                condition=Q(disposition="open", closed_by__isnull=True, closed_at__isnull=True, disposition_text="")
                | (
                    Q(disposition__in=["done", "rejected"], closed_by__isnull=False, closed_at__isnull=False)
                    & (Q(disposition="done", category="editorial") | ~Q(disposition_text=""))
                ),
            ),
            models.CheckConstraint(
                name="finding_closed_by_another",
                condition=Q(owner__isnull=True) | Q(closed_by__isnull=True) | ~Q(closed_by=F("owner")),
            ),
            models.CheckConstraint(
                name="finding_merging_paired",
                condition=Q(merged_into__isnull=True, merged_by__isnull=True, merged_at__isnull=True)
                | (
                    Q(merged_into__isnull=False, merged_by__isnull=False, merged_at__isnull=False, disposition="open")
                    & ~Q(merged_into=F("id"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"F-{self.number:02}"

    @property
    def is_open(self) -> bool:
        """Whether this very row waits for somebody; a merged one waits in its systemic finding."""
        return self.disposition == Disposition.OPEN and self.merged_into_id is None

    @property
    def state(self) -> str:
        """open, done, rejected or merged: how it is marked."""
        return "merged" if self.merged_into_id is not None else self.disposition

    @property
    def state_label(self) -> str:
        if self.merged_into_id is not None:
            return str(_("Merged"))
        return str(Disposition(self.disposition).label)
