"""How accounts work here: nobody signs up, addresses belong to the operator, second factors rest encrypted.

allauth calls these adapters (settings ``ACCOUNT_ADAPTER``, ``MFA_ADAPTER``). What happens to accounts is written to the
ledger by `projects.account_events`.
"""

import base64
import logging
from collections.abc import Sequence
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from projects.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Passwords, login and account mails."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an operator makes accounts."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends an account mail at once and by mail only: a link that sets a password is never kept in the outbox.

        A mail server that is down does not change the answer that the page gives, which would tell who has an account.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            log.exception("account mail %s could not be sent", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """TOTP secrets and recovery codes are encrypted with a key made from `SECRET_KEY`; passkeys bind to one domain."""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {"id": settings.PASSKEY_DOMAIN or entity["id"], "name": settings.MFA_TOTP_ISSUER}


def box() -> MultiFernet:
    """Encrypts with the present `SECRET_KEY`; decrypts with that and with `SECRET_KEY_FALLBACKS`."""
    secrets: Sequence[str] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(key_of(secret)) for secret in secrets])


def key_of(secret: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"deliverops second factors")
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))


def invite(request: HttpRequest, person: User) -> bool:
    """The person is sent a link with which to set a password. False when the mail could not be handed over.

    The link works once and for `PASSWORD_RESET_TIMEOUT` seconds. It goes out by mail alone: no operator sees it, so no
    operator can act as the person (AUD-06). Call it after the transaction that made the account.
    """
    adapter = AccountAdapter(request)
    key = f"{user_pk_to_url_str(person)}-{allauth_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}"
    context = {
        "request": request,
        "user": person,
        "username": person.username,
        "password_reset_url": adapter.get_reset_password_from_key_url(key),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "site_url": settings.SITE_URL,
    }
    try:
        DefaultAccountAdapter.send_mail(adapter, "account/email/invitation", person.email, context)
    except (SMTPException, OSError):
        log.exception("invitation could not be sent")
        return False
    return True
