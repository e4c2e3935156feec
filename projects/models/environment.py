"""People and environment around a release: training, agreements, procedures (Table 4, Environment)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.droppable import DroppableRow, together
from projects.models.people import User


class Training(DroppableRow):
    """One person learns one thing before the release: a course, a runbook (SEED-97). Done is a fact of its own."""

    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    course = models.CharField(_("course or runbook"), max_length=200)
    planned_on = models.DateField(_("planned on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)

    class Meta(DroppableRow.Meta):
        verbose_name = _("training")
        constraints = [
            *DroppableRow.Meta.constraints,
            together("training_done_set", "done_on", "confirmed_by", "confirmed_at"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                name="training_person_or_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.course}"

    @property
    def who(self) -> str:
        return str(self.person) if self.person_id else self.name

    @property
    def is_over(self) -> bool:
        return self.done_on is not None

    @property
    def state(self) -> str:
        return "dropped" if self.is_dropped else "done" if self.done_on else "open"


class Agreement(DroppableRow):
    """What somebody else promises, on which a service level of the release rests (SEED-99)."""

    class Kind(models.TextChoices):
        OLA = "ola", _("Operating level agreement")
        CONTRACT = "contract", _("Underpinning contract")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    party = models.CharField(_("with whom"), max_length=200)
    service_level = models.CharField(_("service level it supports"), max_length=300)
    sufficient = models.BooleanField(_("sufficient"), null=True, blank=True)
    judged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)

    class Meta(DroppableRow.Meta):
        verbose_name = _("agreement")
        constraints = [
            *DroppableRow.Meta.constraints,
            together("agreement_judged_set", "sufficient", "judged_by", "judged_at"),
        ]

    def __str__(self) -> str:
        return self.party

    @property
    def state(self) -> str:
        if self.is_dropped:
            return "dropped"
        return "open" if self.sufficient is None else "done" if self.sufficient else "failed"


class Procedure(DroppableRow):
    """An administrative procedure at one site: is it clear, and in line with the site's standards? (SEED-98)"""

    site = models.CharField(_("site"), max_length=200)
    text = models.CharField(_("procedure"), max_length=300)
    clear = models.BooleanField(_("clear"), null=True, blank=True)
    aligned = models.BooleanField(_("in line with the site's standards"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("answered by")
    )
    confirmed_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)

    class Meta(DroppableRow.Meta):
        verbose_name = _("administrative procedure")
        constraints = [
            *DroppableRow.Meta.constraints,
            together("procedure_answered_set", "clear", "aligned", "confirmed_by", "confirmed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.text}"

    @property
    def state(self) -> str:
        if self.is_dropped:
            return "dropped"
        return "open" if self.clear is None else "done" if self.clear and self.aligned else "failed"
