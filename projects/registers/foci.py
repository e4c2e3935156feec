"""The register of what is said about the points that the manage layer attends to (Table 5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import foci as actions
from projects.catalog.controls import FOCI, POINTS
from projects.forms.fields import TextField, YesNoField
from projects.models import FocusAnswer
from projects.registers.register import Column, Pill, Register, RegisterForm


class FocusForm(RegisterForm):
    """One point, addressed or not, and where that can be seen."""

    point = forms.ChoiceField(
        label=_("Point"),
        choices=[
            ("", "---------"),
            *(
                (focus.name, [(code, f"{code} {text}") for code, text in focus.numbered.items()])
                for focus in FOCI.values()
            ),
        ],
    )
    addressed = YesNoField(label=_("Addressed"))
    pointer = TextField(
        label=_("Where to look"),
        required=False,
        rows=2,
        help_text=_("A document, a register or a link. Needed when the point is addressed."),
    )


def addressed_pill(row: FocusAnswer | None) -> Pill:
    """How an answer reads; nobody's answer is none."""
    if row is None:
        return Pill("addressed", "", _("Not answered"))
    return Pill("addressed", "yes", _("Addressed")) if row.addressed else Pill("addressed", "no", _("Not addressed"))


FOCUS_ANSWERS = Register(
    name="foci",
    title=_("Points of governance"),
    purpose=_(
        "What governance, change management and the team look after during the project, point by point: addressed or "
        "not, and where that can be seen. The newest answer to each point counts."
    ),
    stage="planning",
    source="Table 5",
    rows=lambda project: project.focusanswers.select_related("created_by").order_by("-id"),
    columns=(
        Column(_("Point"), lambda row: row.point),
        Column(_("What is looked after"), lambda row: POINTS.get(row.point, "")),
        Column(_("State"), addressed_pill),
        Column(_("Where to look"), lambda row: row.pointer),
        Column(_("Answered"), lambda row: row.created_at),
        Column(_("Answered by"), lambda row: row.created_by),
    ),
    form=FocusForm,
    add=actions.answer_point,
    add_label=_("Answer a point"),
    empty=_("Say of each point whether it is addressed. The page on governance shows them all."),
    pasted=("point", "addressed", "pointer"),
)
