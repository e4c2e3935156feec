"""Risks of a project: recorded in planning, every one addressed or accepted before the release (SEED-52, SEED-76)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.rows import RegisterRow


class Risk(RegisterRow):
    """Something that may go wrong: how likely, how bad, what is done about it, and where that stands."""

    class Kind(models.TextChoices):
        AVAILABILITY = "availability", _("Availability")
        RELIABILITY = "reliability", _("Reliability")
        SECURITY = "security", _("Security")
        COMPLIANCE = "compliance", _("Compliance")
        REPUTATION = "reputation", _("Reputation")

    class Response(models.TextChoices):
        AVOID = "avoid", _("Avoid")
        REDUCE = "reduce", _("Reduce")
        TRANSFER = "transfer", _("Transfer")
        ACCEPT = "accept", _("Accept")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ADDRESSED = "addressed", _("Addressed")
        ACCEPTED = "accepted", _("Accepted")
        UNACCEPTABLE = "unacceptable", _("Unacceptable")

    ref = models.CharField(_("risk"), max_length=40)
    text = models.TextField(_("what may go wrong"))
    impacts = models.CharField(_("touches"), max_length=80)  # values of Kind, in its order, separated by ", "
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    impact = models.PositiveSmallIntegerField(_("impact"))
    response = models.CharField(_("response"), max_length=10, choices=Response, blank=True)
    plan = models.TextField(_("what is done"), blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    judgement = models.TextField(_("how, or why"), blank=True)
    judged_at = models.DateTimeField(_("judged"), null=True)
    judged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("judged by")
    )

    class Meta(RegisterRow.Meta):
        verbose_name = _("risk")
        indexes = [models.Index(fields=["project", "state"], name="risk_state")]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="risk_ref_once"),
            models.CheckConstraint(name="risk_touches_something", condition=~Q(impacts="")),
            models.CheckConstraint(
                name="risk_on_the_scale",
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
            ),
            models.CheckConstraint(
                name="risk_response_known", condition=Q(response__in=["", "avoid", "reduce", "transfer", "accept"])
            ),
            models.CheckConstraint(
                name="risk_response_says_what_is_done",
                condition=Q(response="", plan="") | (~Q(response="") & ~Q(plan="")),
            ),
            models.CheckConstraint(
                name="risk_judged_by_somebody_with_reason",
                condition=Q(state="open", judged_at__isnull=True, judged_by__isnull=True)
                | (
                    Q(state__in=["addressed", "accepted", "unacceptable"], judged_at__isnull=False)
                    & Q(judged_by__isnull=False)
                    & ~Q(judgement="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def kinds(self) -> list[str]:
        """The kinds of impact it has."""
        return self.impacts.split(", ")

    @property
    def rating(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
