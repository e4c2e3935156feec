"""What is asked of the database once while one list of blockers is made.

A list is the work of many checks, each of which wants to know who holds which role and what does not apply. Nothing is
written while a list is made, so the first answer holds for all of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[tuple[str, int], Any] | None] = ContextVar("answers of one moment", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside, `once` asks each question once. A moment within a moment is the same moment."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(question: str, project_id: int, ask: Callable[[], Answer]) -> Answer:
    """The answer to a question about a project: asked once within `one_moment`, each time outside of one."""
    answers = _answers.get()
    if answers is None:
        return ask()
    key = (question, project_id)
    if key not in answers:
        answers[key] = ask()
    answer: Answer = answers[key]
    return answer
