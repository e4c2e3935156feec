"""What the reviews of a project may do, said once more in plain values and apart from the product.

Nothing here reads the product's rules: `test_model` holds the two against each other. People are called by the names
they have in `tests.world.People`, documents by the number of their version.
"""

from tests.reviews.walking.model.asked import ASKED, STRICTNESS, Asked, bad, good
from tests.reviews.walking.model.people import (
    ACTIVE,
    ACTIVE_AND_AUDITOR,
    APPROVES,
    DIRECTS,
    EVERYBODY,
    MANAGES,
)
from tests.reviews.walking.model.project import Project
from tests.reviews.walking.model.records import Answered, Debt, Found, Lent, Named, Signed, Waived
from tests.reviews.walking.model.round import Round
from tests.reviews.walking.model.stages import BACK, CANDIDATES, DURING, FORWARD, HELD_IN, PREPARED_IN

__all__ = [
    "ACTIVE",
    "ACTIVE_AND_AUDITOR",
    "APPROVES",
    "ASKED",
    "BACK",
    "CANDIDATES",
    "DIRECTS",
    "DURING",
    "EVERYBODY",
    "FORWARD",
    "HELD_IN",
    "MANAGES",
    "PREPARED_IN",
    "STRICTNESS",
    "Answered",
    "Asked",
    "Debt",
    "Found",
    "Lent",
    "Named",
    "Project",
    "Round",
    "Signed",
    "Waived",
    "bad",
    "good",
]
