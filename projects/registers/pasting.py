"""Rows pasted from a spreadsheet or a CSV file: read, checked by the register's own form, kept all or none."""

import csv
import io
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from projects.models import Project
from projects.registers.register import Register, RegisterForm

MOST_ROWS = 1000


@dataclass(frozen=True)
class Faulty:
    """A line that was not fit: which one, counted from 1, and why."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text}


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in ("\t", ";") if mark in first), ",")


def _value(field: forms.Field, cell: str) -> str:
    """A choice may be pasted by its words as well as by its stored value."""
    for value, label in getattr(field, "choices", ()):
        if not isinstance(label, (list, tuple)) and str(label).casefold() == cell.casefold():
            return str(getattr(value, "value", value))
    return cell


def read(register: Register, project: Project, text: str) -> tuple[list[RegisterForm], list[Faulty]]:
    """One bound form for each line, and what is wrong with lines that are not fit. A heading line is passed over."""
    names = register.pasted
    labels = [str(register.form.base_fields[name].label).casefold() for name in names]
    found: list[RegisterForm] = []
    faults: list[Faulty] = []
    lines = csv.reader(io.StringIO(text.strip("\n")), delimiter=_separator(text))
    for number, cells in enumerate(lines, start=1):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or (number == 1 and cells[0].casefold() in (labels[0], names[0])):
            continue
        if len(found) + len(faults) >= MOST_ROWS:
            faults.append(Faulty(number, _("At most %(most)d lines at once.") % {"most": MOST_ROWS}))
            break
        if len(cells) > len(names):
            faults.append(Faulty(number, _("More columns than the %(count)d known.") % {"count": len(names)}))
            continue
        empty = register.form(project=project)
        form = register.form(
            {name: _value(empty.fields[name], cell) for name, cell in zip(names, cells, strict=False)},
            project=project,
        )
        if form.is_valid():
            found.append(form)
        else:
            faults += [Faulty(number, _fault(form, name)) for name in form.errors]
    if not found and not faults:
        faults.append(Faulty(1, _("There is no row.")))
    return found, faults


def _fault(form: RegisterForm, name: str) -> str:
    words = " ".join(map(str, form.errors[name]))
    return f"{form.fields[name].label}: {words}" if name in form.fields else words
