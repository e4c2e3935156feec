"""The database as the last line: triggers that refuse what no action does, on PostgreSQL and on SQLite alike.

An app states its rules in a module `guard_rules`; `install` brings the database to exactly that set. It runs after
every `migrate` (see docs/decisions/database-guards.md), because SQLite drops a table's triggers when it alters it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from string import Template
from typing import Any, Literal

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import module_has_submodule

PREFIX = "guard_"
VENDORS = ("postgresql", "sqlite")


@dataclass(frozen=True)
class Guard:
    """One trigger: what it watches, and when it says no.

    Args:
        table, event: every row of this table, before it is inserted, updated or deleted.
        what: short name; the trigger is called ``guard_<table>_<what>``.
        refusals: pairs of SQL condition over OLD and NEW, and the sentence it is refused with. Both databases read
            the same SQL; the few words that differ are translated when the trigger is written (`_on`).
        no_truncate: the table cannot be emptied at once either (PostgreSQL; SQLite knows no TRUNCATE).
    """

    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
    what: str
    refusals: Sequence[tuple[str, str]]
    no_truncate: bool = False

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.table}_{self.what}"


def changed(*columns: str) -> str:
    """SQL: one of these columns gets another value; nothing and a value are different."""
    return "(" + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns) + ")"


def never_deleted(table: str, noun: str) -> Guard:
    """Rows of this table stay."""
    return Guard(table, "DELETE", "stays", [("TRUE", f"{noun} is never deleted.")], no_truncate=True)


def only_added(table: str, noun: str) -> list[Guard]:
    """Rows of this table are added, never changed, never deleted."""
    return [
        Guard(table, "UPDATE", "fixed", [("TRUE", f"{noun} is never changed: add a new one.")]),
        never_deleted(table, noun),
    ]


def expected() -> list[Guard]:
    """Every guard of every installed app."""
    found: list[Guard] = []
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "guard_rules"):
            found += import_module(f"{app.name}.guard_rules").GUARDS
    return found


# --- Writing a guard in the words of one database ------------------------------------------------------------------


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Of a text of lines that begin with a list of names in brackets: those that name `all` or this one. Another text whole.
# SQLite takes the lines apart as the strings of a JSON array.
_PART = {
    "sqlite": Template(
        """(CASE WHEN substr($text, 1, 7) = '{"for":' THEN (SELECT group_concat(t.value || char(10), '')
        FROM json_each('["' || replace(replace(replace(rtrim($text, char(10)),
        '\\', '\\\\'), '"', '\\"'), char(10), '","') || '"]') t
        WHERE instr(substr(t.value, 1, instr(t.value, ']')), '"all"') > 0
        OR instr(substr(t.value, 1, instr(t.value, ']')), '"' || $name || '"') > 0) ELSE $text END)"""
    ),
    "postgresql": Template(
        """(CASE WHEN substr($text, 1, 7) = '{"for":' THEN (SELECT string_agg(t.line || chr(10), '' ORDER BY t.place)
        FROM unnest(string_to_array(rtrim($text, chr(10)), chr(10))) WITH ORDINALITY AS t(line, place)
        WHERE strpos(split_part(t.line, ']', 1), '"all"') > 0
        OR strpos(split_part(t.line, ']', 1), '"' || $name || '"') > 0) ELSE $text END)"""
    ),
}
_SHA256 = {"sqlite": "SHA256({})", "postgresql": "encode(sha256(convert_to({}, 'UTF8')), 'hex')"}
_PAIRS = {"sqlite": "json_each(", "postgresql": "jsonb_each_text("}


def _on(vendor: str, condition: str) -> str:
    """The condition as this database wants it: SQLite before 3.39 knows IS NOT where SQL says IS DISTINCT FROM, and
    takes SHA-256 from the function that Django registers on each of its connections."""
    if vendor == "sqlite":
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")

    def part(found: re.Match[str]) -> str:
        return _SHA256[vendor].format(_PART[vendor].substitute(text=found[1], name=found[2]))

    condition = re.sub(r"PART_SHA256\(([\w.]+), ([\w.\"]+)\)", part, condition)
    condition = re.sub(r"SHA256_HEX\(([\w.]+)\)", lambda found: _SHA256[vendor].format(found[1]), condition)
    return condition.replace("JSON_PAIRS(", _PAIRS[vendor])


def _sqlite_trigger(guard: Guard) -> str:
    steps = "\n".join(
        f"  SELECT RAISE(ABORT, {_quoted(text)}) WHERE {_on('sqlite', condition)};"
        for condition, text in guard.refusals
    )
    return f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW\nBEGIN\n{steps}\nEND"


def _postgres_body(refusals: Sequence[tuple[str, str]], name: str, returns: str) -> str:
    steps = "\n".join(
        f"  IF {_on('postgresql', condition)} THEN\n"
        f"    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = {_quoted(name)},"
        f" MESSAGE = {_quoted(text)};\n  END IF;"
        for condition, text in refusals
    )
    return f"\nBEGIN\n{steps}\n  RETURN {returns};\nEND\n"


@dataclass(frozen=True)
class _Written:
    """A trigger as it should stand in the database's own catalog; two of the same are the same guard."""

    name: str
    table: str
    trigger: str
    body: str = ""
    settings: str = ""
    enabled: str = ""


