"""A state that the tests of one module share: built once by real actions, and given back untouched to each test."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction


def kept(build: Callable[[], Any]) -> tuple[Any, Any]:
    """Two fixtures: what `build` makes once a module inside a transaction, and each test's own copy of it.

    A test's changes are rolled back to where the module began, the module's at its end. One a module, and not for tests
    that commit.
    """

    @pytest.fixture(scope="module", name="kept_once")
    def once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            transaction.set_rollback(True)

    @pytest.fixture(name=build.__name__)
    def mine(kept_once: Any, db: None) -> Any:
        return deepcopy(kept_once)

    return once, mine
