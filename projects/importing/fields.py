"""What a column can become, and how its texts are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from dateutil import parser as date_parser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Category, ProjectType

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

YES = {"yes", "y", "true", "1", "ja", "x"}
NO = {"no", "n", "false", "0", "nein"}
DATE_ORDERS = ("auto", "dmy", "mdy", "ymd")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_THREE_NUMBERS = re.compile(r"(\d{1,4})[./\-\s](\d{1,2})[./\-\s](\d{1,4})(?:[T\s].*)?")


class BadValueError(ValueError):
    """The text cannot be read as what the field holds. Its message names what is expected."""


@dataclass(frozen=True)
class Field:
    """A project field that a column can fill.

    Args:
        limit: most characters; 0 for no limit.
        guesses: column names, in lower case, that are taken for this field when nobody says otherwise.
    """

    name: str
    label: "StrOrPromise"
    read: Callable[[str], Any]
    limit: int = 0
    guesses: tuple[str, ...] = ()


def text(value: str) -> str:
    return value.strip()


def _choice(choices: type[ProjectType] | type[Category]) -> Callable[[str], str]:
    def read(value: str) -> str:
        wanted = value.strip().casefold().replace(" ", "_").replace("-", "_")
        for choice in choices:
            if wanted in (choice.value, str(choice.label).casefold().replace(" ", "_")):
                return str(choice.value)
        raise BadValueError(_("must be one of: %(values)s") % {"values": ", ".join(choices.values)})

    return read


def yes_or_no(value: str) -> bool | None:
    word = value.strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadValueError(_("must be yes or no"))


def number(value: str) -> Decimal:
    """A number as people write it: 1,234.5 and 1.234,5 and 1 234 and EUR 12. No guess where it could be either."""
    given = value.strip().replace("\u2212", "-")
    bare = given if _SCIENTIFIC.fullmatch(given) else re.sub(r"[^\d,.\-]", "", given)
    if "," in bare and "." in bare:
        decimal_mark = max(",.", key=bare.rfind)
        bare = bare.replace("," if decimal_mark == "." else ".", "").replace(decimal_mark, ".")
    elif bare.count(",") > 1 or re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+", bare):
        bare = bare.replace(",", "")
    else:
        bare = bare.replace(",", ".")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        raise BadValueError(_("is not a number")) from None
    if not found.is_finite() or abs(found) >= Decimal(10) ** 14:
        raise BadValueError(_("is too large"))
    return found


def money(value: str) -> Decimal:
    found = number(value)
    if found < 0:
        raise BadValueError(_("must not be negative"))
    return found.quantize(Decimal("0.01"))


def millions(value: str) -> Decimal:
    found = number(value) * 1_000_000
    if found < 0:
        raise BadValueError(_("must not be negative"))
    return found.quantize(Decimal("0.01"))


def days(value: str) -> timedelta:
    found = number(value)
    if not 0 <= found <= 36_525:
        raise BadValueError(_("must be between 0 and 36525 days"))
    return timedelta(days=int(found))


def date_order(values: list[str]) -> str:
    """Which of day and month comes first in a column, if its values tell; else empty.

    One value with a number above 12 in a place decides for the whole column.
    """
    first_is_day = second_is_day = False
    for value in values:
        match = _THREE_NUMBERS.fullmatch(value.strip())
        if match and len(match[1]) < 4:
            first_is_day |= int(match[1]) > 12
            second_is_day |= int(match[2]) > 12
    if first_is_day == second_is_day:
        return ""
    return "dmy" if first_is_day else "mdy"


def read_date(value: str, order: str) -> date:
    """A date written with numbers or with the month's name.

    Args:
        order: dmy, mdy or ymd; empty when nobody knows: then a date that could be two is refused.
    """
    value = value.strip()
    match = _THREE_NUMBERS.fullmatch(value)
    if (
        match
        and len(match[1]) < 4
        and not order
        and int(match[1]) <= 12
        and int(match[2]) <= 12
        and match[1] != match[2]
    ):
        raise BadValueError(_("could be two dates: say which comes first, day or month"))
    if match is None and not re.search(r"[A-Za-zÀ-ž]{3}", value):
        raise BadValueError(_("is not a date"))
    try:
        found = date_parser.parse(
            value, dayfirst=order == "dmy", yearfirst=order == "ymd" or bool(match and len(match[1]) == 4)
        )
    except (ValueError, OverflowError):
        raise BadValueError(_("is not a date")) from None
    if not 1950 <= found.year <= 2150:
        raise BadValueError(_("is not a date between 1950 and 2150"))
    return found.date()


def _unread(value: str) -> str:
    return value.strip()


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("title", gettext_lazy("Title"), text, 250, ("title", "project", "project name", "project_name", "name")),
        Field("code", gettext_lazy("Code"), text, 40, ("code", "project code")),
        Field(
            "external_ref",
            gettext_lazy("Reference in the source system"),
            text,
            80,
            ("id", "project_id", "project id", "ref"),
        ),
        Field("description", gettext_lazy("Description"), text, 0, ("description", "summary", "investment_title")),
        Field("project_type", gettext_lazy("Project type"), _choice(ProjectType), 0, ("type", "project type")),
        Field("category", gettext_lazy("Change category"), _choice(Category), 0, ("category", "change category")),
        Field("template", gettext_lazy("Change template"), text, 40, ("template", "change template")),
        Field("category_nature", gettext_lazy("Nature of the change"), text, 0, ("nature",)),
        Field("category_size", gettext_lazy("Size of the change"), text, 0, ("size",)),
        Field("unit", gettext_lazy("Unit"), text, 160, ("unit", "department", "agency_name", "agency")),
        Field("methodology", gettext_lazy("Management discipline"), text, 60, ("methodology", "discipline")),
        Field("conversion_applies", gettext_lazy("Conversion applies"), yes_or_no, 0, ("conversion",)),
        Field("role_segregation", gettext_lazy("Segregation of roles"), yes_or_no, 0, ("segregation",)),
        Field("intents", gettext_lazy("Goals and intents"), text, 0, ("goals", "intents")),
        Field(
            "portfolio_ref",
            gettext_lazy("Portfolio review reference"),
            text,
            60,
            ("portfolio_ref", "portfolio reference"),
        ),
        Field("portfolio_date", gettext_lazy("Portfolio review date"), _unread, 0, ("portfolio_date",)),
        Field("portfolio_outcome", gettext_lazy("Portfolio review outcome"), text, 60, ("portfolio_outcome",)),
        Field("planned_cost", gettext_lazy("Planned cost"), money, 0, ("planned cost", "cost", "budget")),
        Field("planned_cost_millions", gettext_lazy("Planned cost, in millions"), millions, 0, ("plannedcost",)),
        Field("currency", gettext_lazy("Currency"), text, 3, ("currency",)),
        Field(
            "planned_start",
            gettext_lazy("Planned start"),
            _unread,
            0,
            ("start", "start_date", "start date", "planned start"),
        ),
        Field("planned_end", gettext_lazy("Planned end"), _unread, 0, ("end", "end_date", "end date", "planned end")),
        Field(
            "planned_duration_days", gettext_lazy("Planned duration, days"), days, 0, ("planned_duration", "duration")
        ),
        Field("solution_manager", gettext_lazy("Solution manager"), text, 0, ("solution manager",)),
        Field(
            "program_manager",
            gettext_lazy("Program manager"),
            text,
            0,
            ("program manager", "project manager", "manager"),
        ),
    )
}
DATES = ("portfolio_date", "planned_start", "planned_end")
REQUIRED = ("title", "project_type", "category", "category_nature", "category_size")


def guess(header: list[str]) -> dict[str, str]:
    """Which column is which field, going by the names alone. Each column is used once."""
    found: dict[str, str] = {}
    names = {name.casefold(): name for name in header if name}
    for field in FIELDS.values():
        column = next((names[wanted] for wanted in (field.name, *field.guesses) if wanted in names), None)
        if column is not None and column not in found.values():
            found[field.name] = column
    return found
