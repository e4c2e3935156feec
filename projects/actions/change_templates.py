"""Templates of standard changes: written, accepted as known and tested, suspended, taken up again (SEED-07, EXT-17)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import ledger
from projects.actions.projects import required_reason
from projects.blocker import NotAllowed, Refused
from projects.facts import CODE, RESERVED_CODES
from projects.models import ChangeTemplate, User

State = ChangeTemplate.State


class NotNow(Refused):
    """The template is not in a state that allows this."""


@dataclass(frozen=True, kw_only=True)
class TemplateContent:
    """What a template says.

    Args:
        steps: one a line.
        plan: becomes the project plan (ART-11) of each change made from it.
        deployment: becomes the deployment procedures with their rollback (ART-36).
    """

    title: str
    changes: str
    steps: str
    project_type: str
    nature: str
    size: str
    plan: str
    deployment: str


def may_write(user: User) -> bool:
    """Who may propose and keep templates: those who register projects, and process owners."""
    return user.is_active and (user.is_solution_manager or user.is_program_manager or user.is_process_owner)


def may_accept(user: User) -> bool:
    """Who may find a template known and tested, if it is not his own."""
    return user.is_active and (user.is_solution_manager or user.is_process_owner)


def may_change(user: User, template: ChangeTemplate) -> bool:
    return may_write(user) or _owns(user, template)


def may_suspend(user: User, template: ChangeTemplate) -> bool:
    return may_accept(user) or _owns(user, template)


def may_accept_this(user: User, template: ChangeTemplate) -> bool:
    """Nobody approves what he owns or wrote."""
    return may_accept(user) and user not in (template.owner, template.written_by)


def _owns(user: User, template: ChangeTemplate) -> bool:
    return user.is_active and not user.is_auditor and user == template.owner


@transaction.atomic
def create(*, by: User, owner: User, content: TemplateContent, now: datetime, code: str = "") -> ChangeTemplate:
    """A draft stands in the catalogue of templates; no change can be made from it yet.

    Args:
        owner: answers for the template; never approves it.
        code: unique, e.g. TPL-STD-004; the next free one when empty.

    Raises: NotAllowed, Refused.
    """
    _require(may_write(by), _("Templates are written by solution managers, program managers and process owners."))
    _require_owner(owner)
    code = code.strip() or _next_code()
    if not CODE.fullmatch(code) or code in RESERVED_CODES:
        raise Refused(_("A code is 1 to 40 letters, digits, dots, dashes or underscores, e.g. TPL-STD-004."))
    if ChangeTemplate.objects.filter(code=code).exists():
        raise Refused(_("The code %(code)s is taken.") % {"code": code})
    template = ChangeTemplate.objects.create(
        code=code, owner=owner, written_by=by, created_by=by, created_at=now, **_complete(content)
    )
    ledger.record(project=None, by=by, event="template.created", obj=template, now=now, after=ledger.row(template))
    return template


@transaction.atomic
def edit(*, template_id: int, by: User, owner: User, content: TemplateContent, now: datetime) -> ChangeTemplate:
    """A draft or suspended template says this from now on. Raises: NotAllowed, NotNow, Refused."""
    template = _locked(template_id)
    _require(may_change(by, template), _("Templates are changed by their owner or who may write them."))
    _require_owner(owner)
    if template.state == State.KNOWN:
        raise NotNow(_("An approved template is not changed: suspend it, change it, and have it approved again."))
    given = {**_complete(content), "owner": owner, "written_by": by}
    new = {name: value for name, value in given.items() if getattr(template, name) != value}
    if set(new) <= {"written_by"}:
        return template
    return _set(template, by=by, event="template.changed", now=now, approved_by=None, approved_at=None, **new)


@transaction.atomic
def approve(*, template_id: int, by: User, note: str, evidence: str, expires_on: date, now: datetime) -> ChangeTemplate:
    """The draft is known and tested: standard changes can be opened from it until it expires.

    Args:
        evidence: what shows that it was tested, as text or link.
        expires_on: the last day on which a change can be opened from it.

    Raises: NotAllowed, NotNow, Refused.
    """
    template = _locked(template_id)
    if template.state != State.DRAFT:
        raise NotNow(_("Only a draft is approved."))
    return _accept(
        template, event="template.approved", by=by, note=note, evidence=evidence, expires_on=expires_on, now=now
    )


@transaction.atomic
def reinstate(
    *, template_id: int, by: User, note: str, evidence: str, expires_on: date, now: datetime
) -> ChangeTemplate:
    """A suspended or expired template is known and tested again, on new evidence.

    Raises: NotAllowed, NotNow, Refused.
    """
    template = _locked(template_id)
    if not (template.state == State.SUSPENDED or template.expired(timezone.localdate(now))):
        raise NotNow(_("Only a suspended or expired template is reinstated."))
    if evidence.strip() == template.evidence:
        raise Refused(_("Give new test evidence: this is what it was approved on before."))
    return _accept(
        template, event="template.reinstated", by=by, note=note, evidence=evidence, expires_on=expires_on, now=now
    )


@transaction.atomic
def suspend(*, template_id: int, by: User, reason: str, now: datetime) -> ChangeTemplate:
    """No change can be opened from it any more; those under way go on. Raises: NotAllowed, NotNow, ReasonMissing."""
    template = _locked(template_id)
    _require(may_suspend(by, template), _("A template is suspended by its owner or who may approve it."))
    if template.state != State.KNOWN:
        raise NotNow(_("Only a template that is known and tested is suspended."))
    reason = required_reason(reason)
    return _set(template, by=by, event="template.suspended", now=now, state=State.SUSPENDED, suspended_reason=reason)


def count_failure(template_id: int, *, by: User, reason: str, now: datetime) -> ChangeTemplate:
    """One more run has failed, and the template is suspended; the caller has checked who may (EXT-17)."""
    template = _locked(template_id)
    new: dict[str, Any] = {"failures": template.failures + 1}
    if template.state == State.KNOWN:
        new |= {"state": State.SUSPENDED, "suspended_reason": reason}
    return _set(template, by=by, event="template.failed", now=now, **new)


def _accept(
    template: ChangeTemplate, *, event: str, by: User, note: str, evidence: str, expires_on: date, now: datetime
) -> ChangeTemplate:
    _require(may_accept(by), _("A template is approved by a solution manager or a process owner."))
    _require(
        may_accept_this(by, template),
        _("Nobody approves a template that he owns or wrote: ask another solution manager or process owner."),
    )
    if not note.strip() or not evidence.strip():
        raise Refused(_("Say why it is approved and what shows that it was tested."))
    if expires_on <= timezone.localdate(now):
        raise Refused(_("The approval must end after today."))
    return _set(
        template,
        by=by,
        event=event,
        now=now,
        state=State.KNOWN,
        approved_by=by,
        approved_at=now,
        approval_note=note.strip(),
        evidence=evidence.strip(),
        expires_on=expires_on,
        suspended_reason="",
    )


def _complete(content: TemplateContent) -> dict[str, str]:
    given = {name: str(value).strip() for name, value in asdict(content).items()}
    missing = [name for name, value in given.items() if not value]
    if missing:
        labels = ", ".join(str(ChangeTemplate._meta.get_field(name).verbose_name) for name in missing)  # type: ignore[union-attr]  # all are plain fields
        raise Refused(_("Still empty: %(names)s.") % {"names": labels})
    return given


def _require(allowed: bool, text: str) -> None:
    if not allowed:
        raise NotAllowed(text)


def _require_owner(owner: User) -> None:
    if not owner.is_active or owner.is_auditor:
        raise Refused(_("%(person)s cannot own a template.") % {"person": owner})


def _locked(template_id: int) -> ChangeTemplate:
    rows = ChangeTemplate.objects.select_for_update(of=("self",))
    return rows.select_related("owner", "written_by", "approved_by").get(pk=template_id)


def _next_code() -> str:
    taken = set(ChangeTemplate.objects.values_list("code", flat=True))
    return next(code for n in count(len(taken) + 1) if (code := f"TPL-STD-{n:03}") not in taken)


def _set(template: ChangeTemplate, *, by: User, event: str, now: datetime, **new: Any) -> ChangeTemplate:
    before = ledger.snapshot(template, *new)
    for name, value in new.items():
        setattr(template, name, value)
    template.save(update_fields=list(new))
    ledger.record(
        project=None,
        by=by,
        event=event,
        obj=template,
        now=now,
        before=before,
        after=ledger.snapshot(template, *new),
    )
    return template
