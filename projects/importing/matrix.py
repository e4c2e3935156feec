"""A table of requirements and the features that meet them, as it is downloaded from the traceability page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.importing.reading import Table, Unreadable
from projects.traceability import COLUMNS

MOST_LINES = 2000


@dataclass(frozen=True)
class MatrixLine:
    """One line of the file, trimmed. Args: number: of the line in the file, the heading being 1."""

    number: int
    requirement: str = ""
    kind: str = ""
    text: str = ""
    feature: str = ""
    name: str = ""
    owner: str = ""
    status: str = ""
    test: str = ""
    result: str = ""


def matrix_lines(table: Table) -> list[MatrixLine]:
    """The lines of the file. Raises: Unreadable when its columns are not those of the matrix, or it is too long."""
    header = [name.strip().casefold() for name in table.header]
    strange = [name for name in header if name and name not in COLUMNS]
    if strange:
        raise Unreadable(
            _("The columns %(strange)s are not known. Known are: %(known)s.")
            % {"strange": ", ".join(strange), "known": ", ".join(COLUMNS)}
        )
    if not {"requirement", "feature"} & set(header):
        raise Unreadable(_("The file needs a column named requirement or feature."))
    if len(table.rows) > MOST_LINES:
        raise Unreadable(_("The file has more than %(most)d rows: split it.") % {"most": MOST_LINES})
    return [
        MatrixLine(number, **{name: _cell(cell) for name, cell in zip(header, row, strict=False) if name})
        for number, row in zip(table.numbers, table.rows, strict=True)
    ]


def _cell(cell: str) -> str:
    """Without the apostrophe that keeps a download's cell from becoming a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip()[:1] in set("=+-@") else cell
