"""Fresh proof of who is at the keyboard, asked for at every signature (AUD-02, AUD-05, AUD-06).

The password always, and a second factor where the person has one or the policy demands one. A passkey signs a challenge
made from the digest of what is being signed, so its answer is worth nothing for anything else. Every refusal is written
to the ledger in a transaction of its own; five in a quarter of an hour lock signing for a quarter of an hour.

Why it is so: docs/decisions/signing-credentials.md.
"""

import hashlib
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from fido2.utils import websafe_encode
from fido2.webauthn import UserVerificationRequirement

from projects import ledger
from projects.blocker import NotAllowed, Refused
from projects.models import LedgerEntry, User

REFUSED = "credentials.refused"
LOCK_AFTER = 5
LOCK_WINDOW = timedelta(minutes=15)
LOCK_FOR = timedelta(minutes=15)
CHALLENGE_SECONDS = 300
PROOF_LASTS = timedelta(minutes=2)
SALT = "projects.credentials.passkey"
DEMO_METHOD = "demo, not authenticated"


class WrongCredentials(Refused):
    """Password or second factor do not hold. Nothing was signed."""


class SigningLocked(Refused):
    """Too many refusals: signing waits, also with the right credentials (AUD-05)."""


class SecondFactorMissing(Refused):
    """The policy demands a second factor and this person has set none up."""


@dataclass(frozen=True)
class Proof:
    """What a signature was proved with. Made by `prove` and, for imported history only, by `unauthenticated_demo`.

    Args:
        user_id: whose proof it is; a signature by anyone else is refused.
        method: as it is printed in the record, e.g. ``password``, ``password and TOTP``, ``password and passkey``.
        bound_to: digest of what was signed; the proof holds for nothing else.
        proved_at: aware moment; the proof holds for `PROOF_LASTS`.
    """

    user_id: int
    method: str
    bound_to: str = ""
    proved_at: datetime | None = None


def unauthenticated_demo(user: User) -> Proof:
    """The honest label of a demo signature. Refused by actions unless the origin is ``import``."""
    return Proof(user_id=user.pk, method=DEMO_METHOD)


def require(proof: Proof, *, by: User, bound_to: str, now: datetime) -> None:
    """The proof is this person's own, fresh, and given for this very digest (AUD-06). Actions call it before writing.

    Raises: NotAllowed for another person's proof, or a demo proof outside an import; WrongCredentials when it was given
    for something else or too long ago.
    """
    if proof.user_id != by.pk:
        raise NotAllowed(_("Nobody signs as another person."))
    if proof.method == DEMO_METHOD:
        if ledger.origin().source != "import":
            raise NotAllowed(_("A demo signature belongs to imported history alone."))
        return
    if not bound_to or proof.bound_to != bound_to:
        raise WrongCredentials(_("Your credentials were given for something else. Give them again."))
    if proof.proved_at is None or not timedelta(0) <= now - proof.proved_at <= PROOF_LASTS:
        raise WrongCredentials(_("Your credentials were given too long ago. Give them again."))


@dataclass(frozen=True)
class Factors:
    """Which second factors a person has set up."""

    totp: bool
    passkey: bool
    recovery_codes: bool

    def __bool__(self) -> bool:
        return self.totp or self.passkey


def factors_of(user: User) -> Factors:
    """One query."""
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return Factors(
        totp=Authenticator.Type.TOTP in kinds,
        passkey=Authenticator.Type.WEBAUTHN in kinds,
        recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
    )


def second_factor_demanded(by_profile: bool) -> bool:
    """Whether this installation demands a second factor of everybody for this signature (`SECOND_FACTOR_POLICY`).

    Args:
        by_profile: whether the change category's rigor profile asks for it.
    """
    return settings.SECOND_FACTOR_POLICY == "always" or (settings.SECOND_FACTOR_POLICY == "profile" and by_profile)


def prove(
    user: User,
    *,
    password: str = "",
    code: str = "",
    passkey_response: Mapping[str, Any] | None = None,
    bound_to: str,
    required_second_factor: bool,
    now: datetime,
) -> Proof:
    """The person at the keyboard is shown to be `user`, for one signature under `bound_to`.

    Call it before the transaction of the signature: a refusal is written and kept although nothing is signed.

    Args:
        code: TOTP code, or one recovery code. Works once.
        passkey_response: what the browser gave for the options of `passkey_challenge`. Works once.
        bound_to: digest of what is signed.
        required_second_factor: the category's rigor profile asks for one; `SECOND_FACTOR_POLICY` may say otherwise.
        now: aware.

    Raises: WrongCredentials, SigningLocked, SecondFactorMissing; RuntimeError inside a transaction.
    """
    refuse_when_locked(user, now)
    factors = factors_of(user)
    if not factors and second_factor_demanded(required_second_factor):
        raise SecondFactorMissing(
            _("This signature needs a second factor. Set up an authenticator app or a passkey under your profile.")
        )
    if not password:
        raise WrongCredentials(_("Enter your password."))
    if factors and not code and not passkey_response:
        raise WrongCredentials(_("Give your second factor too: a code or your passkey."))
    # Slow on purpose, hence outside the transaction. The lock is looked at again inside, so that of many guesses sent
    # at once no more are answered than of guesses sent one by one.
    fresh = User.objects.get(pk=user.pk)
    password_holds = fresh.is_active and check_password(password, fresh.password)
    with transaction.atomic(durable=True):
        one_at_a_time(user)
        refuse_when_locked(user, now)
        # A wrong password does not use up a code.
        factor: str | None = ""
        if password_holds and factors:
            factor = second_factor(user, code=code, passkey_response=passkey_response, bound_to=bound_to)
        if password_holds and factor is not None:
            method = f"password and {factor}" if factor else "password"
            return Proof(user_id=user.pk, method=method, bound_to=bound_to, proved_at=now)
        record_refusal(user, bound_to=bound_to, now=now)
    refuse_when_locked(user, now)
    left = LOCK_AFTER - len(recent_refusals(user, now))
    raise WrongCredentials(
        ngettext(
            "Your credentials are not right. Nothing was signed. %(left)d try is left.",
            "Your credentials are not right. Nothing was signed. %(left)d tries are left.",
            left,
        )
        % {"left": left}
    )


