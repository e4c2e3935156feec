"""What an import would do, row by row, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from projects import standard_changes
from projects.blocker import Refused
from projects.facts import CODE, RESERVED_CODES, ProjectFacts
from projects.importing.fields import DATES, FIELDS, REQUIRED, BadValueError, date_order, read_date
from projects.importing.reading import Table
from projects.models import Category, ChangeTemplate, Project, User

CREATE, EXISTS, ERROR = "create", "exists", "error"


class BadMapping(Refused):
    """The mapping names a field or a column that does not exist, or leaves out what every project needs."""


@dataclass(frozen=True)
class Mapping:
    """How columns become fields.

    Args:
        fields: project field -> column name.
        defaults: project field -> text used where no column gives one.
        order: auto, dmy, mdy or ymd for dates written in numbers.
    """

    fields: dict[str, str]
    defaults: dict[str, str] = field(default_factory=dict)
    order: str = "auto"


@dataclass
class Row:
    """One row of the file and what would become of it.

    Args:
        number: as a spreadsheet counts it: the header is row 1.
        outcome: create, exists or error.
        messages: field and what is wrong with it.
    """

    number: int
    outcome: str
    code: str = ""
    title: str = ""
    messages: list[str] = field(default_factory=list)
    facts: ProjectFacts | None = None
    solution_manager: User | None = None
    program_manager: User | None = None

    def report(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "outcome": self.outcome,
            "code": self.code,
            "title": self.title,
            "messages": self.messages,
        }


@dataclass
class Plan:
    rows: list[Row]

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def report(self) -> list[dict[str, Any]]:
        return [row.report() for row in self.rows]


def check_mapping(mapping: Mapping, header: list[str]) -> None:
    """Raises: BadMapping, naming the field or column."""
    for name, column in mapping.fields.items():
        if name not in FIELDS:
            raise BadMapping(
                _("There is no field %(name)s. Fields: %(all)s.") % {"name": name, "all": ", ".join(FIELDS)}
            )
        if column not in header:
            raise BadMapping(
                _("The file has no column %(column)s. Columns: %(all)s.") % {"column": column, "all": ", ".join(header)}
            )
    unknown = sorted(set(mapping.defaults) - set(FIELDS))
    if unknown:
        raise BadMapping(_("There is no field %(name)s.") % {"name": unknown[0]})
    missing = [name for name in REQUIRED if name not in mapping.fields and not mapping.defaults.get(name)]
    if missing:
        labels = ", ".join(f"{FIELDS[name].label} ({name})" for name in missing)
        raise BadMapping(_("Every project needs these: map a column or give a value: %(names)s.") % {"names": labels})


def make(table: Table, mapping: Mapping, *, by: User, progress: Callable[[int], None] = lambda done: None) -> Plan:
    """What would happen to each row. Reads the database at most five times, however many rows; writes nothing.

    Args:
        by: solution manager of every project whose row names none, if he is one.
        progress: told how many rows are done, now and then.

    Raises: BadMapping.
    """
    check_mapping(mapping, table.header)
    reader = _Reader(table, mapping, by)
    rows = []
    for number, cells in enumerate(table.rows, start=2):
        rows.append(reader.row(number, cells))
        if number % 200 == 0:
            progress(number - 1)
    return Plan(rows)


class _Reader:
    """Reads rows one after the other; knows what earlier rows and the database hold already."""

    def __init__(self, table: Table, mapping: Mapping, by: User) -> None:
        self.places = {name: table.header.index(column) for name, column in mapping.fields.items()}
        self.mapping = mapping
        self.by = by
        self.orders = {name: self._order(name, table) for name in DATES}
        self.codes = set(Project.objects.values_list("code", flat=True))
        known = Project.objects.exclude(external_ref="").order_by("-pk").values_list("external_ref", "code")
        self.refs: dict[str, str] = dict(known)
        people = list(User.objects.available())
        self.people = {key.casefold(): one for one in people for key in (one.username, one.email, one.name)}
        self.default_manager = (
            by if by.is_solution_manager else next((one for one in people if one.is_solution_manager), None)
        )
        self.seen: dict[str, int] = {}

    def _order(self, name: str, table: Table) -> str:
        if self.mapping.order != "auto":
            return self.mapping.order
        if name not in self.places:
            return ""
        return date_order([row[self.places[name]] for row in table.rows])

    def _text(self, name: str, cells: list[str]) -> str:
        value = cells[self.places[name]].strip() if name in self.places else ""
        return value or self.mapping.defaults.get(name, "").strip()

    def row(self, number: int, cells: list[str]) -> Row:
        texts = {name: self._text(name, cells) for name in FIELDS}
        row = Row(number=number, outcome=CREATE, title=texts["title"][:250], code=texts["code"])
        values = self._values(texts, row)
        self._identity(texts, row)
        if row.outcome == EXISTS:
            row.messages = []
            return row
        self._people(texts, row)
        if row.messages:
            row.outcome = ERROR
            return row
        row.facts = ProjectFacts(**values)
        return row

    def _values(self, texts: dict[str, str], row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, one in FIELDS.items():
            given = texts[name]
            if not given:
                if name in REQUIRED:
                    row.messages.append(_("%(field)s: is empty") % {"field": one.label})
                continue
            if one.limit and len(given) > one.limit:
                row.messages.append(
                    _("%(field)s: has %(length)d characters, at most %(limit)d")
                    % {"field": one.label, "length": len(given), "limit": one.limit}
                )
                continue
            try:
                values[name] = read_date(given, self.orders[name]) if name in DATES else one.read(given)
            except BadValueError as bad:
                row.messages.append(f"{one.label}: “{given[:60]}” {bad}")
        self._template(values, row)
        return self._combined(values, row)

    @cached_property
    def templates(self) -> dict[str, ChangeTemplate]:
        """Every change template by its code, read when a row first needs one."""
        return {each.code.casefold(): each for each in ChangeTemplate.objects.select_related("owner")}

    def _template(self, values: dict[str, Any], row: Row) -> None:
        """A standard row names a template that is known and tested; no other row names one (SEED-07)."""
        given, category = values.pop("template", ""), values.get("category", "")
        if not given and category != Category.STANDARD:
            return
        label = FIELDS["template"].label
        template = self.templates.get(given.casefold())
        if given and template is None:
            row.messages.append(_("%(field)s: there is no “%(code)s”") % {"field": label, "code": given[:40]})
        elif category != Category.STANDARD:
            row.messages.append(_("%(field)s: only a standard change is opened from one") % {"field": label})
        else:
            found = standard_changes.blockers(category, template, timezone.localdate())
            row.messages += [f"{label}: {blocker.text}" for blocker in found]
            values["template"] = template

    def _combined(self, values: dict[str, Any], row: Row) -> dict[str, Any]:
        """Fields of the file that are another field of the project."""
        in_millions, lasts = values.pop("planned_cost_millions", None), values.pop("planned_duration_days", None)
        if in_millions is not None:
            values.setdefault("planned_cost", in_millions)
        start, end = values.get("planned_start"), values.get("planned_end")
        if lasts is not None and start and not end:
            values["planned_end"] = end = start + lasts
        if start and end and end < start:
            row.messages.append(_("Planned end: lies before the planned start"))
        for name in ("code", "solution_manager", "program_manager"):
            values.pop(name, None)
        return values

    def _identity(self, texts: dict[str, str], row: Row) -> None:
        """A row that the register has already is left alone, so a file can come twice."""
        code, ref = texts["code"], texts["external_ref"]
        if ref and ref in self.refs:
            row.outcome, row.code = EXISTS, self.refs[ref]
        elif code and code in self.codes:
            row.outcome = EXISTS
        if code and (not CODE.fullmatch(code) or code in RESERVED_CODES):
            row.messages.append(_("Code: 1 to 40 letters, digits, dots, dashes or underscores"))
        for key in filter(None, (f"ref {ref}" if ref else "", f"code {code}" if code else "")):
            if key in self.seen:
                row.messages.append(_("The same %(key)s stands in row %(row)d") % {"key": key, "row": self.seen[key]})
            self.seen.setdefault(key, row.number)

    def _people(self, texts: dict[str, str], row: Row) -> None:
        row.solution_manager = self.default_manager
        for name in ("solution_manager", "program_manager"):
            given = texts[name]
            if not given:
                continue
            person = self.people.get(given.casefold())
            if person is None:
                row.messages.append(
                    _("%(field)s: nobody is called “%(name)s”") % {"field": FIELDS[name].label, "name": given[:60]}
                )
            elif name == "solution_manager" and not person.is_solution_manager:
                row.messages.append(_("%(name)s is not a solution manager") % {"name": person})
            setattr(row, name, person)
        if row.solution_manager is None:
            row.messages.append(_("Solution manager: nobody is one yet"))
