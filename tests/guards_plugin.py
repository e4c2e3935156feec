"""Guards and tests that commit: the flush after such a test deletes what the database refuses to delete.

Imported by `tests/conftest.py`. The guards step aside for the flush alone; during every test all of them stand.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import TransactionTestCase

from projects import guards


@pytest.fixture(scope="session", autouse=True)
def guards_step_aside_for_the_flush() -> Iterator[None]:
    """Wraps the flush that follows a transactional test. (`TestCase` rolls back instead and never comes here.)"""
    flush = TransactionTestCase._fixture_teardown

    def flush_without_guards(case: TransactionTestCase) -> None:
        with ExitStack() as stack:
            for using in case._databases_names(include_mirrors=False):
                stack.enter_context(guards.lifted(using))
            flush(case)

    TransactionTestCase._fixture_teardown = flush_without_guards
    yield
    TransactionTestCase._fixture_teardown = flush
