"""Templates from which standard changes are opened, and how the changes made from them went (SEED-07)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.project import ProjectType
from projects.models.rows import RegisterRow


class ChangeTemplateQuerySet(models.QuerySet["ChangeTemplate"]):
    def usable(self, today: date) -> "ChangeTemplateQuerySet":
        """Known and tested, and not expired on this day."""
        return self.filter(state=ChangeTemplate.State.KNOWN, expires_on__gte=today)


class ChangeTemplate(models.Model):
    """A change that is done the same way each time. It belongs to the organisation, not to one project."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        KNOWN = "known", _("Known and tested")
        SUSPENDED = "suspended", _("Suspended")

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    changes = models.TextField(_("what it changes"))
    steps = models.TextField(_("steps"))
    project_type = models.CharField(_("project type"), max_length=20, choices=ProjectType)
    nature = models.TextField(_("nature of the change"))
    size = models.TextField(_("size of the change"))
    plan = models.TextField(_("project plan"))
    deployment = models.TextField(_("deployment and rollback"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"))

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    approval_note = models.TextField(_("approval note"), blank=True)
    evidence = models.TextField(_("test evidence"), blank=True)
    expires_on = models.DateField(_("expires on"), null=True)
    failures = models.PositiveIntegerField(_("failed runs"), default=0)
    suspended_reason = models.TextField(_("why it is suspended"), blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ChangeTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("change template")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="changetemplate_known_is_approved",
                condition=~Q(state="known")
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False, expires_on__isnull=False)
                    & ~Q(evidence="")
                    & ~Q(approval_note="")
                ),
            ),
            models.CheckConstraint(
                name="changetemplate_suspension_says_why",
                condition=Q(state="suspended") & ~Q(suspended_reason="")
                | ~Q(state="suspended") & Q(suspended_reason=""),
            ),
            models.CheckConstraint(
                name="changetemplate_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("owner")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("change_template", args=[self.code])

    def expired(self, today: date) -> bool:
        """Whether its approval has run out; the last day still counts."""
        return self.state == self.State.KNOWN and self.expires_on is not None and self.expires_on < today

    def step_list(self) -> list[str]:
        """The steps, one a line, without blank lines."""
        return [line.strip() for line in self.steps.splitlines() if line.strip()]


class TemplateRun(RegisterRow):
    """How a standard change went that was made from a template (EXT-17)."""

    template = models.ForeignKey(ChangeTemplate, on_delete=models.PROTECT, related_name="runs")
    succeeded = models.BooleanField(_("went as the template says"))
    note = models.TextField(_("what was seen"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("run of a template")
        constraints = [models.UniqueConstraint(fields=["project"], name="templaterun_once")]

    def __str__(self) -> str:
        return f"{self.template.code}: {_('succeeded') if self.succeeded else _('failed')}"


class StandardStep(RegisterRow):
    """A step of the template that was done in one standard change, in its words of that moment, with what shows it."""

    number = models.PositiveSmallIntegerField(_("step"))
    text = models.TextField(_("what was done"))
    evidence = models.TextField(_("what shows it"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("step of a standard change")
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="standardstep_once"),
            models.CheckConstraint(name="standardstep_shown", condition=Q(number__gte=1) & ~Q(evidence="")),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"
