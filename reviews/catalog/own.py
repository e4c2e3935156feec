"""How a question of the organisation's own is called in rounds: X-4, and its later wordings X-4v2, X-4v3.

A code names one wording for ever, so that answers, findings, packets and minutes that name it say which was asked.
"""

import re

_CODE = re.compile(r"X-(\d{1,9})(?:v(\d{1,4}))?")


def code_of(question: int, version: int) -> str:
    return f"X-{question}" if version == 1 else f"X-{question}v{version}"


def called(code: str) -> tuple[int, int] | None:
    """Number of the question and of its version; None for a question of the catalogue."""
    found = _CODE.fullmatch(code)
    return (int(found[1]), int(found[2] or 1)) if found else None
