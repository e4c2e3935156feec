"""A management review: one round of Project Plan Approved or Release Readiness for one project."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from projects.models import Project, User


class ReviewKind(models.TextChoices):
    PPA = "ppa", _("Project Plan Approved")
    RR = "rr", _("Release Readiness")


class ReviewState(models.TextChoices):
    PREPARING = "preparing", _("Being prepared")
    CONVENED = "convened", _("Convened")
    SIGNING = "signing", _("Sign-offs requested")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = [ReviewState.PREPARING, ReviewState.CONVENED, ReviewState.SIGNING]


class Decision(models.TextChoices):
    """SEED-87, SEED-108, EXT-22. A go with dated conditions is a go; a no-go is postponed or cancelled.

    A hold says neither yet: the gate stays shut, and on a day that is named it is looked at again.
    """

    GO = "go", _("Go")
    GO_WITH_CONDITIONS = "go_conditions", _("Go with conditions")
    NO_GO_POSTPONED = "no_go_postponed", _("No-go, postponed")
    NO_GO_CANCELLED = "no_go_cancelled", _("No-go, cancelled")
    HOLD = "hold", _("Hold")


GO_DECISIONS = [Decision.GO, Decision.GO_WITH_CONDITIONS]
NO_GO_DECISIONS = [Decision.NO_GO_POSTPONED, Decision.NO_GO_CANCELLED]


class Mode(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    ASYNC = "async", _("Asynchronous")


class Review(models.Model):
    """One round. Rounds are never reopened: after a no-go the next one begins."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=4, choices=ReviewKind)
    round = models.PositiveSmallIntegerField()
    mode = models.CharField(_("held as"), max_length=8, choices=Mode, default=Mode.MEETING)
    state = FSMField(choices=ReviewState.choices, default=ReviewState.PREPARING, protected=True)
    catalog_version = models.CharField(max_length=20)
    category = models.CharField(max_length=20, help_text="the project's change category when the round began")
    policy = models.ForeignKey(
        "reviews.PolicyVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="rounds",
        help_text="the rules it was opened under; none: version 1, the catalogue's own",
    )
    signer_roles = models.JSONField(default=list, blank=True, help_text="roles that our own policy wants to sign")
    delta = models.BooleanField(_("delta review"), default=False, help_text="keeps answers that no change has touched")
    candidate = models.CharField(_("release candidate"), max_length=60, blank=True)
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="chaired_reviews", verbose_name=_("chair"))
    scheduled_for = models.DateTimeField(_("planned for"), null=True, blank=True)
    place = models.CharField(
        _("place"), max_length=300, blank=True, help_text="room, telephone number or address of a call"
    )
    agenda = models.JSONField(default=dict, blank=True, help_text="minutes of the points that the chair has set")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    convened_at = models.DateTimeField(null=True)
    convened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sign_offs_requested_at = models.DateTimeField(null=True)
    sign_off_due_at = models.DateTimeField(_("sign-offs due"), null=True)
    decision = models.CharField(max_length=16, choices=Decision, blank=True)
    decision_reason = models.TextField(_("reason"), blank=True)
    risks_acceptable = models.BooleanField(
        default=False, help_text="stated with the go of a release: what risks remain are dealt with or acceptable"
    )
    decision_digest = models.CharField(max_length=64, blank=True, help_text="digest of the packet decided on")
    decision_method = models.CharField(max_length=60, blank=True, help_text="how the decider proved who decided")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    next_review_on = models.DateField(_("next look"), null=True, blank=True)

    class Meta:
        ordering = ["project_id", "kind", "round"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "round"], name="review_round_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=OPEN_STATES), name="review_one_open_per_project"
            ),
            models.CheckConstraint(name="review_kind_known", condition=Q(kind__in=ReviewKind.values)),
            models.CheckConstraint(name="review_state_known", condition=Q(state__in=ReviewState.values)),
            models.CheckConstraint(
                name="review_decision_paired",
                condition=(
                    Q(state=ReviewState.DECIDED, decision__in=Decision.values, decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                    & ~Q(decision_digest="")
                    & ~Q(decision_method="")
                )
                | (
                    ~Q(state=ReviewState.DECIDED)
                    & Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                    & Q(decision_digest="", decision_method="")
                ),
            ),
            models.CheckConstraint(
                name="review_hold_is_dated",
                condition=~Q(decision="hold") | (Q(next_review_on__isnull=False) & ~Q(decision_reason="")),
            ),
            models.CheckConstraint(
                name="review_convened_paired",
                condition=Q(convened_at__isnull=True, convened_by__isnull=True)
                | Q(convened_at__isnull=False, convened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_signing_is_dated",
                condition=~Q(state=ReviewState.SIGNING)
                | Q(convened_at__isnull=False, sign_offs_requested_at__isnull=False, sign_off_due_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"])]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.project.code, self.ref])

    @property
    def ref(self) -> str:
        """PPA-1, RR-2: unique within its project."""
        return f"{self.kind.upper()}-{self.round}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_acknowledged_first(self) -> bool:
        """Whether the team acknowledges what is asked before the first answer: for a release, and whenever it meets."""
        return self.kind == ReviewKind.RR or self.mode == Mode.MEETING

    @property
    def recused(self) -> set[int]:
        """Ids of the people who have declared a conflict of interest in this round; no query once it is loaded."""
        return {declared.user_id for declared in self.declarations.all() if declared.text}

    @property
    def is_go(self) -> bool:
        return self.decision in GO_DECISIONS

    # Called by `reviews.actions` under a row lock, never directly.

    @transition(field=state, source=ReviewState.PREPARING, target=ReviewState.CONVENED)
    def convene(self) -> None:
        """The entrance check held: inputs are pinned, participants named."""

    @transition(field=state, source=ReviewState.CONVENED, target=ReviewState.SIGNING)
    def request_sign_offs(self) -> None:
        """Every must item is answered: the packet goes out."""

    @transition(field=state, source=[ReviewState.CONVENED, ReviewState.SIGNING], target=ReviewState.DECIDED)
    def decide(self) -> None:
        """Go or no-go."""

    @transition(field=state, source=OPEN_STATES, target=ReviewState.WITHDRAWN)
    def withdraw(self) -> None:
        """The round ends without a decision; the project went back or was cancelled."""


class Participant(models.Model):
    """A person named in a round for a participant group of Table 2 or 3."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="participants")
    group = models.CharField(_("group"), max_length=10)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="participations", verbose_name=_("person"))
    signs = models.BooleanField(_("must sign"), default=True)
    asked_at = models.DateTimeField(null=True, help_text="when the sign-off was last asked for")
    removed_at = models.DateTimeField(null=True)
    recused_at = models.DateTimeField(null=True, help_text="when a conflict of interest was declared")

    class Meta:
        ordering = ["group", "id"]
        constraints = [
            models.CheckConstraint(name="recused_signs_not", condition=Q(recused_at__isnull=True) | Q(signs=False)),
            models.UniqueConstraint(
                fields=["review", "user"], condition=Q(removed_at__isnull=True), name="participant_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.user_id}"


class Declaration(models.Model):
    """What a person says of the own interests in a round: a conflict, or none. Only added (EXT-09)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="declarations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    text = models.TextField(_("conflict of interest"), blank=True, help_text="empty: none")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.text[:40]}"


class Acknowledgement(models.Model):
    """A person knows what a round asks, in the version that is fixed for it, before answering. Only added (SEED-91)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    catalog_version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.catalog_version}"
