"""Who may do what at every address: one row an address, one letter a person.

The letters stand for the people of WHO, in that order:

    L   is sent to the login
    0   404: to this person there is no such thing
    X   403: sees it, may not do this
    .   405: not done this way
    +   may: a page, a redirect, or a refusal because of the content or of how things stand (400, 409, 422)

A row's POST must be fit enough to reach the question who may: a form that is refused for its content would hide the
answer. `tests/test_permissions.py` fails for an address without a row, and for a row without an address.

Add rows to the module of your pages; a module's ROWS are found by their names in MODULES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WHO = (
    "anonymous",
    "outsider",  # a program manager of other projects
    "member",  # holds a role on the project, is named in its review without signing
    "signer",  # holds a role and signs
    "program",  # the project's program manager
    "manager",  # a solution manager; chairs the review
    "auditor",
    "process_owner",
    "operator",
)

Given = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """One address. Args: at, data: what it is called with and what is posted, from the stage that `set_up` has set."""

    name: str
    get: str
    post: str = "L........"
    at: Given = lambda stage: ()
    data: Given = lambda stage: {}
    label: str = ""
    query: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()


def code(stage: Any) -> tuple[str, ...]:
    return (stage.project.code,)


MODULES = ("site", "people", "projects", "reviews", "templates")
