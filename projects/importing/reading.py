"""A file as rows of text: encoding and delimiter found out, dates and numbers of a workbook written as text."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

import openpyxl
from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from projects.blocker import Refused

SAMPLE = 256 * 1024
DELIMITERS = ",;\t|"
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_UNPACKED = 200 * 1024 * 1024  # bytes a workbook may unpack to


class Unreadable(Refused):
    """The file is no table that can be read."""


@dataclass(frozen=True)
class Table:
    """A table with its texts.

    Args:
        header: column names, trimmed.
        rows: as many texts as columns; empty rows are left out.
        how: what was found out about the file.
        numbers: for each row its place in the file, the header being 1.
    """

    header: list[str]
    rows: list[list[str]]
    how: str
    numbers: list[int]


def read(file: IO[bytes], filename: str) -> Table:
    """The first sheet of a workbook or the whole of a CSV file. Raises: Unreadable, with what to do."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == b"PK\x03\x04":
        header, rows, how = _workbook(file)
    elif start[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("This is an old Excel file: save it as .xlsx or .csv."))
    else:
        header, rows, how = _delimited(file.read())
    header = [name.strip().lstrip("\ufeff") for name in header]
    if not any(header):
        raise Unreadable(_("The first row must hold the names of the columns."))
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unreadable(_("Two columns have the same name: %(names)s.") % {"names": ", ".join(twice)})
    if len(header) > MOST_COLUMNS:
        raise Unreadable(_("The file has more than %(most)d columns.") % {"most": MOST_COLUMNS})
    numbers, body = _even(rows, len(header))
    if not body:
        raise Unreadable(_("The file has column names but no rows."))
    return Table(header=header, rows=body, how=how, numbers=numbers)


def _even(rows: Iterator[list[str]], width: int) -> tuple[list[int], list[list[str]]]:
    numbers: list[int] = []
    body: list[list[str]] = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(body) == MOST_ROWS:
            raise Unreadable(_("The file has more than %(most)d rows: split it.") % {"most": MOST_ROWS})
        numbers.append(number)
        body.append([*row[:width], *[""] * (width - len(row))])
    return numbers, body


def _delimited(raw: bytes) -> tuple[list[str], Iterator[list[str]], str]:
    if b"\x00" in raw[:SAMPLE] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("This is neither a CSV file nor an Excel workbook."))
    text, encoding = _decoded(raw)
    delimiter = _delimiter(text[:SAMPLE])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        header = next(rows)
    except StopIteration:
        raise Unreadable(_("The file is empty.")) from None
    name = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}[delimiter]
    return header, rows, f"CSV, {encoding}, {name}"


def _decoded(raw: bytes) -> tuple[str, str]:
    """UTF-8 if it is valid UTF-8, else what the bytes look most like."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16"), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        best = from_bytes(raw[:SAMPLE]).best()
        encoding = best.encoding if best else "cp1252"
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            return raw.decode("cp1252", errors="replace"), "cp1252"


def _delimiter(sample: str) -> str:
    """The character that parts the first lines into the same number of cells, most cells first."""
    best, most = ",", 0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row][:50]
        usual = max(set(widths), key=widths.count) if widths else 0
        score = usual * widths.count(usual) if usual > 1 else 0
        if score > most:
            best, most = delimiter, score
    return best


def _workbook(file: IO[bytes]) -> tuple[list[str], Iterator[list[str]], str]:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("The workbook is too large: save the sheet as CSV."))
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise Unreadable(_("This is no Excel workbook that can be read.")) from error
    rows = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
    return next(rows, []), rows, f"XLSX, {sheet.title}"


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
