"""Registers about the plans around a release: contacts, communications, prerequisites, change records."""

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.actions import change_risks
from projects.actions import strategy as actions
from projects.escalation import last_told_words
from projects.forms.answers import ClockField, YesNoField
from projects.forms.fields import DayField, PersonOnProject, RiskOfProject, TextField
from projects.models import ChangeRecord, ChangeRisk, Communication, Prerequisite
from projects.registers.dropping import DROP
from projects.registers.environment import why
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb
from projects.registers.risks import LIKELIHOOD, NewRiskForm

COMMUNICATION_WORDS = {"open": _("Planned"), "done": _("Sent"), "dropped": _("Dropped")}
PREREQUISITE_WORDS = {
    "open": _("Not confirmed"),
    "done": _("Met"),
    "failed": _("Not met"),
    "dropped": _("Dropped"),
}


class ContactForm(RegisterForm):
    """Whom to call."""

    level = forms.IntegerField(label=_("Level"), min_value=1, max_value=20, help_text=_("1 is called first."))
    name = forms.CharField(label=_("Who"), max_length=200)
    role = forms.CharField(label=_("Role"), max_length=200, required=False)
    call_when = forms.CharField(
        label=_("Called when"), max_length=300, help_text=_("For example: no answer from level 1 after 15 minutes.")
    )
    reach = forms.CharField(label=_("Telephone or mail"), max_length=200)
    hours = forms.CharField(label=_("Hours"), max_length=200)


CONTACTS = Register(
    name="contacts",
    title=_("Escalation contacts"),
    purpose=_(
        "Whom to call when something breaks, in which order. When and to whom the list was told is recorded under "
        "Communications."
    ),
    stage="stabilize",
    source="Table 4, Strategy",
    rows=lambda project: project.escalationcontacts.all(),
    columns=(
        Column(_("Who"), lambda row: row.name),
        Column(_("Level"), lambda row: row.level, num=True),
        Column(_("Role"), lambda row: row.role),
        Column(_("Called when"), lambda row: row.call_when),
        Column(_("Telephone or mail"), lambda row: row.reach),
        Column(_("Hours"), lambda row: row.hours),
        Column(_("Dropped because"), lambda row: row.drop_reason),
    ),
    form=ContactForm,
    add=actions.add_contact,
    add_label=_("Add a contact"),
    verbs=(DROP,),
    empty=_("Name who is called first, and who when the first does not answer."),
    pasted=("level", "name", "role", "call_when", "reach", "hours"),
    note=last_told_words,
)


class SentForm(RegisterForm):
    """When and by whom it was sent."""

    sent_at = ClockField(label=_("Sent at"))
    sender = PersonOnProject(label=_("Sender"), required=False, help_text=_("You, when left empty."))


class CommunicationForm(RegisterForm):
    """An affected party is told something."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Communication.Kind.choices)
    party = forms.CharField(
        label=_("Affected party"), max_length=200, help_text=_("One row for each party, so that none is forgotten.")
    )
    subject = forms.CharField(label=_("Subject"), max_length=300)
    channel = forms.CharField(label=_("Channel"), max_length=200, help_text=_("For example: letter, mail, intranet."))
    planned_on = DayField(label=_("Planned on"), required=False)
    sent_at = ClockField(label=_("Sent at"), required=False, help_text=_("Leave empty while it is only planned."))
    sender = PersonOnProject(
        label=_("Sender"), required=False, help_text=_("You, when it is sent and this is left empty.")
    )


COMMUNICATIONS = Register(
    name="communications",
    title=_("Communications"),
    purpose=_("Who is told what about the release, by which channel, when and by whom; ordered by party."),
    stage="planning",
    source="Table 3, Outputs",
    rows=lambda project: project.communications.select_related("sender"),
    columns=(
        Column(_("Affected party"), lambda row: row.party),
        Column(_("Subject"), lambda row: row.subject),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Channel"), lambda row: row.channel),
        Column(_("State"), lambda row: Pill("prepared", row.state, COMMUNICATION_WORDS[row.state])),
        Column(_("Planned on"), lambda row: row.planned_on),
        Column(_("Sent at"), lambda row: row.sent_at),
        Column(_("Sender"), lambda row: row.sender),
        Column(_("Dropped because"), lambda row: row.drop_reason),
    ),
    form=CommunicationForm,
    add=actions.add_communication,
    add_label=_("Record a communication"),
    verbs=(
        Verb(
            "sent",
            _("Sent"),
            actions.communication_sent,
            SentForm,
            when=lambda row: row.state == "open",
            explain=_("It has gone out. From here on the row stays as it is."),
        ),
        DROP,
    ),
    empty=_("Plan whom to tell of the release: one row for each affected party."),
    pasted=("kind", "party", "subject", "channel", "planned_on", "sent_at"),
)


class PrerequisiteForm(RegisterForm):
    """Something must be true before the plan can be carried out."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Prerequisite.Kind.choices)
    text = forms.CharField(label=_("Prerequisite"), max_length=300)


