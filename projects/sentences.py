"""What an entry of the ledger says, as a sentence without who and when, and each change as old and new in words.

An entry is a line of JSON with the names of fields and the stored values; here they become the words of the pages.
Upper apps add the sentences of their own events to `SENTENCES` when they are loaded.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.catalog.statements import STATEMENTS
from projects.models import LedgerEntry, Stage

Body = Mapping[str, Any]
Sentence = str | Promise | Callable[[Body], str]


@dataclass(frozen=True)
class Change:
    """One field, from what to what, in words."""

    field: str
    old: str
    new: str


FEW = 4


@dataclass(frozen=True)
class Told:
    """An entry in words. `who` is the name as it was then; empty for the system itself."""

    who: str
    sentence: str
    changes: list[Change]
    reason: str

    @property
    def is_short(self) -> bool:
        """A change of few values, worth reading at once; what a new row was made with can wait."""
        return 0 < len(self.changes) <= FEW and any(change.old for change in self.changes)


def tell(entry: LedgerEntry) -> Told:
    """The entry's sentence, its changes and the reason given. No query."""
    body = json.loads(entry.line)
    return Told(
        who=named(body["actor"]),
        sentence=sentence_of(entry.event, body),
        changes=changes_of(entry.object_type, entry.event, body),
        reason=str(body.get("reason", "")),
    )


def sentence_of(event: str, body: Body) -> str:
    """The sentence of an event; an event that nobody worded is named, never hidden."""
    known = SENTENCES.get(event)
    if known is None:
        return _("did: %(event)s") % {"event": event.replace("_", " ").replace(".", " ")}
    return known(body) if callable(known) else str(known)


def object_name(body: Body) -> str:
    return str(body["object"]["name"])


def named(value: object) -> str:
    """A person or a row as the line holds it: its name, else its number."""
    if isinstance(value, Mapping):
        return str(value.get("name") or f"#{value.get('id')}")
    return "" if value is None else str(value)


def _after(body: Body, name: str) -> Any:
    return body["after"].get(name, body["before"].get(name))


def _artifact(text: str | Promise) -> Callable[[Body], str]:
    """A sentence about an artifact or one of its versions, whose kind the line holds somewhere."""

    def worded(body: Body) -> str:
        kind = _after(body, "kind") or str(named(_after(body, "artifact"))).split(" ")[0]
        label = _after(body, "label")
        name = artifact_name(str(kind)) if kind else ""
        return str(text) % {"artifact": " ".join(filter(None, (name, label))) or object_name(body)}

    return worded


def _role(text: str | Promise) -> Callable[[Body], str]:
    def worded(body: Body) -> str:
        return str(text) % {"role": role_name(str(_after(body, "role"))), "person": named(_after(body, "user"))}

    return worded


def _move(stage: str) -> Callable[[Body], str]:
    return lambda body: _("moved the project to %(stage)s") % {"stage": Stage(stage).label}


def _run(text: str | Promise) -> Callable[[Body], str]:
    def worded(body: Body) -> str:
        kind = STAGES.get(str(_after(body, "stage")))
        return str(text) % {"stage": kind.name if kind else "", "number": _after(body, "iteration")}

    return worded


OUTCOMES = {outcome.code: outcome.text for stage in STAGES.values() for outcome in stage.outcomes}


def _outcome(text: str | Promise) -> Callable[[Body], str]:
    def worded(body: Body) -> str:
        code = str(_after(body, "outcome"))
        return str(text) % {"outcome": OUTCOMES.get(code, code)}

    return worded


def _statement(text: str | Promise) -> Callable[[Body], str]:
    def worded(body: Body) -> str:
        topic = STATEMENTS.get(str(_after(body, "topic")))
        return str(text) % {"statement": topic.title if topic else object_name(body)}

    return worded


def _named(text: str | Promise) -> Callable[[Body], str]:
    """A sentence about a row by the name that the line holds."""
    return lambda body: str(text) % {"object": object_name(body)}


def worded_with(text: str | Promise, *names: str) -> Callable[[Body], str]:
    return lambda body: str(text) % {name: named(_after(body, name)) for name in names}


