"""What a register is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from projects.access import Seat
from projects.models import Project

Words = str | Promise


class RegisterForm(forms.Form):
    """A form about one row of a project's register. Fields with a method ``offer`` get their choices from it."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        for field in self.fields.values():
            if hasattr(field, "offer"):
                field.offer(project)


@dataclass(frozen=True)
class Pill:
    """A cell that shows a state in colour, shape and words. Args: kind, value: as `ui_pill` takes them."""

    kind: str
    value: str
    label: Words

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class Column:
    """One column. Args: value: the cell of a row: text, a day, a moment, a number, a person or a `Pill`; no queries."""

    label: Words
    value: Callable[[Any], object]
    num: bool = False


@dataclass(frozen=True)
class Verb:
    """Something that is done with one row, on a page of its own.

    Args:
        name: in the address, e.g. ``resolve``.
        label: the button's words.
        do: the action, called as ``do(row, by=..., now=..., **what the form gave)``.
        form: what is asked for; a plain confirmation without one.
        open_to: who is shown the way; the action itself decides and refuses.
        when: rows for which it makes sense now; no queries.
        explain: what it means, on the page of the verb.
        initial: what the form starts with.
    """

    name: str
    label: Words
    do: Callable[..., object]
    form: type[RegisterForm] | None = None
    open_to: Callable[[Seat], bool] = lambda place: place.contributes
    when: Callable[[Any], bool] = lambda row: True
    explain: Words = ""
    initial: Callable[[Any], Mapping[str, Any]] = lambda row: {}


@dataclass(frozen=True, kw_only=True)
class Register:
    """One list that a project keeps.

    Args:
        name: in the address, e.g. ``risks``.
        title, purpose: heading, and one or two sentences for the reader.
        stage: key of the stage under which the hub lists it, see catalog.stages.
        source: where the source document asks for it.
        rows: the rows of a project, related rows at hand, in the order of the page.
        columns: the first one names the row.
        form, add: what is asked for, and the action: ``add(project_id=..., by=..., now=..., **what the form gave)``.
        add_label: heading of the form.
        verbs: what is done with a row.
        open_to: who is shown the form; the action itself decides and refuses.
        empty: what to do next, while there is nothing.
        pasted: names of the form's fields in the order in which columns are pasted; () when rows cannot be pasted.
        note: a sentence about the whole, from the project; at most one query.
    """

    name: str
    title: Words
    purpose: Words
    stage: str
    source: str
    rows: Callable[[Project], QuerySet[Any]]
    columns: tuple[Column, ...]
    form: type[RegisterForm]
    add: Callable[..., object]
    add_label: Words
    verbs: tuple[Verb, ...] = ()
    open_to: Callable[[Seat], bool] = lambda place: place.contributes
    empty: Words = ""
    pasted: tuple[str, ...] = ()
    note: Callable[[Project], Words] | None = None

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)


def cell_text(value: object) -> str:
    """A cell as plain text, for tables, CSV and the evidence pack: days and moments in the reader's zone."""
    match value:
        case None:
            return ""
        case datetime():
            return date_format(timezone.localtime(value), "j M Y, H:i")
        case date():
            return date_format(value, "j M Y")
    return str(value)


__all__ = ["Column", "Pill", "Register", "RegisterForm", "Verb", "cell_text"]
