"""Several at once, on real threads with a database connection each."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these did or raised; all of them were let go at the same moment."""
    told: dict[int, Any] = {}
    ready = threading.Barrier(len(works))

    def run(number: int) -> None:
        try:
            ready.wait(timeout=60)
            told[number] = works[number]()
        except Exception as error:
            told[number] = error
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=240)
    assert len(told) == len(works), "somebody hangs"
    return [told[number] for number in range(len(works))]