def one_at_a_time(user: User) -> None:
    """Until the transaction ends, no other try of this person is answered."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def recent_refusals(user: User, now: datetime) -> list[datetime]:
    """When this person's credentials were refused of late, newest first; at most `LOCK_AFTER`."""
    entries = LedgerEntry.objects.filter(actor=user, event=REFUSED, recorded_at__gt=now - LOCK_FOR - LOCK_WINDOW)
    moments = list(entries.order_by("-recorded_at").values_list("recorded_at", flat=True)[:LOCK_AFTER])
    return [moment for moment in moments if moments[0] - moment <= LOCK_WINDOW]


def locked_until(user: User, now: datetime) -> datetime | None:
    """Until when this person cannot sign because of refused credentials; None when he can."""
    moments = recent_refusals(user, now)
    if len(moments) < LOCK_AFTER or moments[0] + LOCK_FOR <= now:
        return None
    return moments[0] + LOCK_FOR


def refuse_when_locked(user: User, now: datetime) -> None:
    """Raises: SigningLocked, saying for how long."""
    if until := locked_until(user, now):
        minutes = math.ceil((until - now) / timedelta(minutes=1))
        raise SigningLocked(
            ngettext(
                "Too many wrong credentials: signing is locked for %(minutes)d minute. Nothing was signed.",
                "Too many wrong credentials: signing is locked for %(minutes)d minutes. Nothing was signed.",
                minutes,
            )
            % {"minutes": minutes}
        )


def record_refusal(user: User, *, bound_to: str, now: datetime) -> None:
    """One line in the ledger, which is also what the lock counts."""
    ledger.record(project=None, by=user, event=REFUSED, obj=user, now=now, after={"for": bound_to})


def second_factor(user: User, *, code: str, passkey_response: Mapping[str, Any] | None, bound_to: str) -> str | None:
    """What kind of second factor holds; None when none does."""
    used = passkey_holds(user, passkey_response, bound_to) if passkey_response else code_holds(user, code)
    if used is None:
        return None
    used.record_usage()
    return {"totp": "TOTP", "webauthn": "passkey", "recovery_codes": "recovery code"}[used.type]


def code_holds(user: User, code: str) -> Authenticator | None:
    """Whose code it is. allauth remembers codes that were used, at a login too, and refuses them a second time."""
    typed = code.replace(" ", "")
    codes = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN)
    return next((kind for kind in codes.order_by("-type") if kind.wrap().validate_code(typed)), None)


def passkey_challenge(user: User, *, bound_to: str) -> dict[str, Any]:
    """What the browser needs to ask for a passkey's signature under `bound_to`.

    Returns: ``options`` for ``navigator.credentials.get`` and ``token``, to be given back with the answer. The token
    says for whom and what the challenge was made; it lasts `CHALLENGE_SECONDS` and works once.
    """
    nonce = secrets.token_urlsafe(24)
    options, _state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(user),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=challenge(bound_to, nonce),
    )
    return {
        "options": dict(options),
        "token": signing.dumps({"user": user.pk, "for": bound_to, "nonce": nonce}, salt=SALT),
    }


def challenge(bound_to: str, nonce: str) -> bytes:
    """The bytes that the passkey signs: they hold the digest of what is signed, and never come twice."""
    return hashlib.sha256(f"DeliverOps signature\n{bound_to}\n{nonce}".encode()).digest()


def passkey_holds(user: User, response: Mapping[str, Any], bound_to: str) -> Authenticator | None:
    """The person's passkey that signed a challenge made for this person and this digest, not used before."""
    try:
        made = signing.loads(str(response.get("token", "")), salt=SALT, max_age=CHALLENGE_SECONDS)
    except signing.BadSignature:
        return None
    if made["user"] != user.pk or made["for"] != bound_to:
        return None
    if not cache.add(f"passkey-challenge-used:{made['nonce']}", True, timeout=2 * CHALLENGE_SECONDS):
        return None
    state = {
        "challenge": websafe_encode(challenge(bound_to, made["nonce"])),
        "user_verification": UserVerificationRequirement.PREFERRED,
    }
    try:
        signed = webauthn.get_server().authenticate_complete(
            state, webauthn.get_credentials(user), response["credential"]
        )
    except (ValueError, TypeError, KeyError, AttributeError):  # what the parser says to an answer that is none
        return None
    return webauthn.get_authenticator_by_credential_id(user, signed.credential_id)
