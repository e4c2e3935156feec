"""What an artifact kind is, and the gates at which artifacts are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Gate = Literal["vision", "plan", "scope", "release", "close"]
Need = Literal["required", "input", "likely", "conditional"]
Flag = Literal["", "conversion", "role_segregation"]

# The exits of the five stages in their order; "plan" and "release" are the two management reviews.
GATES: tuple[Gate, ...] = ("vision", "plan", "scope", "release", "close")

GATE_NAMES: Mapping[Gate, str] = MappingProxyType(
    {
        "vision": "Vision/Scope Approved",
        "plan": "Project Plan Approved",
        "scope": "Scope Complete",
        "release": "Release Readiness",
        "close": "Deployment Complete and close-out",
    }
)


@dataclass(frozen=True)
class ArtifactKind:
    """A kind of document or record that a project produces.

    Args:
        stage: key of the stage in which it is first made.
        owner_role: who usually owns it; read from Table 6, so the choice is ours.
        at: for each gate that asks for it, how: ``required``; ``input``: on the review's own list of inputs;
            ``likely``: expected, may be declared not applicable with a reason; ``conditional``: only when the flag
            named by `conditional` is on.
    """

    code: str
    name: str
    stage: str
    purpose: str
    owner_role: str
    source: str
    at: Mapping[Gate, Need]
    conditional: Flag = ""