class PrerequisiteAnswerForm(RegisterForm):
    met = YesNoField(label=_("Is it met?"))
    evidence = TextField(label=_("What shows it"))


PREREQUISITES = Register(
    name="prerequisites",
    title=_("Prerequisites of the plan"),
    purpose=_(
        "What must be true before the plan can be carried out, such as users being there to test for acceptance."
    ),
    stage="stabilize",
    source="Table 4, Strategy",
    rows=lambda project: project.prerequisites.select_related("confirmed_by"),
    columns=(
        Column(_("Prerequisite"), lambda row: row.text),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("State"), lambda row: Pill("prepared", row.state, PREREQUISITE_WORDS[row.state])),
        Column(_("Answered by"), lambda row: row.confirmed_by),
        Column(_("What shows it"), why),
    ),
    form=PrerequisiteForm,
    add=actions.add_prerequisite,
    add_label=_("Record a prerequisite"),
    verbs=(
        Verb(
            "confirm",
            _("Confirm"),
            actions.answer_prerequisite,
            PrerequisiteAnswerForm,
            when=lambda row: not row.is_dropped,
            explain=_("Say whether it is met now, and what shows it."),
        ),
        DROP,
    ),
    empty=_("List what the deployment plan takes for granted."),
    pasted=("kind", "text"),
)


AS_IT_IS = [("", _("as it is")), *LIKELIHOOD]


class ChangeForm(RegisterForm):
    """A change and what it does to the project."""

    ref = forms.CharField(
        label=_("Reference"), max_length=60, help_text=_("Its number in the organisation's own change records.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    scope_effect = TextField(label=_("Effect on scope"), rows=2, help_text=_("Write none where there is none."))
    resource_effect = TextField(label=_("Effect on resourcing"), rows=2)
    management_effect = TextField(label=_("Effect on project management"), rows=2)
    financial_effect = TextField(label=_("Financial impact"), rows=2)


class ChangeStatusForm(RegisterForm):
    status = forms.ChoiceField(label=_("Status"), choices=ChangeRecord.Status.choices)
    reason = TextField(label=_("What shows it"))


class LinkRiskForm(RegisterForm):
    """What the change does to a risk that is known."""

    risk = RiskOfProject()
    effect = TextField(label=_("What the change does to it"), rows=2)
    likelihood = forms.TypedChoiceField(
        label=_("Likelihood from now on"), choices=AS_IT_IS, coerce=int, empty_value=None, required=False
    )
    impact = forms.TypedChoiceField(
        label=_("Impact from now on"), choices=AS_IT_IS, coerce=int, empty_value=None, required=False
    )


def _risks(row: ChangeRecord) -> str:
    """The risks that the change raised or moved (SEED-128)."""
    return ", ".join(
        f"{link.risk} ({gettext('raised')})" if link.raised else str(link.risk) for link in row.risk_links.all()
    )


CHANGE_RECORDS = Register(
    name="change_records",
    title=_("Change records"),
    purpose=_("Changes by their reference in the organisation's own records, each with its effects on the project."),
    stage="planning",
    source="Table 4, Strategy; Table 5",
    rows=lambda project: project.changerecords.prefetch_related(
        Prefetch("risk_links", ChangeRisk.objects.select_related("risk"))
    ),
    columns=(
        Column(_("Reference"), lambda row: row.ref),
        Column(_("Title"), lambda row: row.title),
        Column(_("Status"), lambda row: Pill("change_record", row.status, row.get_status_display())),
        Column(_("Scope"), lambda row: row.scope_effect),
        Column(_("Resourcing"), lambda row: row.resource_effect),
        Column(_("Project management"), lambda row: row.management_effect),
        Column(_("Financial impact"), lambda row: row.financial_effect),
        Column(_("Risks"), _risks),
    ),
    form=ChangeForm,
    add=actions.add_change_record,
    add_label=_("Record a change"),
    verbs=(
        Verb(
            "status",
            _("Set the status"),
            actions.set_change_status,
            ChangeStatusForm,
            open_to=lambda place: place.approves,
            explain=_("In order means: the organisation's change documents are complete and agreed."),
            initial=lambda row: {"status": row.status},
        ),
        Verb(
            "raise_risk",
            _("Raise a risk"),
            change_risks.raise_risk,
            NewRiskForm,
            explain=_("The risk goes into the register of risks, and both stay linked."),
        ),
        Verb(
            "link_risk",
            _("Link a risk"),
            change_risks.link_risk,
            LinkRiskForm,
            explain=_("The change touches a risk that is recorded; the risk can be rated anew at once."),
        ),
    ),
    empty=_("Record the change request under which the release goes into production."),
    pasted=("ref", "title", "scope_effect", "resource_effect", "management_effect", "financial_effect"),
)
