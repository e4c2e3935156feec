"""Where people would rather look than read: bars, lines over time, two texts word by word. Always with the words."""

import re
from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()

Number = int | float | Decimal
WORDS = re.compile(r"\s+|[^\s]+")
DIFF_LIMIT = 4000  # words on each side: comparing takes time that grows with the square


def text_of(value: Number) -> str:
    return number_format(value, decimal_pos=None if isinstance(value, int) else 1)


@register.inclusion_tag("components/chart_bars.html")
def ui_bars(caption: str, rows: Sequence[dict[str, Any]], unit: str) -> dict[str, Any]:
    """Bars on one scale that begins at 0.

    Args:
        rows: {label, value, text, tone, url}; text, tone and url are optional; value is 0 or more.
        unit: what the numbers are, e.g. "days".
    """
    top = max((float(row["value"]) for row in rows), default=0.0) or 1.0
    bars = [
        {
            "label": row["label"],
            "text": row.get("text") or f"{text_of(row['value'])} {unit}",
            "width": f"{100 * float(row['value']) / top:.2f}",
            "tone": row.get("tone", "accent"),
            "url": row.get("url", ""),
        }
        for row in rows
    ]
    return {"caption": caption, "bars": bars, "unit": unit}


@register.inclusion_tag("components/chart_spark.html")
def ui_spark(caption: str, points: Sequence[tuple[str, Number]], unit: str = "") -> dict[str, Any]:
    """A line over time, oldest point first, on a scale that begins at 0; at least one point."""
    values = [float(value) for _label, value in points]
    top = max(values) or 1.0
    step = 120 / max(len(values) - 1, 1)
    spots = [(2 + at * step, 28 - 24 * value / top) for at, value in enumerate(values)]
    texts = [f"{text_of(value)} {unit}".strip() for _label, value in points]
    summary = _("%(caption)s: from %(first)s (%(start)s) to %(last)s (%(end)s)") % {
        "caption": caption,
        "first": texts[0],
        "start": points[0][0],
        "last": texts[-1],
        "end": points[-1][0],
    }
    return {
        "caption": caption,
        "points": [{"label": label, "text": text} for (label, _value), text in zip(points, texts, strict=True)],
        "path": "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in spots),
        "last": {"x": f"{spots[-1][0]:.1f}", "y": f"{spots[-1][1]:.1f}", "text": texts[-1]},
        "summary": summary,
    }


def runs_of(old: str, new: str) -> list[dict[str, str]]:
    """Both texts as one row of words: kept, taken out, put in. Very long texts are shown whole, old then new."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    if max(len(before), len(after)) > DIFF_LIMIT:
        return [{"kind": "del", "text": old}, {"kind": "ins", "text": new}]
    runs = []
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            runs.append({"kind": "same", "text": "".join(before[a:b])})
            continue
        if a != b:
            runs.append({"kind": "del", "text": "".join(before[a:b])})
        if c != d:
            runs.append({"kind": "ins", "text": "".join(after[c:d])})
    return runs


@register.inclusion_tag("components/diff.html")
def ui_diff(old: str, new: str, old_label: object, new_label: object) -> dict[str, Any]:
    """Two texts word by word: `{% ui_diff a.text b.text a b %}`."""
    return {
        "old_label": old_label,
        "new_label": new_label,
        "same": old == new,
        "runs": runs_of(old, new),
    }
