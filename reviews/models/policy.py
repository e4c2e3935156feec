"""What an organisation adds to the reviews of the catalogue, each approved by a second person."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.catalog.roles import role_name
from projects.models import Category, User
from reviews.catalog.own import code_of
from reviews.models.item import Section
from reviews.models.review import Review, ReviewKind

ADDED_SECTIONS = [Section.ANALYSIS, Section.DECISION, Section.GO, Section.NO_GO]

STATES = {
    "proposed": _("Proposed"),
    "dropped": _("Dropped"),
    "in_force": _("In force"),
    "replaced": _("Replaced"),
    "retired": _("Retired"),
}


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
        """Of a question, as long as no later version is approved: see `reviews.additions.Question`."""
        if self.retired_at is not None:
            return "retired" if self.approved_at is not None else "dropped"
        return "in_force" if self.approved_at is not None else "proposed"

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def category_names(self) -> str:
        return ", ".join(str(Category(category).label) for category in self.categories)


class ChecklistAdditionQuerySet(models.QuerySet["ChecklistAddition"]):
    def in_force(self) -> "ChecklistAdditionQuerySet":
        """Approved, and neither retired nor replaced by a later version."""
        later = ChecklistAddition.objects.filter(replaces=OuterRef("pk"), approved_at__isnull=False)
        return self.filter(~Exists(later), approved_at__isnull=False, retired_at__isnull=True)

    def of_question(self, number: int) -> "ChecklistAdditionQuerySet":
        """Every version of this question, by the number in its code."""
        return self.filter(Q(pk=number, first__isnull=True) | Q(first=number))


class ChecklistAddition(Addition):
    """A version of a question of the organisation's own, e.g. a lesson of an incident or of a no-go (EXT-23).

    The approval of a later version ends the one that it replaces: what holds is one row, whatever the moment.
    """

    section = models.CharField(_("section"), max_length=10, choices=[(one.value, one.label) for one in ADDED_SECTIONS])
    element = models.CharField(_("element of readiness"), max_length=60, blank=True)
    text = models.TextField(_("question"))
    must = models.BooleanField(_("must be fine for a go"), default=True)
    origin_review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="later", help_text="version 1; none: this is it"
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="the version in force when proposed"
    )
    reason = models.TextField(_("reason"), blank=True, help_text="why the question changes")

    objects = ChecklistAdditionQuerySet.as_manager()

    class Meta(Addition.Meta):
        verbose_name = _("question of our own")
        constraints = [
            *Addition.Meta.constraints,
            models.UniqueConstraint(fields=["first", "number"], name="question_version_once"),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(approved_at__isnull=False) | Q(retired_at__isnull=True),
                name="question_one_change",
            ),
            models.CheckConstraint(
                name="question_change_says_why",
                condition=Q(first__isnull=True, replaces__isnull=True, number=1, reason="")
                | (Q(first__isnull=False, replaces__isnull=False, number__gte=2) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("policy_history", args=[self.question])

    @property
    def named(self) -> str:
        return f"{self.code} ({self.text})"

    @property
    def question(self) -> int:
        """The number that all its versions share."""
        return self.first_id or self.pk

    @property
    def code(self) -> str:
        """X-4, or X-4v2: how this version is called in every round."""
        return code_of(self.question, self.number)

    @property
    def source(self) -> str:
        """Where a round says that it comes from: at most 250 characters."""
        return f"Ours, version {self.number}: {self.origin}" if self.number > 1 else f"Ours: {self.origin}"

    @property
    def says(self) -> tuple[object, ...]:
        """What a next version may change, to be compared."""
        asked = (frozenset(self.categories), self.section, self.element, self.text, self.must)
        return (*asked, self.origin, self.origin_review_id)


class SignerAddition(Addition):
    """A role of which somebody must sign, beside those of the change category's profile (SEED-43)."""

    role = models.CharField(_("role"), max_length=20)

    class Meta(Addition.Meta):
        verbose_name = _("signer of our own")

    def __str__(self) -> str:
        return self.role

    @property
    def named(self) -> str:
        return role_name(self.role)


class RetirementQuerySet(models.QuerySet["Retirement"]):
    def waiting(self) -> "RetirementQuerySet":
        """Asked for, and neither confirmed nor refused."""
        return self.filter(confirmed_at__isnull=True, refused_at__isnull=True)


class Retirement(models.Model):
    """A question or signer in force is to be asked no more: wanted by one with a reason, confirmed by another."""

    question = models.ForeignKey(ChecklistAddition, on_delete=models.PROTECT, null=True, related_name="retirements")
    signer = models.ForeignKey(SignerAddition, on_delete=models.PROTECT, null=True, related_name="retirements")
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    refusal = models.TextField(_("why it was refused"), blank=True)

    objects = RetirementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("retirement of an addition")
        constraints = [
            models.CheckConstraint(
                name="retirement_of_one",
                condition=Q(question__isnull=False, signer__isnull=True)
                | Q(question__isnull=True, signer__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=[what],
                    condition=Q(confirmed_at__isnull=True, refused_at__isnull=True),
                    name=f"retirement_one_of_{what}",
                )
                for what in ("question", "signer")
            ),
            models.CheckConstraint(name="retirement_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="retirement_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="retirement_refused_with_reason",
                condition=Q(refused_by__isnull=True, refused_at__isnull=True, refusal="")
                | (Q(refused_by__isnull=False, refused_at__isnull=False, confirmed_at__isnull=True) & ~Q(refusal="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.of)

    @property
    def of(self) -> ChecklistAddition | SignerAddition:
        """What is to be retired."""
        if self.question is not None:
            return self.question
        if self.signer is None:
            raise LookupError("a retirement of nothing")  # the database holds that there is none
        return self.signer

    @property
    def what(self) -> str:
        """As addresses name it."""
        return "questions" if self.question_id else "signers"

    @property
    def waits(self) -> bool:
        return self.confirmed_at is None and self.refused_at is None


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
