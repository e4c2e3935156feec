"""The register of internal controls."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions import controls as actions
from projects.forms.fields import TextField
from projects.models import InternalControl
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb

State = InternalControl.State


class ControlForm(RegisterForm):
    """A control that the solution shall contain."""

    ref = forms.CharField(
        label=_("Control"), max_length=30, required=False, help_text=_("The next IC number when left empty.")
    )
    text = TextField(label=_("What it makes sure of"))


class BuiltForm(RegisterForm):
    """Where a control can be found."""

    built_where = TextField(label=_("Where it is built in"))


class VerifiedForm(RegisterForm):
    """What shows that a control works."""

    verified_how = TextField(label=_("How it was verified"))


class ReasonForm(RegisterForm):
    """Why a control goes back or is withdrawn."""

    reason = TextField(label=_("Reason"))


CONTROLS = Register(
    name="controls",
    title=_("Internal controls"),
    purpose=_(
        "Controls that the solution will contain: approved with the plan, built in Build, verified before the release "
        "by somebody who did not build them."
    ),
    stage="planning",
    source="Table 2",
    rows=lambda project: project.internalcontrols.select_related(
        "created_by", "approved_by", "built_by", "verified_by"
    ).order_by("id"),
    columns=(
        Column(_("Control"), lambda row: row.ref),
        Column(_("What it makes sure of"), lambda row: row.text),
        Column(_("State"), lambda row: Pill("control", row.state, row.state.label)),
        Column(_("Proposed by"), lambda row: row.created_by),
        Column(_("Approved by"), lambda row: row.approved_by),
        Column(_("Built by"), lambda row: row.built_by),
        Column(_("Where it is built in"), lambda row: row.built_where),
        Column(_("Verified by"), lambda row: row.verified_by),
        Column(_("How it was verified"), lambda row: row.verified_how),
    ),
    form=ControlForm,
    add=actions.add,
    add_label=_("Propose a control"),
    verbs=(
        Verb(
            "approve",
            _("Approve"),
            actions.approve,
            open_to=lambda place: place.approves,
            when=lambda row: row.state == State.PROPOSED,
            explain=_("The control is to be built. Whoever proposed it does not approve it."),
        ),
        Verb("built", _("Mark as built"), actions.build, BuiltForm, when=lambda row: row.state == State.APPROVED),
        Verb(
            "verify",
            _("Verify"),
            actions.verify,
            VerifiedForm,
            when=lambda row: row.state == State.BUILT,
            explain=_("The control does what it is for. Whoever built it does not verify it."),
        ),
        Verb(
            "send-back",
            _("Send back"),
            actions.send_back,
            ReasonForm,
            when=lambda row: row.state in (State.BUILT, State.VERIFIED),
            explain=_("The control is not built as agreed: it is to be built and verified again."),
        ),
        Verb(
            "withdraw",
            _("Withdraw"),
            actions.withdraw,
            ReasonForm,
            open_to=lambda place: place.approves,
            when=lambda row: row.state != State.WITHDRAWN,
            explain=_("The control is asked for no more."),
        ),
    ),
    empty=_("Propose the controls that the solution must contain, for example two people for every payment."),
    pasted=("ref", "text"),
)
