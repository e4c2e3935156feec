"""The register of risks."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.actions import risks as actions
from projects.forms.fields import PersonOnProject, TextField
from projects.models import ChangeRisk, Project, Risk
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb

LIKELIHOOD = [(1, _("1 very low")), (2, _("2 low")), (3, _("3 medium")), (4, _("4 high")), (5, _("5 very high"))]
KINDS = dict(Risk.Kind.choices)


class Several(forms.MultipleChoiceField):
    """Some of a few choices: ticked in a browser, or pasted as words separated by commas."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return super().to_python(value)
        by_words = {str(label).casefold(): key for key, label in KINDS.items()}
        words = [word.strip() for word in value.replace("/", ",").split(",") if word.strip()]
        return [by_words.get(word.casefold(), word) for word in words]


class RiskForm(RegisterForm):
    """Something that may go wrong."""

    text = TextField(label=_("What may go wrong"))
    impacts = Several(label=_("Touches"), choices=Risk.Kind.choices)
    likelihood = forms.TypedChoiceField(label=_("Likelihood"), choices=LIKELIHOOD, coerce=int)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=LIKELIHOOD, coerce=int)
    response = forms.ChoiceField(
        label=_("Response"), choices=[("", _("Not decided yet")), *Risk.Response.choices], required=False
    )
    plan = TextField(label=_("What is done"), required=False)
    owner = PersonOnProject(label=_("Owner"), required=False)


class NewRiskForm(RiskForm):
    """A risk, and the name by which people call it."""

    ref = forms.CharField(
        label=_("Risk"), max_length=40, required=False, help_text=_("The next RISK number when left empty.")
    )


class JudgeForm(RegisterForm):
    """How a risk was addressed, or why it is accepted or unacceptable."""

    judgement = TextField(label=_("How, or why"), help_text=_("It stays in the record."))


class ReopenForm(RegisterForm):
    """Why a risk is open again."""

    reason = TextField(label=_("Reason"), help_text=_("It stays in the record."))


def _note(project: Project) -> str:
    """The operational risks by kind of impact: how many, and how many are neither addressed nor accepted."""
    found = list(project.risks.all())
    waiting = (Risk.State.OPEN, Risk.State.UNACCEPTABLE)
    told = []
    for kind, label in Risk.Kind.choices:
        of_kind = [risk for risk in found if kind in risk.kinds]
        left = sum(risk.state in waiting for risk in of_kind)
        told.append(f"{label} {len(of_kind)}" + (f" ({_('not settled')} {left})" if left else ""))
    return ", ".join(told) + "." if found else ""


def _kinds(row: Risk) -> str:
    return ", ".join(str(KINDS[kind]) for kind in row.kinds)


def _changes(row: Risk) -> str:
    """The changes that raised the risk or moved it (SEED-128)."""
    return ", ".join(
        f"{link.change} ({gettext('raised it')})" if link.raised else str(link.change)
        for link in row.change_links.all()
    )


RISKS = Register(
    name="risks",
    title=_("Risks"),
    purpose=_(
        "What may go wrong, how likely and how bad it is, and who does what about it. Before the release each risk is "
        "addressed, or accepted by the sponsor, operations, security or the solution manager."
    ),
    stage="planning",
    source="§RR",
    rows=lambda project: (
        project.risks.select_related("owner", "created_by", "judged_by")
        .prefetch_related(Prefetch("change_links", ChangeRisk.objects.select_related("change")))
        .order_by("-id")
    ),
    columns=(
        Column(_("Risk"), lambda row: row.ref),
        Column(_("What may go wrong"), lambda row: row.text),
        Column(_("State"), lambda row: Pill("risk", row.state, row.get_state_display())),
        Column(_("Touches"), _kinds),
        Column(_("Likelihood"), lambda row: row.likelihood, num=True),
        Column(_("Impact"), lambda row: row.impact, num=True),
        Column(_("Rating"), lambda row: row.rating, num=True),
        Column(_("Response"), lambda row: row.get_response_display()),
        Column(_("What is done"), lambda row: row.plan),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Changes"), _changes),
        Column(_("How, or why"), lambda row: row.judgement),
        Column(_("Judged by"), lambda row: row.judged_by),
    ),
    form=NewRiskForm,
    add=actions.add,
    add_label=_("Record a risk"),
    verbs=(
        Verb(
            "change",
            _("Change"),
            actions.change,
            form=RiskForm,
            when=lambda row: row.is_open,
            initial=lambda row: {
                **{name: getattr(row, name) for name in ("text", "likelihood", "impact", "response", "plan")},
                "impacts": row.kinds,
                "owner": row.owner_id,
            },
        ),
        Verb(
            "address",
            _("Addressed"),
            actions.address,
            form=JudgeForm,
            when=lambda row: row.is_open and row.owner_id is not None and bool(row.response),
            explain=_("What was planned against the risk is done, and what remains is small."),
        ),
        Verb(
            "accept",
            _("Accept"),
            actions.accept,
            form=JudgeForm,
            open_to=actions.is_authority,
            when=lambda row: row.is_open,
            explain=_("You lend your name to living with this risk. Whoever recorded it cannot."),
        ),
        Verb(
            "unacceptable",
            _("Unacceptable"),
            actions.call_unacceptable,
            form=JudgeForm,
            open_to=actions.is_authority,
            when=lambda row: row.is_open,
            explain=_("The release cannot go while this risk stands as it is: Release Readiness ends in a no-go."),
        ),
        Verb(
            "reopen",
            _("Reopen"),
            actions.reopen,
            form=ReopenForm,
            when=lambda row: not row.is_open,
            explain=_("The risk stands open again and must be addressed or accepted anew."),
        ),
    ),
    empty=_("Record what may go wrong, with an owner and a response: the plan's review asks for it."),
    pasted=("text", "impacts", "likelihood", "impact", "response", "plan", "owner", "ref"),
    note=_note,
)
