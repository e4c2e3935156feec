"""Fresh proof of who is at the keyboard, asked for at every signature (AUD-02, AUD-05)."""

from dataclasses import dataclass

from projects.models import User


@dataclass(frozen=True)
class Proof:
    """What a signature was proved with. Made by `prove` and, for imported history only, by `unauthenticated_demo`.

    Args:
        user_id: whose proof it is; a signature by anyone else is refused.
        method: as it is printed in the record, e.g. ``password``, ``password and TOTP``, ``passkey``.
    """

    user_id: int
    method: str


def unauthenticated_demo(user: User) -> Proof:
    """The honest label of a demo signature. Refused by actions unless the origin is ``import``."""
    return Proof(user_id=user.pk, method=DEMO_METHOD)


DEMO_METHOD = "demo, not authenticated"
