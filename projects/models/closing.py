"""What is looked back on and let go of before a project closes (SEED-53, SEED-109)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.rows import RegisterRow


class IntentResult(RegisterRow):
    """What became of one of management's goals and intents. Rows are only added; the newest counts."""

    class Result(models.TextChoices):
        MET = "met", _("Met")
        PARTLY = "partly", _("Partly met")
        MISSED = "missed", _("Missed")

    intent = models.TextField(_("goal or intent"))
    result = models.CharField(_("result"), max_length=8, choices=Result)
    evidence = models.TextField(_("what shows it"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("result of an intent")
        constraints = [
            models.CheckConstraint(name="intent_result_known", condition=Q(result__in=["met", "partly", "missed"]))
        ]

    def __str__(self) -> str:
        return f"{self.intent[:80]}: {self.get_result_display()}"


class Disengagement(RegisterRow):
    """Somebody of the project team, or the whole of it, no longer works for the project. Rows are only added."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    released_on = models.DateField(_("released on"))
    goes_to = models.TextField(_("what comes next"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("release of the project team")

    def __str__(self) -> str:
        return str(self.person) if self.person_id else str(_("The whole project team"))