def _written(vendor: str, schema: str, guards: Iterable[Guard]) -> dict[str, _Written]:
    """How the catalog holds these guards, by trigger name."""
    written: dict[str, _Written] = {}
    for guard in guards:
        if vendor == "sqlite":
            written[guard.name] = _Written(guard.name, guard.table, _sqlite_trigger(guard))
            continue
        returns = "OLD" if guard.event == "DELETE" else "NEW"
        each: list[tuple[str, str, str, str]] = [
            (guard.name, guard.event, "ROW", _postgres_body(guard.refusals, guard.name, returns))
        ]
        if guard.no_truncate:
            name, sentence = f"{guard.name}_whole", guard.refusals[0][1]
            each.append((name, "TRUNCATE", "STATEMENT", _postgres_body([("TRUE", sentence)], name, "NULL")))
        for name, event, level, body in each:
            trigger = (
                f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} FOR EACH {level} EXECUTE FUNCTION {name}()"
            )
            # Tables are found in our schema first: a temporary table of the same name must not answer for them.
            settings = f"search_path={schema}, pg_temp"
            written[name] = _Written(name, guard.table, trigger, body, settings, enabled="A")
    return written


# --- What stands in the database -----------------------------------------------------------------------------------


def _rows(connection: BaseDatabaseWrapper, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _schema(connection: BaseDatabaseWrapper) -> str:
    return str(_rows(connection, "SELECT current_schema()")[0][0]) if connection.vendor == "postgresql" else ""


def installed(connection: BaseDatabaseWrapper) -> dict[str, _Written]:
    """Our triggers as the database's catalog has them, by name."""
    if connection.vendor == "sqlite":
        rows = _rows(connection, "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: _Written(name, table, sql) for name, table, sql in rows if name.startswith(PREFIX)}
    rows = _rows(
        connection,
        """
        SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid, true), p.prosrc,
               coalesce(array_to_string(p.proconfig, ';'), ''), t.tgenabled::text
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
         WHERE NOT t.tgisinternal AND starts_with(t.tgname, %s) AND c.relnamespace = current_schema()::regnamespace
        """,
        [PREFIX],
    )
    return {row[0]: _Written(*row) for row in rows}


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the guards of this database, as sentences. Empty means that all stand as written."""
    if connection.vendor not in VENDORS:
        return [f"There are no guards for {connection.vendor}: use PostgreSQL or SQLite."]
    should, stand = _written(connection.vendor, _schema(connection), expected()), installed(connection)
    found = [f"Guard {name} is missing." for name in should if name not in stand]
    found += [f"Guard {name} is not ours." for name in stand if name not in should]
    for name in sorted(should.keys() & stand.keys()):
        if stand[name].enabled != should[name].enabled:
            found.append(f"Guard {name} is switched off.")
        elif stand[name] != should[name]:
            found.append(f"Guard {name} was altered.")
    return sorted(found)


# --- Installing and lifting ----------------------------------------------------------------------------------------


def _drop(connection: BaseDatabaseWrapper, guard: _Written) -> str:
    if connection.vendor == "sqlite":
        return f"DROP TRIGGER {guard.name}"
    return f"DROP TRIGGER {guard.name} ON {guard.table}; DROP FUNCTION {guard.name}() CASCADE"


def _create(connection: BaseDatabaseWrapper, guard: _Written) -> str:
    if connection.vendor == "sqlite":
        return guard.trigger
    name, value = guard.settings.split("=")
    return (
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql SET {name} = {value}"
        f" AS $guard${guard.body}$guard$; {guard.trigger};"
        f" ALTER TABLE {guard.table} ENABLE ALWAYS TRIGGER {guard.name}"
    )


def _settle(connection: BaseDatabaseWrapper) -> None:
    """PostgreSQL changes no trigger of a table while foreign keys of this transaction are still to be checked."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _named(guard: Guard) -> Iterator[tuple[set[str], str]]:
    """Each column that the guard names, with the tables of which one must have it; of each table at least its key."""
    yield {guard.table}, "id"
    for condition, _text in guard.refusals:
        tables = {"NEW": {guard.table}, "OLD": {guard.table}}
        for table, alias in re.findall(r"\b(?:FROM|JOIN) (\w+) (\w+)", condition):
            tables.setdefault(alias, set()).add(table)
            yield {table}, "id"
        for alias, column in re.findall(r"\b(\w+)\.(\w+)", condition):
            if alias in tables:
                yield tables[alias], column


def _fitting(connection: BaseDatabaseWrapper) -> list[Guard]:
    """The guards whose tables and columns are all there."""
    columns: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            described = connection.introspection.get_table_description(cursor, table)
            columns[table] = {column.name for column in described}
    return [
        guard
        for guard in expected()
        if all(any(column in columns.get(table, ()) for table in tables) for tables, column in _named(guard))
    ]


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """The database has exactly the guards that the apps state; those that stand as written are left alone.

    Guards that name a table or column that is not there are left out: the `migrate` that brings it brings them.
    """
    connection = connections[using]
    if connection.vendor not in VENDORS:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _settle(connection)
        should = _written(connection.vendor, _schema(connection), _fitting(connection))
        stand = installed(connection)
        for name, guard in stand.items():
            if should.get(name) != guard:
                cursor.execute(_drop(connection, guard))
        for name, guard in should.items():
            if stand.get(name) != guard:
                cursor.execute(_create(connection, guard))


def lift(using: str = DEFAULT_DB_ALIAS) -> None:
    """No guard stands in this database."""
    connection = connections[using]
    if connection.vendor not in VENDORS:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _settle(connection)
        for guard in installed(connection).values():
            cursor.execute(_drop(connection, guard))


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Inside, no guard stands: for a migration that must touch what is guarded. Afterwards all stand again."""
    lift(using)
    try:
        yield
    finally:
        if not connections[using].needs_rollback:
            install(using)
