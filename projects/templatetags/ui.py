"""The small things that every row of every page is made of: icons, pills, people, times, digests.

Written with `format_html` instead of partials because a list shows hundreds of them.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bs_icon_templates.templatetags.bs_icons import bs_icon
from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from projects.looks import ANSWERS, NOT_APPLICABLE, RAIL_WORDS, TONE_ICONS, look

register = template.Library()

SOON = 7  # days: from here on a due date is shown as near


@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """The icon as inline SVG, hidden from screen readers: a word always stands beside it."""
    measure = f"{size / 16:g}rem"  # grows with the reader's letters
    svg = str(bs_icon(name, measure))
    return mark_safe(svg.replace("<svg ", f'<svg aria-hidden="true" width="{measure}" ', 1).replace("\n", ""))  # noqa: S308 - packaged file


@register.simple_tag
def ui_icon(name: str, size: int = 16) -> SafeString:
    """`{% ui_icon "lock-fill" 20 %}`."""
    return icon(name, size)


@lru_cache(maxsize=64)
def fixed(template_name: str, language: str) -> SafeString:
    return render_to_string(template_name, {"app_version": settings.VERSION})


@register.simple_tag
def ui_fixed(template_name: str) -> SafeString:
    """A part of the frame that is the same on every page: rendered once per language and process."""
    make = fixed.__wrapped__ if settings.DEBUG else fixed
    return make(template_name, get_language() or "")


@register.simple_tag
def ui_tone_icon(tone: str, size: int = 16) -> SafeString:
    """The shape that goes with a tone: `{% ui_tone_icon "warn" %}`."""
    return icon(TONE_ICONS[tone], size)


@register.simple_tag
def ui_pill(kind: str, value: object, label: object) -> SafeString:
    """A state as word, shape and colour: `{% ui_pill "artifact" a.status a.get_status_display %}`."""
    tone, shape = look(kind, value)
    return format_html('<span class="pill tone-{}">{}{}</span>', tone, icon(shape, 14), label)


@register.simple_tag
def ui_tag(tone: str, label: object, shape: str = "") -> SafeString:
    """A pill for something that is no state of a table: `{% ui_tag "warn" "Stale" "arrow-repeat" %}`."""
    return format_html('<span class="pill tone-{}">{}{}</span>', tone, icon(shape or TONE_ICONS[tone], 14), label)


@register.simple_tag
def ui_rail_mark(kind: str, state: str) -> SafeString:
    """A stage's circle or a gate's diamond, with the shape of its state."""
    tone, shape = look("gate" if kind == "gate" else "stage_state", state)
    return format_html('<span class="{}-mark tone-{}">{}</span>', kind, tone, icon(shape, 14))


@register.simple_tag
def ui_rail_word(kind: str, state: str) -> str:
    """The state of a stage or a gate in words."""
    return str(RAIL_WORDS[kind][state])


@register.simple_tag
def ui_answers(polarity: str, na: object = False) -> list[dict[str, str]]:
    """What may be answered: `{% ui_answers "confirm" item.na_allowed as answers %}`."""
    offered = ANSWERS[polarity] + ([NOT_APPLICABLE] if na else [])
    return [{"value": value, "label": str(label), **look("answer", value)._asdict()} for value, label in offered]


# --- Time ------------------------------------------------------------------------------------------------------------
def zone_word(moment: dt.datetime) -> str:
    """CET, or UTC+03:00 where the zone has no letters."""
    word = moment.tzname() or "UTC"
    return offset_of(moment) if word[0] in "+-" else word


def offset_of(moment: dt.datetime) -> str:
    """UTC+03:00. (Python 3.12 would have %:z.)"""
    digits = f"{moment:%z}"
    return f"UTC{digits[:3]}:{digits[3:5]}"


def span(seconds: float) -> str:
    """How long, in the one unit that people count in: 12 days, not 1 week."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if (hours := minutes // 60) < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    if (days := hours // 24) < 60:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if (months := round(days / 30.44)) < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def day_words(day: dt.date) -> str:
    """23 Nov 2026. By hand: a list shows hundreds, and Django's formatter takes ten times as long."""
    return f"{day.day} {str(MONTHS_3[day.month]).title()} {day.year}"


def minute_words(moment: dt.datetime) -> str:
    return f"{day_words(moment)}, {moment:%H:%M}"


