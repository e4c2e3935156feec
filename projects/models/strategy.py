"""The plans around a release: contacts, notices, prerequisites, change records (Table 4, Strategy)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.droppable import DroppableRow, together
from projects.models.people import User
from projects.models.risk import Risk
from projects.models.rows import RegisterRow


class EscalationContact(DroppableRow):
    """Whom to call at one level of the escalation, when and how (SEED-102)."""

    level = models.PositiveSmallIntegerField(_("level"))
    name = models.CharField(_("who"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    call_when = models.CharField(_("called when"), max_length=300)
    reach = models.CharField(_("telephone or mail"), max_length=200)
    hours = models.CharField(_("hours"), max_length=200)

    class Meta(DroppableRow.Meta):
        verbose_name = _("escalation contact")
        ordering = ["level", "id"]
        constraints = [
            *DroppableRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(level__gte=1), name="contact_level_from_one"),
        ]

    def __str__(self) -> str:
        return self.name


class Communication(DroppableRow):
    """One affected party is told something: planned first, then sent, with channel, time and sender (SEED-89)."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("Scheduled release")
        ESCALATION = "escalation", _("Escalation process and contact list")
        OTHER = "other", _("Other")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    party = models.CharField(_("affected party"), max_length=200)
    subject = models.CharField(_("subject"), max_length=300)
    channel = models.CharField(_("channel"), max_length=200)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    sender = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("sender")
    )
    noted_at = models.DateTimeField(_("recorded as sent at"), null=True, blank=True)

    class Meta(DroppableRow.Meta):
        verbose_name = _("communication")
        ordering = ["party", "id"]
        constraints = [
            *DroppableRow.Meta.constraints,
            together("communication_sent_set", "sent_at", "sender", "noted_at"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.subject}"

    @property
    def is_over(self) -> bool:
        return self.sent_at is not None

    @property
    def state(self) -> str:
        return "dropped" if self.is_dropped else "done" if self.sent_at else "open"


class Prerequisite(DroppableRow):
    """Something that must be true before the release plan can be carried out (SEED-105)."""

    class Kind(models.TextChoices):
        USERS = "users", _("Users present for acceptance testing")
        OTHER = "other", _("Other")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("prerequisite"), max_length=300)
    met = models.BooleanField(_("met"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("answered by")
    )
    confirmed_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)

    class Meta(DroppableRow.Meta):
        verbose_name = _("prerequisite")
        constraints = [
            *DroppableRow.Meta.constraints,
            together("prerequisite_answered_set", "met", "confirmed_by", "confirmed_at"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def state(self) -> str:
        if self.is_dropped:
            return "dropped"
        return "open" if self.met is None else "done" if self.met else "failed"


class ChangeRecord(RegisterRow):
    """The organisation's own record of a change, and what the change does to the project (SEED-106, SEED-126)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        IN_ORDER = "in_order", _("In order")
        REJECTED = "rejected", _("Rejected")

    ref = models.CharField(_("reference"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    scope_effect = models.TextField(_("effect on scope"))
    resource_effect = models.TextField(_("effect on resourcing"))
    management_effect = models.TextField(_("effect on project management"))
    financial_effect = models.TextField(_("financial impact"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("change record")
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="change_record_ref_once")]

    def __str__(self) -> str:
        return self.ref


class ChangeRisk(RegisterRow):
    """A change has raised this risk, or moved it: the link that both registers show (SEED-128)."""

    change = models.ForeignKey(
        ChangeRecord, on_delete=models.PROTECT, related_name="risk_links", verbose_name=_("change")
    )
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="change_links", verbose_name=_("risk"))
    raised = models.BooleanField(_("raised by the change"))
    effect = models.TextField(_("what the change does to it"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("link of a change and a risk")
        constraints = [models.UniqueConstraint(fields=["change", "risk"], name="change_risk_once")]

    def __str__(self) -> str:
        return f"{self.change} → {self.risk}"
