"""Codes as an authenticator app shows them."""

import time

from allauth.mfa.totp.internal import auth as totp

STEP_SECONDS = 30
ENOUGH_SECONDS = 6


def totp_code(secret: str, steps: int = 0) -> str:
    """The code of now, or of so many steps from now. It waits for the next when this one is about to run out, as a
    careful person does: the product takes the code of the present step alone."""
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    if left < ENOUGH_SECONDS:
        time.sleep(left)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // STEP_SECONDS + steps))
