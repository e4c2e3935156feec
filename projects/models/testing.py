"""What Stabilize finds out about a candidate: test runs, pilots and issues (SEED-29, SEED-30, SEED-31)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.candidate import ReleaseCandidate
from projects.models.people import User
from projects.models.rows import RegisterRow


class Issue(RegisterRow):
    """Something wrong with the solution, until it is fixed or formally disposed of (SEED-29)."""

    class Origin(models.TextChoices):
        TESTING = "testing", _("Testing")
        PILOT = "pilot", _("Pilot")

    class Severity(models.IntegerChoices):
        CRITICAL = 1, _("1 critical")
        MAJOR = 2, _("2 major")
        MINOR = 3, _("3 minor")
        COSMETIC = 4, _("4 cosmetic")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        FIXED = "fixed", _("Fixed")
        DEFERRED = "deferred", _("Deferred")
        WONT_FIX = "wont_fix", _("Won't fix")
        NOT_A_DEFECT = "not_a_defect", _("Not a defect")

    LIVED_WITH = (State.DEFERRED, State.WONT_FIX)

    ref = models.CharField(_("issue"), max_length=40)
    title = models.CharField(_("what is wrong"), max_length=200)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    candidate = models.ForeignKey(
        ReleaseCandidate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("found in")
    )
    found_on = models.DateField(_("found on"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    workaround = models.TextField(_("workaround"), blank=True)
    note = models.TextField(_("what was done, or why"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )

    class Meta(RegisterRow.Meta):
        verbose_name = _("issue")
        indexes = [models.Index(fields=["project", "state"], name="issue_state")]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="issue_ref_once"),
            models.CheckConstraint(name="issue_origin_known", condition=Q(origin__in=["testing", "pilot"])),
            models.CheckConstraint(name="issue_severity_known", condition=Q(severity__gte=1, severity__lte=4)),
            models.CheckConstraint(
                name="issue_state_known",
                condition=Q(state__in=["open", "fixed", "deferred", "wont_fix", "not_a_defect"]),
            ),
            models.CheckConstraint(
                name="issue_lived_with_has_owner_and_workaround",
                condition=~Q(state__in=["deferred", "wont_fix"]) | (Q(owner__isnull=False) & ~Q(workaround="")),
            ),
            models.CheckConstraint(
                name="issue_settled_by_somebody",
                condition=Q(state="open", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Pilot(RegisterRow):
    """A group that uses a candidate in its real work for a while, and what came of it (SEED-30)."""

    class Result(models.TextChoices):
        MET = "met", _("Criteria met")
        PARTLY = "partly", _("Partly met")
        MISSED = "missed", _("Missed")

    ref = models.CharField(_("pilot"), max_length=40)
    group = models.CharField(_("group"), max_length=200)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    candidate = models.ForeignKey(
        ReleaseCandidate, on_delete=models.PROTECT, related_name="+", verbose_name=_("release candidate")
    )
    criteria = models.TextField(_("success criteria"))
    feedback = models.TextField(_("feedback"), blank=True)
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True)
    result_at = models.DateTimeField(_("result recorded"), null=True)
    result_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("result recorded by")
    )

    class Meta(RegisterRow.Meta):
        verbose_name = _("pilot")
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="pilot_ref_once"),
            models.CheckConstraint(name="pilot_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="pilot_result_known", condition=Q(result__in=["", "met", "partly", "missed"])),
            models.CheckConstraint(
                name="pilot_result_with_feedback_by_somebody",
                condition=Q(result="", result_at__isnull=True, result_by__isnull=True)
                | (~Q(result="") & ~Q(feedback="") & Q(result_at__isnull=False, result_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class TestRun(RegisterRow):
    """What a set of tests said about one candidate on one day. A later run is a row of its own (SEED-31)."""

    class Level(models.TextChoices):
        UNIT = "unit", _("Unit")
        INTEGRATION = "integration", _("Integration")
        SYSTEM = "system", _("System")
        PERFORMANCE = "performance", _("Performance")
        SECURITY = "security", _("Security")
        OPERATIONAL = "operational", _("Operational")
        PARALLEL = "parallel", _("Parallel run")
        ACCEPTANCE = "acceptance", _("Acceptance")

    name = models.CharField(_("tests"), max_length=120)
    candidate = models.ForeignKey(
        ReleaseCandidate, on_delete=models.PROTECT, related_name="+", verbose_name=_("release candidate")
    )
    level = models.CharField(_("level"), max_length=12, choices=Level)
    run = models.PositiveIntegerField(_("run"))
    passed = models.PositiveIntegerField(_("passed"))
    failed = models.PositiveIntegerField(_("failed"))
    run_on = models.DateField(_("run on"))
    run_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("run by"))
    note = models.TextField(_("what it shows"), blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("test result")
        constraints = [
            models.CheckConstraint(
                name="testrun_level_known",
                condition=Q(
                    level__in=[
                        *("unit", "integration", "system", "performance"),
                        *("security", "operational", "parallel", "acceptance"),
                    ]
                ),
            ),
            models.CheckConstraint(
                name="testrun_no_more_results_than_tests",
                condition=Q(run__gte=1) & Q(run__gte=F("passed") + F("failed")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
