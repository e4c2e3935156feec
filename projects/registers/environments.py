"""The registers of environments, of the levels that they support, and of reviews of compliance."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions import environments as actions
from projects.forms.fields import DayField, RowField, TextField
from projects.models import ComplianceReview, Environment, Project, SupportedLevel
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb


class EnvironmentForm(RegisterForm):
    """An environment and how it is kept apart."""

    name = forms.CharField(label=_("Environment"), max_length=100)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Environment.Purpose.choices)
    kept_apart = TextField(
        label=_("How it is kept apart"), help_text=_("For example its own accounts, network and data.")
    )


ENVIRONMENTS = Register(
    name="environments",
    title=_("Environments"),
    purpose=_("Where the solution is developed, tried and used, and how these places are kept apart."),
    stage="planning",
    source="§Project Plan Approved",
    rows=lambda project: project.environments.order_by("id"),
    columns=(
        Column(_("Environment"), lambda row: row.name),
        Column(_("Purpose"), lambda row: row.get_purpose_display()),
        Column(_("How it is kept apart"), lambda row: row.kept_apart),
    ),
    form=EnvironmentForm,
    add=actions.add,
    add_label=_("Name an environment"),
    empty=_("Name the environments for development, test and production."),
    pasted=("name", "purpose", "kept_apart"),
)


class EnvironmentOfProject(RowField):
    """An environment of the project."""

    def __init__(self) -> None:
        super().__init__(Environment.objects.none(), label=_("Environment"))

    def offer(self, project: Project) -> None:
        self.queryset = project.environments.order_by("id")


class AssessForm(RegisterForm):
    """What is known of the support of a version."""

    version = forms.CharField(label=_("Version of the solution"), max_length=60)
    supported = forms.ChoiceField(label=_("Supported there"), choices=SupportedLevel.Supported.choices)
    supported_until = DayField(label=_("Supported until"), required=False)
    note = TextField(label=_("Note"), required=False)


class LevelForm(AssessForm):
    """A version that the solution needs in an environment."""

    component = forms.CharField(label=_("Component"), max_length=150)
    environment = EnvironmentOfProject()
    field_order = ("component", "version", "environment")


def _support(row: SupportedLevel) -> Pill:
    state = row.on(timezone.localdate())
    return Pill("support", state, state.label)


LEVELS = Register(
    name="levels",
    title=_("Supported levels"),
    purpose=_(
        "Software and infrastructure of the solution beside what its environments support. What is not supported keeps "
        "the release from being ready, as no-go indicator N-ENV-1 does."
    ),
    stage="stabilize",
    source="Table 4",
    rows=lambda project: project.supportedlevels.select_related("environment").order_by("id"),
    columns=(
        Column(_("Component"), lambda row: row.component),
        Column(_("Version of the solution"), lambda row: row.version),
        Column(_("Environment"), lambda row: row.environment),
        Column(_("Supported there"), _support),
        Column(_("Supported until"), lambda row: row.supported_until),
        Column(_("Note"), lambda row: row.note),
    ),
    form=LevelForm,
    add=actions.add_level,
    add_label=_("Compare a version"),
    verbs=(
        Verb(
            "assess",
            _("Assess again"),
            actions.assess_level,
            AssessForm,
            explain=_("Another version, other support, or support found out."),
            initial=lambda row: {name: getattr(row, name) for name in AssessForm.base_fields},
        ),
    ),
    empty=_("Name an environment first, then compare each component of the solution with what it supports."),
)


class ComplianceForm(RegisterForm):
    """A review that was held."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ComplianceReview.Kind.choices)
    subject = forms.CharField(
        label=_("Subject"), max_length=200, help_text=_("The same words when something is reviewed again.")
    )
    reviewer = forms.CharField(label=_("Reviewer"), max_length=200, help_text=_("A person or a body."))
    reviewed_on = DayField(label=_("Reviewed on"))
    result = forms.ChoiceField(label=_("Result"), choices=ComplianceReview.Result.choices)
    note = TextField(label=_("Findings or conditions"), required=False)


COMPLIANCE = Register(
    name="compliance",
    title=_("Compliance reviews"),
    purpose=_(
        "Reviews for privacy, standards and policy. What failed keeps the plan from being approved until a later "
        "review of the same subject passes."
    ),
    stage="planning",
    source="§Project Plan Approved",
    rows=lambda project: project.compliancereviews.order_by("-reviewed_on", "-id"),
    columns=(
        Column(_("Subject"), lambda row: row.subject),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Reviewer"), lambda row: row.reviewer),
        Column(_("Reviewed on"), lambda row: row.reviewed_on),
        Column(_("Result"), lambda row: Pill("compliance", row.result, row.get_result_display())),
        Column(_("Findings or conditions"), lambda row: row.note),
    ),
    form=ComplianceForm,
    add=actions.add_review,
    add_label=_("Record a review"),
    empty=_("Record the reviews for privacy, standards and policy that the plan has been through."),
    pasted=("kind", "subject", "reviewer", "reviewed_on", "result", "note"),
)