SENTENCES: dict[str, Sentence] = {
    "project.created": gettext_lazy("registered the project"),
    "project.edited": gettext_lazy("changed the project's facts"),
    "project.recategorised": gettext_lazy("changed the change category"),
    "project.put_on_hold": gettext_lazy("put the project on hold"),
    "project.resumed": gettext_lazy("resumed the project"),
    "project.cancelled": gettext_lazy("cancelled the project"),
    "project.gate_opened": gettext_lazy("opened a gate for the project"),
    "project.gate_shut": gettext_lazy("shut a gate of the project"),
    "role.assigned": _role(gettext_lazy("named %(person)s as %(role)s")),
    "role.ended": _role(gettext_lazy("ended the role %(role)s of %(person)s")),
    "role.basis_recorded": _role(gettext_lazy("recorded what %(person)s as %(role)s builds on")),
    "role.acknowledged": _role(gettext_lazy("acknowledged the role %(role)s")),
    "stage.start_envision": _move(Stage.ENVISION),
    "stage.start_planning": _move(Stage.PLANNING),
    "stage.start_build": _move(Stage.BUILD),
    "stage.start_stabilize": _move(Stage.STABILIZE),
    "stage.start_deploy": _move(Stage.DEPLOY),
    "stage.close": gettext_lazy("closed the project"),
    "stage.return_to_planning": gettext_lazy("returned the project to Project Planning"),
    "stage.return_to_build": gettext_lazy("returned the project to Build"),
    "stage.return_to_stabilize": gettext_lazy("returned the project to Stabilize"),
    "stage.exit_recorded": worded_with(gettext_lazy("decided %(milestone)s and kept what it stood on"), "milestone"),
    "stage.started": _run(gettext_lazy("began passage %(number)s through %(stage)s")),
    "stage.ended": _run(gettext_lazy("ended passage %(number)s through %(stage)s")),
    "stage.outside": _named(gettext_lazy("said that this stage was run outside the system: %(object)s")),
    "conflict.logged": worded_with(gettext_lazy("logged a conflict with %(other)s: %(text)s"), "other", "text"),
    "conflict.resolved": _named(gettext_lazy("resolved the conflict: %(object)s")),
    "outcome.confirmed": _outcome(gettext_lazy("confirmed: %(outcome)s")),
    "outcome.not_confirmed": _outcome(gettext_lazy("could not confirm: %(outcome)s")),
    "requirement.added": worded_with(gettext_lazy("recorded requirement %(ref)s"), "ref"),
    "feature.added": worded_with(gettext_lazy("recorded feature %(ref)s"), "ref"),
    "feature.changed": _named(gettext_lazy("changed feature %(object)s")),
    "feature.status_changed": _named(gettext_lazy("changed the status of feature %(object)s")),
    "feature.tested": _named(gettext_lazy("recorded the test of feature %(object)s")),
    "feature.deferred": _named(gettext_lazy("deferred feature %(object)s")),
    "feature.deferral_approved": _named(gettext_lazy("approved that feature %(object)s is deferred")),
    "feature.linked": worded_with(
        gettext_lazy("recorded that %(feature)s meets %(requirement)s"), "feature", "requirement"
    ),
    "feature.unlinked": _named(gettext_lazy("ended the link %(object)s")),
    "operational.evaluated": worded_with(gettext_lazy("evaluated the design against %(requirement)s"), "requirement"),
    "candidate.added": worded_with(gettext_lazy("named release candidate %(ref)s"), "ref"),
    "parts.checked": _artifact(gettext_lazy("looked for the parts of %(artifact)s")),
    "statement.signed": _statement(gettext_lazy("signed: %(statement)s")),
    "issue.added": worded_with(gettext_lazy("recorded issue %(ref)s"), "ref"),
    "issue.settled": _named(gettext_lazy("settled issue %(object)s")),
    "issue.reopened": _named(gettext_lazy("reopened issue %(object)s")),
    "pilot.added": worded_with(gettext_lazy("planned pilot %(ref)s"), "ref"),
    "rollback.rehearsed": gettext_lazy("recorded a rehearsal of the way back"),
    "pilot.result": _named(gettext_lazy("recorded the result of pilot %(object)s")),
    "testrun.added": worded_with(gettext_lazy("recorded test results: %(name)s"), "name"),
    "risk.added": worded_with(gettext_lazy("recorded risk %(ref)s"), "ref"),
    "risk.changed": _named(gettext_lazy("changed risk %(object)s")),
    "risk.addressed": _named(gettext_lazy("recorded risk %(object)s as addressed")),
    "risk.accepted": _named(gettext_lazy("accepted risk %(object)s")),
    "risk.unacceptable": _named(gettext_lazy("called risk %(object)s unacceptable")),
    "risk.reopened": _named(gettext_lazy("reopened risk %(object)s")),
    "training.planned": worded_with(gettext_lazy("planned training: %(course)s"), "course"),
    "training.done": _named(gettext_lazy("confirmed that training is done: %(object)s")),
    "agreement.added": worded_with(gettext_lazy("recorded the agreement with %(party)s"), "party"),
    "agreement.judged": _named(gettext_lazy("judged the agreement with %(object)s")),
    "procedure.added": worded_with(gettext_lazy("recorded a procedure at %(site)s"), "site"),
    "procedure.answered": _named(gettext_lazy("said how things stand with a procedure: %(object)s")),
    "contact.added": worded_with(gettext_lazy("put %(name)s on the escalation list"), "name"),
    "communication.added": worded_with(
        gettext_lazy("recorded what %(party)s is told: %(subject)s"), "party", "subject"
    ),
    "communication.sent": _named(gettext_lazy("recorded as sent: %(object)s")),
    "prerequisite.added": worded_with(gettext_lazy("recorded a prerequisite: %(text)s"), "text"),
    "prerequisite.answered": _named(gettext_lazy("said whether a prerequisite is met: %(object)s")),
    "change_record.added": worded_with(gettext_lazy("recorded change %(ref)s"), "ref"),
    "change_record.status_changed": _named(gettext_lazy("changed the status of change %(object)s")),
    "change_risk.raised": _named(gettext_lazy("recorded that a change raises a risk: %(object)s")),
    "change_risk.linked": _named(gettext_lazy("recorded what a change does to a risk: %(object)s")),
    "row.dropped": _named(gettext_lazy("dropped from a register: %(object)s")),
    "funding.approved": _named(gettext_lazy("recorded that %(object)s were approved")),
    "deliverable.listed": _named(gettext_lazy("listed the deliverable %(object)s")),
    "deliverable.planned": _named(gettext_lazy("planned the deliverable %(object)s")),
    "milestone.planned": _named(gettext_lazy("planned the milestone %(object)s")),
    "milestone.met": _named(gettext_lazy("met the milestone %(object)s")),
    "milestone.not_met": _named(gettext_lazy("said why the milestone %(object)s is not met")),
    "metric.named": _named(gettext_lazy("named the metric %(object)s")),
    "metric.measured": _named(gettext_lazy("recorded a measurement: %(object)s")),
    "control.proposed": _named(gettext_lazy("proposed the internal control %(object)s")),
    "control.approved": _named(gettext_lazy("approved the internal control %(object)s")),
    "control.built": _named(gettext_lazy("marked the internal control %(object)s as built")),
    "control.verified": _named(gettext_lazy("verified the internal control %(object)s")),
    "control.sent_back": _named(gettext_lazy("sent the internal control %(object)s back to be built")),
    "control.withdrawn": _named(gettext_lazy("withdrew the internal control %(object)s")),
    "gap.recorded": _named(gettext_lazy("recorded a gap: %(object)s")),
    "gap.closed": _named(gettext_lazy("closed the gap: %(object)s")),
    "opportunity.recorded": _named(gettext_lazy("recorded an opportunity: %(object)s")),
    "opportunity.decided": _named(gettext_lazy("decided on the opportunity: %(object)s")),
    "environment.named": _named(gettext_lazy("named the environment %(object)s")),
    "level.compared": _named(gettext_lazy("compared %(object)s with what is supported")),
    "level.assessed": _named(gettext_lazy("assessed %(object)s again")),
    "compliance.reviewed": _named(gettext_lazy("recorded a compliance review of %(object)s")),
    "deployment.planned": _named(gettext_lazy("planned to deploy %(object)s")),
    "deployment.started": _named(gettext_lazy("began to deploy %(object)s")),
    "deployment.ended": _named(gettext_lazy("recorded the result of deploying %(object)s")),
    "deployment.stable": _named(gettext_lazy("said that %(object)s is stable in production")),
    "deployment.dropped": _named(gettext_lazy("dropped the deployment of %(object)s")),
    "quiet_period.set": _named(gettext_lazy("set: %(object)s")),
    "quiet_period.ended": _named(gettext_lazy("ended: %(object)s")),
    "incident.recorded": _named(gettext_lazy("recorded incident %(object)s")),
    "incident.resolved": _named(gettext_lazy("resolved incident %(object)s")),
    "rollout.assigned": _named(gettext_lazy("set a rollout task: %(object)s")),
    "rollout.handed_over": _named(gettext_lazy("handed over a rollout task: %(object)s")),
    "rollout.done": _named(gettext_lazy("finished a rollout task: %(object)s")),
    "intent.judged": _named(gettext_lazy("compared an intent with its result: %(object)s")),
    "focus.answered": _named(gettext_lazy("said whether a point of governance is addressed: %(object)s")),
    "team.released": _named(gettext_lazy("released from the project: %(object)s")),
    "template.created": worded_with(gettext_lazy("wrote change template %(code)s"), "code"),
    "template.changed": gettext_lazy("changed a change template"),
    "template.approved": gettext_lazy("found a change template known and tested"),
    "template.reinstated": gettext_lazy("took a change template up again"),
    "template.suspended": gettext_lazy("suspended a change template"),
    "template.failed": gettext_lazy("counted a failed run of a change template"),
    "tailoring.approved": worded_with(gettext_lazy("approved version %(number)s of the tailoring sheet"), "number"),
    "template_run.recorded": gettext_lazy("recorded how the change went"),
    "standard_step.done": worded_with(gettext_lazy("did step %(number)s of the template"), "number"),
    "artifact.version_added": _artifact(gettext_lazy("added %(artifact)s")),
    "artifact.submitted": _artifact(gettext_lazy("submitted %(artifact)s for approval")),
    "artifact.approved": _artifact(gettext_lazy("approved %(artifact)s")),
    "artifact.sent_back": _artifact(gettext_lazy("sent %(artifact)s back")),
    "artifact.status_changed": _artifact(gettext_lazy("changed the status of %(artifact)s")),
    "artifact.planned": _artifact(gettext_lazy("planned %(artifact)s")),
    "artifact.not_applicable_asked": _artifact(gettext_lazy("said that %(artifact)s does not apply")),
    "artifact.not_applicable": _artifact(gettext_lazy("agreed that %(artifact)s does not apply")),
    "artifact.not_applicable_refused": _artifact(gettext_lazy("refused to call %(artifact)s not applicable")),
    "gate.opened": worded_with(gettext_lazy("opened the gate on the strength of %(review_ref)s"), "review_ref"),
    "gate.revoked": gettext_lazy("closed a gate that was open"),
    "notice.sent": worded_with(gettext_lazy("told %(recipient)s: %(subject)s"), "recipient", "subject"),
    "notice.failed": worded_with(gettext_lazy("could not tell %(recipient)s: %(subject)s"), "recipient", "subject"),
    "notice.retried": gettext_lazy("sent a mail again that had failed"),
    "import.mapping_saved": gettext_lazy("kept how a file's columns are read"),
    "import.uploaded": gettext_lazy("uploaded a file of projects"),
    "import.checked": gettext_lazy("had a file of projects checked"),
    "import.started": gettext_lazy("had a file of projects taken over"),
}

