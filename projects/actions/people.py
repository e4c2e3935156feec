"""Accounts: made, changed, given organisation-wide roles, disabled. All of it by an operator, all of it in the ledger.

No operator ever knows a password: a new person sets one with a link that goes out by mail (`projects.accounts.invite`).
Nobody grants a role to himself, and one operator always remains.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.models import Notice, OrgRole, RoleAssignment, User
from projects.ports import ports


class NameTaken(Refused):
    """Another account has this username or e-mail address."""


class RolesClash(Refused):
    """An auditor changes nothing, so an auditor holds no role that does."""


class LastOperator(Refused):
    """Without an operator nobody could make accounts any more."""


class UnknownTimeZone(Refused):
    """No such name in the time zone database."""


@dataclass(frozen=True)
class PersonFacts:
    """What an operator says about a person.

    Args:
        email: kept in lower case: the login looks it up so.
        time_zone: name of the IANA database, e.g. ``Europe/Oslo``.
    """

    name: str
    email: str
    unit: str = ""
    job_title: str = ""
    time_zone: str = "UTC"


@transaction.atomic
def create_person(*, by: User, username: str, facts: PersonFacts, now: datetime) -> User:
    """The person has an account without a password; the caller sends the invitation once this is committed.

    Raises: NotAllowed, NameTaken, UnknownTimeZone.
    """
    require_operator(by)
    return _create(by=by, username=username, facts=facts, now=now)


@transaction.atomic
def create_operator(*, username: str, facts: PersonFacts, password: str, now: datetime) -> User:
    """An operator exists who can log in. For the command line alone: nobody is logged in there.

    Raises: NameTaken, UnknownTimeZone.
    """
    person = _create(by=None, username=username, facts=facts, now=now)
    person.set_password(password)
    person.is_operator = True
    person.save(update_fields=["password", "is_operator"])
    _tell("account.role_granted", person, by=None, now=now, after={"role": OrgRole.OPERATOR.value})
    return person


@transaction.atomic
def change_person(*, person_id: int, by: User, facts: PersonFacts, now: datetime) -> User:
    """What is known about the person is as given. Raises: NotAllowed, NameTaken, UnknownTimeZone."""
    require_operator(by)
    return _change(_locked(person_id), by=by, facts=facts, now=now)


@transaction.atomic
def change_own_profile(*, by: User, name: str, time_zone: str, now: datetime) -> User:
    """The person's own name and time zone are as given; signatures keep the name they were given under.

    Raises: UnknownTimeZone.
    """
    person = _locked(by.pk)
    facts = PersonFacts(
        name=name, email=person.email, unit=person.unit, job_title=person.job_title, time_zone=time_zone
    )
    return _change(person, by=by, facts=facts, now=now)


@transaction.atomic
def grant_role(*, person_id: int, by: User, role: OrgRole, now: datetime) -> User:
    """The person holds the role across the organisation. Granting it again changes nothing.

    Raises: NotAllowed, RolesClash, Refused.
    """
    require_operator(by)
    person = _locked(person_id)
    if person.pk == by.pk:
        raise NotAllowed(_("Nobody grants a role to himself: ask another operator."))
    if not person.is_active:
        raise Refused(_("%(person)s is disabled. Enable the account first.") % {"person": person})
    if getattr(person, role.flag):
        return person
    _refuse_clash(person, role)
    setattr(person, role.flag, True)
    person.save(update_fields=[role.flag])
    _tell("account.role_granted", person, by=by, now=now, after={"role": role.value})
    return person


@transaction.atomic
def revoke_role(*, person_id: int, by: User, role: OrgRole, now: datetime) -> User:
    """The person no longer holds the role. Revoking what is not held changes nothing.

    Raises: NotAllowed, LastOperator.
    """
    require_operator(by)
    person, operators = _locked_with_operators(person_id)
    if not getattr(person, role.flag):
        return person
    if role == OrgRole.OPERATOR and operators == [person]:
        raise LastOperator(_("%(person)s is the last operator: make another one first.") % {"person": person})
    setattr(person, role.flag, False)
    person.save(update_fields=[role.flag])
    _tell("account.role_revoked", person, by=by, now=now, before={"role": role.value})
    return person


@transaction.atomic
def disable_person(*, person_id: int, by: User, reason: str, now: datetime) -> User:
    """The person is logged out everywhere, cannot log in, and is sent nothing more.

    The password is made void, which ends every session at once; should the account be enabled again, the person sets a
    new one. What the person signed and did stays as it was. Disabling again changes nothing.

    Raises: NotAllowed, LastOperator.
    """
    require_operator(by)
    person, operators = _locked_with_operators(person_id)
    if person.pk == by.pk:
        raise NotAllowed(_("You cannot disable your own account: ask another operator."))
    if not person.is_active:
        return person
    if operators == [person]:
        raise LastOperator(_("%(person)s is the last operator: make another one first.") % {"person": person})
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    waiting = Notice.objects.filter(recipient=person, state=Notice.State.PENDING)
    cancelled = waiting.update(state=Notice.State.CANCELLED)
    _tell("account.disabled", person, by=by, now=now, reason=reason, after={"notices_cancelled": cancelled})
    return person


@transaction.atomic
def enable_person(*, person_id: int, by: User, now: datetime) -> User:
    """The person may set a password and log in again; the caller sends the invitation. Raises: NotAllowed."""
    require_operator(by)
    person = _locked(person_id)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    _tell("account.enabled", person, by=by, now=now)
    return person


@transaction.atomic
def reset_second_factor(*, username: str, reason: str, now: datetime) -> User:
    """The person has no second factor and no password any more, and is logged out everywhere.

    For the command line alone: on a page it would let an operator step over a second factor. Both go, so that who asks
    must also read the person's mail.

    Raises: Refused when nobody has the name, or no reason is given.
    """
    if not reason.strip():
        raise Refused(_("Say why, and how the person's identity was checked."))
    person = User.objects.select_for_update(no_key=True).filter(username__iexact=username).first()
    if person is None:
        raise Refused(_("Nobody has the username %(username)s.") % {"username": username})
    taken = Authenticator.objects.filter(user=person)
    kinds = sorted(taken.values_list("type", flat=True))
    taken.delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    _tell("account.second_factor_reset", person, by=None, now=now, reason=reason.strip(), before={"kinds": kinds})
    notices.queue(
        kind="account.second_factor_reset",
        to=person,
        subject=_("Your second factor and your password were taken off"),
        body=_(
            "Somebody who runs this site took them off, for this reason: %(reason)s\n\n"
            "Set a new password with the words for a forgotten one on the login page, then a new second factor on your "
            "profile. If you did not ask for this, tell your operator now."
        )
        % {"reason": reason.strip()},
        path="/me/",
        about=person,
        dedupe_key=f"account.second_factor_reset:{person.pk}:{now.isoformat()}",
        now=now,
    )
    return person


@transaction.atomic
def note_invitation(*, person_id: int, by: User, now: datetime) -> User:
    """The ledger says that a link to set a password is being sent to the person. Raises: NotAllowed, Refused."""
    require_operator(by)
    person = _locked(person_id)
    if not person.is_active:
        raise Refused(_("%(person)s is disabled. Enable the account first.") % {"person": person})
    _tell("account.invited", person, by=by, now=now, after={"email": person.email})
    return person


def require_operator(by: User) -> None:
    """Raises: NotAllowed."""
    if not (by.is_operator and by.is_active):
        raise NotAllowed(_("Accounts are kept by operators."))


def _create(*, by: User | None, username: str, facts: PersonFacts, now: datetime) -> User:
    facts = _checked(facts)
    _refuse_taken(username=username, email=facts.email)
    person = User(username=username, **asdict(facts))
    person.set_unusable_password()
    person.save()
    _tell("account.created", person, by=by, now=now, after={"username": username, **asdict(facts)})
    return person


def _change(person: User, *, by: User, facts: PersonFacts, now: datetime) -> User:
    facts = _checked(facts)
    _refuse_taken(email=facts.email, except_for=person)
    before = {name: getattr(person, name) for name in asdict(facts)}
    changed = {name: value for name, value in asdict(facts).items() if value != before[name]}
    if not changed:
        return person
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    if "email" in changed:  # the login's own list of addresses: the old mailbox must not set a password any more
        EmailAddress.objects.filter(user=person).delete()
    _tell("account.changed", person, by=by, now=now, before={name: before[name] for name in changed}, after=changed)
    if "name" in changed:
        for renamed in ports.on_rename:
            renamed(person=person, by=by, now=now)
    return person


def _checked(facts: PersonFacts) -> PersonFacts:
    if facts.time_zone not in available_timezones():
        raise UnknownTimeZone(_("There is no time zone %(zone)s.") % {"zone": facts.time_zone})
    return PersonFacts(**{**asdict(facts), "email": facts.email.lower()})


def _refuse_taken(*, username: str = "", email: str, except_for: User | None = None) -> None:
    same = Q(email__iexact=email) | Q(username__iexact=email)
    if username:
        same |= Q(username__iexact=username) | Q(email__iexact=username)
    others = User.objects.filter(same)
    if except_for is not None:
        others = others.exclude(pk=except_for.pk)
    if others.exists():
        raise NameTaken(_("Another account has this username or e-mail address."))


def _refuse_clash(person: User, role: OrgRole) -> None:
    """AUD-20: who audits changes nothing."""
    if role != OrgRole.AUDITOR:
        if person.is_auditor:
            raise RolesClash(_("%(person)s is an auditor, and an auditor changes nothing.") % {"person": person})
        return
    if person.org_roles:
        raise RolesClash(_("Revoke the other roles first: an auditor changes nothing."))
    held = RoleAssignment.objects.filter(user=person, ends_on__isnull=True).exclude(role="P-AUD")
    if codes := sorted(set(held.values_list("project__code", flat=True))):
        raise RolesClash(
            _("End the roles on %(projects)s first: an auditor changes nothing.") % {"projects": ", ".join(codes)}
        )


def _locked(person_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def _locked_with_operators(person_id: int) -> tuple[User, list[User]]:
    """The person and all active operators, locked in one order, so that two operators cannot remove each other."""
    wanted = Q(pk=person_id) | Q(is_operator=True, is_active=True)
    people = list(User.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
    person = next(one for one in people if one.pk == person_id)
    return person, [one for one in people if one.is_operator and one.is_active]


def _tell(
    event: str,
    person: User,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    role = "operator" if by is not None and by.pk != person.pk else ""
    ledger.record(
        project=None, by=by, event=event, obj=person, now=now, before=before, after=after, reason=reason, role=role
    )
