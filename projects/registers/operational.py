"""The register of evaluations of operational requirements."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.actions import operational as actions
from projects.forms.fields import OperationalRequirement, TextField, YesNoField
from projects.models import OperationalCheck, Project
from projects.registers.register import Column, Pill, Register, RegisterForm
from projects.traceability import open_operational


class EvaluationForm(RegisterForm):
    """Whether the design meets one operational requirement."""

    requirement = OperationalRequirement()
    in_design = YesNoField(label=_("Included in the design"))
    addressed = YesNoField(label=_("Addressed"))
    note = TextField(label=_("What shows it"), required=False)


def _rows(project: Project) -> "QuerySet[OperationalCheck]":
    newer = OperationalCheck.objects.filter(requirement=OuterRef("requirement"), pk__gt=OuterRef("pk"))
    return (
        project.operationalchecks.select_related("requirement", "created_by")
        .annotate(replaced=Exists(newer))
        .order_by("requirement", "-id")
    )


def yes_no(value: bool) -> Pill:
    return Pill("met", "yes" if value else "no", gettext("yes") if value else gettext("no"))


def _standing(project: Project) -> str:
    """Which operational requirements are still open; one query."""
    left = [requirement.ref for requirement in open_operational(project)]
    return gettext("Still open: %(refs)s.") % {"refs": ", ".join(left)} if left else ""


OPERATIONAL = Register(
    name="operational_requirements",
    title=_("Operational requirements in the design"),
    purpose=_(
        "Release Management and Operations Experience evaluate the design: is each operational requirement included, "
        "and is it addressed? The newest evaluation of a requirement counts."
    ),
    stage="planning",
    source="Table 6",
    rows=_rows,
    columns=(
        Column(_("Requirement"), lambda row: row.requirement.ref),
        Column(_("Text"), lambda row: row.requirement.text),
        Column(_("Included in the design"), lambda row: yes_no(row.in_design)),
        Column(_("Addressed"), lambda row: yes_no(row.addressed)),
        Column(_("What shows it"), lambda row: row.note),
        Column(_("Evaluated by"), lambda row: row.created_by),
        Column(_("On"), lambda row: row.created_at),
        Column(_("Counts"), lambda row: gettext("replaced by a newer one") if row.replaced else gettext("yes")),
    ),
    form=EvaluationForm,
    add=actions.evaluate,
    add_label=_("Record an evaluation"),
    open_to=actions.evaluates,
    empty=_("Record requirements of the kind operational first, then whether the design includes each of them."),
    pasted=("requirement", "in_design", "addressed", "note"),
    note=_standing,
)
