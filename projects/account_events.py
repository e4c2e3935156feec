"""What happens to accounts, written to the ledger's `system` stream.

The one place where signals are used: they are allauth's published way of telling that somebody logged in or changed a
password. Everything else in this product is written by the action that does it. `projects.apps` loads this module.

========================================  ==========================================================================
event                                     when
========================================  ==========================================================================
account.logged_in, account.logged_out     a session began or was ended by its owner
account.login_failed                      a wrong password; also for a name that nobody has
account.second_factor_failed              a wrong code after the right password
account.recovery_code_used                a recovery code stood in for the second factor
account.password_changed                  by its owner, knowing the old one
account.password_reset                    with a link from a mail
account.second_factor_added, _removed     TOTP, a passkey or recovery codes
account.recovery_codes_renewed            the old recovery codes no longer work
========================================  ==========================================================================

Accounts made, changed and disabled, and roles granted and revoked: `projects.actions.people`. Refused credentials when
signing: `projects.credentials`.
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from projects import ledger
from projects.models import SYSTEM_STREAM, LedgerStream, User


def tell(event: str, person: User, *, by: User | None, **after: Any) -> None:
    with transaction.atomic():
        ledger.record(project=None, by=by, event=event, obj=person, now=timezone.now(), after=after)


@receiver(account.user_logged_in)
def logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Method: how the person proved who he is, e.g. ``password, totp``."""
    records = get_authentication_records(request, user)
    methods = [str(record.get("type") or record["method"]) for record in records]
    tell("account.logged_in", user, by=user, method=", ".join(dict.fromkeys(methods)))


@receiver(user_logged_out)
def logged_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        tell("account.logged_out", user, by=user)


@receiver(user_login_failed)
def login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """The name that was typed is not kept: people type their password there by mistake.

    A name that nobody has is recorded too, so that both cases take the same work and time.
    """
    typed = str(credentials.get("username") or credentials.get("email") or "")
    person = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).order_by("pk").first()
    with transaction.atomic():
        stream, _ = LedgerStream.objects.get_or_create(key=SYSTEM_STREAM)
        ledger.record(
            project=None,
            by=None,
            event="account.login_failed",
            obj=person or stream,
            now=timezone.now(),
            after={"known": person is not None},
        )


@receiver(mfa.authentication_failed)
def second_factor_failed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    tell("account.second_factor_failed", user, by=None, kind=authenticator.type)


@receiver(mfa.authenticator_used)
def second_factor_used(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell("account.recovery_code_used", user, by=user)


@receiver([account.password_changed, account.password_set])
def password_changed(user: User, **kwargs: Any) -> None:
    tell("account.password_changed", user, by=user)


@receiver(account.password_reset)
def password_reset(user: User, **kwargs: Any) -> None:
    tell("account.password_reset", user, by=user)


@receiver(mfa.authenticator_added)
def second_factor_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    tell("account.second_factor_added", user, by=user, kind=authenticator.type)


@receiver(mfa.authenticator_removed)
def second_factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    tell("account.second_factor_removed", user, by=user, kind=authenticator.type)


@receiver(mfa.authenticator_reset)
def recovery_codes_renewed(user: User, **kwargs: Any) -> None:
    tell("account.recovery_codes_renewed", user, by=user)
