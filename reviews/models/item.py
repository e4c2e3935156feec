"""What a round asks: items frozen from the catalog, their answers, the artifact versions they stand on."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import ArtifactVersion, User
from reviews.catalog.own import called
from reviews.models.review import Review


class Section(models.TextChoices):
    INPUT = "input", _("Inputs")
    ANALYSIS = "analysis", _("Analyses")
    DECISION = "decision", _("Decisions")
    OUTPUT = "output", _("Outputs")
    ASPECT = "aspect", _("Aspects of readiness")
    GO = "go", _("Go indicators")
    NO_GO = "no_go", _("No-go indicators")


class Answer(models.TextChoices):
    """Two polarities, so that no answer can be read as its opposite (SEED-93)."""

    CONFIRMED = "confirmed", _("Confirmed")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")
    CLEAR = "clear", _("Clear")
    PRESENT = "present", _("Present")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    ASKED_AGAIN = "asked_again", _("Asked again")  # no answer: what was carried over counts no more (EXT-16)


GOOD_ANSWERS = [Answer.CONFIRMED, Answer.CLEAR, Answer.NOT_APPLICABLE]


class ReviewItem(models.Model):
    """One question of one round, worded as the catalog had it when the round began."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=12)
    section = models.CharField(max_length=10, choices=Section)
    element = models.CharField(max_length=60, blank=True, help_text="Table 4 element, for indicators")
    text = models.TextField()
    must = models.BooleanField(default=True)
    protected = models.BooleanField(default=False, help_text="cannot be waived")
    may_be_na = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=250)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="item_code_once")]

    def __str__(self) -> str:
        return self.code

    @property
    def own(self) -> tuple[int, int] | None:
        """Of a question of the organisation's own: its number and that of the version asked."""
        return called(self.code)

    @property
    def choices(self) -> list[Answer]:
        """The answers this item takes."""
        pair = (
            [Answer.CLEAR, Answer.PRESENT]
            if self.section == Section.NO_GO
            else [Answer.CONFIRMED, Answer.NOT_CONFIRMED]
        )
        return [*pair, Answer.NOT_APPLICABLE] if self.may_be_na else pair


class ItemAnswer(models.Model):
    """An answer with its assessor, evidence and reason. Never edited: the newest one counts (AUD-08)."""

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=16, choices=Answer)
    reason = models.TextField(_("reason"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    evidence_versions = models.ManyToManyField(ArtifactVersion, blank=True, related_name="+")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    carried_from = models.CharField(max_length=12, blank=True, help_text="the round that first gave this answer")
    proposed_from = models.TextField(
        blank=True, help_text="the fact on record that it was proposed from, and confirmed"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="answer_number_once"),
            models.CheckConstraint(name="answer_value_known", condition=Q(value__in=Answer.values)),
            models.CheckConstraint(
                name="answer_says_why_not",
                condition=Q(value__in=["confirmed", "clear"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value}"


class PinnedInput(models.Model):
    """The artifact version that an item stands on, pinned when the round was convened (SEED-40)."""

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="pins")
    version = models.ForeignKey(ArtifactVersion, on_delete=models.PROTECT, related_name="pins")
    pinned_at = models.DateTimeField()
    pinned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "version"], condition=Q(replaced_at__isnull=True), name="pin_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.version_id}"


class Waiver(models.Model):
    """An item that is not fine and yet need not stop a go: asked by one, approved by another, until a date (EXT-07)."""

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="waivers")
    reason = models.TextField(_("reason"))
    risk = models.TextField(_("risk"))
    compensation = models.TextField(_("compensating measure"))
    expires_on = models.DateField(_("expires"))
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(refused_at__isnull=True, approved_at__isnull=True),
                name="waiver_one_waiting_per_item",
            ),
            models.CheckConstraint(
                name="waiver_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("requested_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"waiver of {self.item_id}"


class StandingConditions(models.Manager["Condition"]):
    """Conditions that were not taken back: of the others only the record tells."""

    def get_queryset(self) -> "models.QuerySet[Condition]":
        return super().get_queryset().filter(taken_back_at__isnull=True)


class Condition(models.Model):
    """A dated debt of a go: who does what until when, and what follows if not (EXT-06).

    `objects`, and with it `review.conditions`, are those that stand; `ever` are all, with those that were taken back
    while their round was open.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("condition"))
    consequence = models.TextField(_("if it is missed"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due"), help_text="the day that was signed; it stays")
    moved_to = models.DateField(_("moved to"), null=True, help_text="the day that binds once it was moved")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closing_evidence = models.TextField(_("evidence"), blank=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_why = models.TextField(_("why it was taken back"), blank=True)

    objects = StandingConditions()
    ever: ClassVar[models.Manager["Condition"]] = models.Manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="condition_number_once"),
            models.CheckConstraint(
                name="condition_taken_back_paired",
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_why="")
                | (
                    Q(taken_back_at__isnull=False, taken_back_by__isnull=False, closed_at__isnull=True)
                    & ~Q(taken_back_why="")
                ),
            ),
            models.CheckConstraint(
                name="condition_closing_paired",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closing_evidence="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closing_evidence="")),
            ),
        ]

    def __str__(self) -> str:
        return f"C-{self.number}"

    @property
    def day(self) -> date:
        """The day that binds: the signed one, until it is moved."""
        return self.moved_to or self.due_on


class ConditionMove(models.Model):
    """The day of a condition was moved, by somebody else than its owner, with the reason (EXT-06)."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "number"], name="condition_move_number_once"),
            models.CheckConstraint(name="condition_move_is_later", condition=Q(to_on__gt=F("from_on"))),
            models.CheckConstraint(name="condition_move_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.condition}, {self.from_on.isoformat()} to {self.to_on.isoformat()}"


class RemediationItem(models.Model):
    """An area to address after a no-go, with a first view of the effort (SEED-87, SEED-90)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="remediation")
    number = models.PositiveSmallIntegerField()
    area = models.TextField(_("area to address"))
    items = models.ManyToManyField(ReviewItem, blank=True, related_name="remediation")
    effort_days = models.DecimalField(_("first estimate, person-days"), max_digits=7, decimal_places=1)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_note = models.TextField(_("what was done"), blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="remediation_number_once"),
            models.CheckConstraint(name="remediation_effort_positive", condition=Q(effort_days__gt=0)),
            models.CheckConstraint(
                name="remediation_done_paired",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"REM-{self.number:02}"