def time_tag(moment: dt.datetime | None, zone: dt.tzinfo) -> SafeString:
    if moment is None:
        return format_html('<span class="none">{}</span>', _("not yet"))
    local = moment.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}">{} <span class="zone">{}</span></time>',
        local.isoformat(timespec="seconds"),
        f"{zone}, {offset_of(local)}",
        minute_words(local),
        zone_word(local),
    )


@register.simple_tag
def ui_time(moment: dt.datetime | None) -> SafeString:
    """A moment in the reader's time zone (projects.middleware makes it the current one), with the zone's name."""
    return time_tag(moment, timezone.get_current_timezone())


@register.simple_tag
def ui_time_in(moment: dt.datetime | None, zone: str) -> SafeString:
    """A moment in a named time zone, e.g. the signer's, whoever reads it."""
    return time_tag(moment, ZoneInfo(zone))


@register.simple_tag
def ui_ago(moment: dt.datetime | None) -> SafeString:
    """How long ago, or how long until; the exact moment is the title."""
    if moment is None:
        return time_tag(None, dt.UTC)
    now = timezone.now()
    away = (now - moment).total_seconds()
    if abs(away) < 60:
        words = _("just now")
    elif away > 0:
        words = _("%(span)s ago") % {"span": span(away)}
    else:
        words = _("in %(span)s") % {"span": span(-away)}
    local = timezone.localtime(moment)
    exact = f"{minute_words(local)} {zone_word(local)}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), exact, words)


@register.simple_tag
def ui_date(day: dt.date | None) -> SafeString:
    """A day, or "no date" in words."""
    if day is None:
        return format_html('<span class="none">{}</span>', _("no date"))
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), day_words(day))


@register.simple_tag
def ui_due(day: dt.date | dt.datetime | None) -> SafeString:
    """A due date as a chip: overdue, today, near or later, in words, shape and colour."""
    if day is None:
        return format_html('<span class="none">{}</span>', _("no due date"))
    if isinstance(day, dt.datetime):
        day = timezone.localdate(day)
    left = (day - timezone.localdate()).days
    if left < 0:
        tone, shape = "bad", "exclamation-triangle-fill"
        words = ngettext("%(days)s day overdue", "%(days)s days overdue", -left) % {"days": -left}
    elif left <= SOON:
        tone, shape = "warn", "clock-fill"
        words = {0: _("due today"), 1: _("due tomorrow")}.get(left) or _("due in %(days)s days") % {"days": left}
    else:
        tone, shape, words = "quiet", "calendar", _("due %(day)s") % {"day": day_words(day)}
    return format_html(
        '<span class="pill tone-{}">{}<time datetime="{}" title="{}">{}</time></span>',
        tone,
        icon(shape, 14),
        day.isoformat(),
        f"{WEEKDAYS[day.weekday()]}, {day_words(day)}",
        words,
    )


# --- People and digests ----------------------------------------------------------------------------------------------
def initials(name: str) -> str:
    """AK for Ada King, AK for Ada de King, A for Ada."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter("initials")
def initials_filter(person: object) -> str:
    return initials(str(person))


@register.simple_tag
def ui_person(person: object, role: object = "") -> SafeString:
    """Initials, name, role: `{% ui_person artifact.owner _("Owner") %}`; nobody is said in words."""
    if not person:
        return format_html('<span class="none">{}</span>', _("nobody yet"))
    name = str(person)
    note = format_html('<span class="person-role">{}</span>', role) if role else ""
    return format_html(
        '<span class="person"><span class="initials" aria-hidden="true">{}</span>'
        '<span class="person-text"><span class="person-name">{}</span>{}</span></span>',
        initials(name),
        name,
        note,
    )


@register.simple_tag
def ui_digest(digest: str) -> SafeString:
    """A SHA-256 in short; the whole of it on demand, in groups of eight so that two people can compare it aloud."""
    if not digest:
        return format_html('<span class="none">{}</span>', _("no digest yet"))
    groups = " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
    return format_html(
        '<details class="digest"><summary><span class="visually-hidden">{} </span><code>{}</code></summary>'
        "<code>{}</code></details>",
        _("SHA-256, in full:"),
        digest[:12],
        groups,
    )


@register.filter
def alongside(columns: Iterable[Any], row: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Column and cell in pairs. A row with too few or too many cells is a mistake of the page: ValueError."""
    return list(zip(columns, row, strict=True))
