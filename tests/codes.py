"""Codes as an authenticator app shows them."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal import auth as totp


def totp_code(secret: str, steps: int = 0) -> str:
    """The code of now, or of so many steps from now. A code holds for its own half minute alone: use `still_clock`."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + steps))