# --- Changes ----------------------------------------------------------------------------------------------------------
# Fields that the sentence says already, or that mean nothing to a reader.
SAID = {"project", "review", "version", "id"}
LONG = 280


def changes_of(object_type: str, event: str, body: Body) -> list[Change]:
    """What changed, field by field: of a change both sides, of a new row what it was made with."""
    before, after = body["before"], body["after"]
    model = _model(object_type)
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if name in SAID or old == new or (name not in before and new in (None, "", [], {})):
            continue
        found.append(Change(field_label(model, name), in_words(model, name, old), in_words(model, name, new)))
    return found


def _model(object_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def field_label(model: type[models.Model] | None, name: str) -> str:
    """The field's own words, with a capital."""
    field = _field(model, name)
    words = str(getattr(field, "verbose_name", "") or name.replace("_", " "))
    return words[:1].upper() + words[1:]


def in_words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """A stored value as people read it: a choice by its label, a moment in the reader's zone, a row by its name."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return named(value) if {"id", "name"} & set(value) else ", ".join(named(each) for each in value.values())
    if isinstance(value, list):
        return ", ".join(in_words(model, "", each) for each in value)
    field = _field(model, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    text = str(value)
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(datetime.fromisoformat(text)), "j M Y, H:i")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(text), "j M Y")
    match name:
        case "role":
            text = role_name(text)
        case "kind" | "artifact":
            text = artifact_name(text)
        case "stage" if text in Stage.values:
            text = str(Stage(text).label)
    return text if len(text) <= LONG else text[:LONG].rstrip() + " …"
