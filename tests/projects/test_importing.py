"""Importing projects: reading files, planning row by row, all or nothing, twice without doubles."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from projects import tasks
from projects.actions import importing
from projects.importing import fields, plan
from projects.importing.fields import BadValueError
from projects.importing.plan import BadMapping, Mapping
from projects.importing.reading import Unreadable, read
from projects.models import ImportMapping, ImportRun, LedgerEntry, Project
from tests import world

DEFAULTS = {
    "project_type": "it_service",
    "category": "minor",
    "category_nature": "As published.",
    "category_size": "As published.",
}
MAPPING = Mapping(fields={"title": "Name", "external_ref": "Id", "planned_start": "Start"}, defaults=DEFAULTS)


def csv_file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


# --- Reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(encoding, delimiter):
    rows = ["Id|Name|Start", "1|Café Müller, großes Projekt; ähnlich|2026-01-02"]
    lines = [delimiter.join(f'"{cell}"' for cell in row.split("|")) for row in rows]

    table = read(csv_file("\r\n".join(lines), encoding), "a.csv")

    assert table.header == ["Id", "Name", "Start"]
    assert table.rows == [["1", "Café Müller, großes Projekt; ähnlich", "2026-01-02"]]


def test_a_workbook_is_read_like_a_csv_file():
    book = openpyxl.Workbook()
    book.active.append(["Id", "Name", "Start", "Cost"])
    book.active.append([7, "Payroll", date(2026, 3, 1), 12.5])
    file = io.BytesIO()
    book.save(file)

    table = read(file, "a.xlsx")

    assert table.rows == [["7", "Payroll", "2026-03-01", "12.5"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"Id,Name\n", "no rows"),
        (b"\xd0\xcf\x11\xe0rest", "save it as"),
        (b"PK\x03\x04broken", "no Excel workbook"),
        (b"\x7fELF\x00\x00\x01", "neither"),
        (b"Id,Id\n1,2\n", "same name"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content, says):
    with pytest.raises(Unreadable, match=says):
        read(io.BytesIO(content), "a.csv")


# --- Values ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026-03-04 00:00:00", date(2026, 3, 4)),
        ("4 March 2026", date(2026, 3, 4)),
        ("Mar 4, 2026", date(2026, 3, 4)),
        ("31/12/2026", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
    ],
)
def test_dates_are_read_in_several_forms(text, expected):
    assert fields.read_date(text, "dmy" if "31" in text else "") == expected


def test_a_date_that_could_be_two_is_refused_until_the_order_is_known():
    with pytest.raises(BadValueError, match="which comes first"):
        fields.read_date("03/04/2026", "")

    assert fields.read_date("03/04/2026", "dmy") == date(2026, 4, 3)
    assert fields.read_date("03/04/2026", "mdy") == date(2026, 3, 4)
    assert fields.date_order(["03/04/2026", "25/04/2026"]) == "dmy"
    assert fields.date_order(["03/04/2026", "04/25/2026"]) == "mdy"
    assert fields.date_order(["03/04/2026"]) == ""


@pytest.mark.parametrize("text", ["soon", "99", "32/13/2026", "0001-01-01"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(BadValueError):
        fields.read_date(text, "dmy")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("EUR 1 200", "1200"),
        ("0,179", "0.18"),
        ("1e-06", "0.00"),
        ("-0", "0.00"),
        ("1,234", "1234"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, expected):
    assert fields.money(text) == Decimal(expected)


def test_millions_become_units():
    assert fields.millions("0.000001") == Decimal("1.00")
    with pytest.raises(BadValueError, match="negative"):
        fields.millions("-1")


# --- Planning and applying -------------------------------------------------------------------------------------------
@pytest.fixture
def people(db):
    return world.People()


def apply(text: str, people, mapping: Mapping = MAPPING, **more):
    return importing.apply(
        table=read(csv_file(text), "a.csv"), mapping=mapping, by=people.manager, now=world.NOW, **more
    )


def test_rows_become_projects_with_their_origin_on_record(people):
    apply("Id,Name,Start\n17,Payroll,2026-01-05\n18,Wi-Fi,2026-02-05\n", people)

    assert list(Project.objects.order_by("pk").values_list("title", "external_ref")) == [
        ("Payroll", "17"),
        ("Wi-Fi", "18"),
    ]
    created = LedgerEntry.objects.filter(event="project.created")
    assert {entry.source for entry in created} == {"import"}
    assert world.holder(Project.objects.first(), "R-SM").user == people.manager


def test_the_same_file_twice_makes_no_doubles(people):
    text = "Id,Name,Start\n17,Payroll,2026-01-05\n"
    apply(text, people)
    again = apply(text + "18,Wi-Fi,2026-02-05\n", people)

    assert [row.outcome for row in again.plan.rows] == ["exists", "create"]
    assert Project.objects.count() == 2


def test_one_bad_row_refuses_the_file_and_names_row_and_field(people):
    text = "Id,Name,Start\n17,Payroll,2026-01-05\n18,,someday\n"
    with pytest.raises(importing.RowsRefused) as refused:
        apply(text, people)

    assert not Project.objects.exists()
    assert "Row 3" in refused.value.blockers[0].text
    assert "Title: is empty" in refused.value.blockers[0].text
    assert "Planned start" in refused.value.blockers[0].text


def test_bad_rows_can_be_left_out_on_demand(people):
    apply("Id,Name,Start\n17,Payroll,2026-01-05\n18,,someday\n", people, skip_bad_rows=True)

    assert Project.objects.count() == 1


def test_the_same_reference_twice_in_one_file_is_an_error(people):
    made = plan.make(read(csv_file("Id,Name,Start\n17,A,\n17,B,\n"), "a.csv"), MAPPING, by=people.manager)

    assert made.rows[1].outcome == "error"
    assert "row 2" in made.rows[1].messages[0]


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (Mapping({"titel": "Name"}), "no field titel"),
        (Mapping({"title": "Nome"}), "no column Nome"),
        (Mapping({"title": "Name"}), "Every project needs"),
    ],
)
def test_a_mapping_that_cannot_work_says_why(people, mapping, says):
    with pytest.raises(BadMapping, match=says):
        apply("Id,Name,Start\n17,A,\n", people, mapping)


def test_who_may_not_create_projects_may_not_import(people):
    from projects.blocker import NotAllowed

    with pytest.raises(NotAllowed):
        importing.apply(
            table=read(csv_file("Id,Name,Start\n1,A,\n"), "a.csv"), mapping=MAPPING, by=people.developer, now=world.NOW
        )


def test_formulas_and_markup_stay_text(people, client):
    apply('Id,Name,Start\n1,"=HYPERLINK(""x"")<script>",\n', people)
    client.force_login(people.manager)

    project = Project.objects.get()
    assert project.title == '=HYPERLINK("x")<script>'
    assert "<script>" not in client.get(reverse("artifacts", args=[project.code])).content.decode().split("</head>")[1]


# --- Command ---------------------------------------------------------------------------------------------------------
def test_the_command_imports_and_keeps_the_mapping(people, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text("Id,Name,Start\n17,Payroll,2026-01-05\n")
    options = ["--map", "title=Name", "--map", "external_ref=Id"]
    options += [part for name, value in DEFAULTS.items() for part in ("--default", f"{name}={value}")]

    call_command("import_projects", str(path), *options, "--dry-run")
    assert not Project.objects.exists()
    call_command("import_projects", str(path), *options, "--save-mapping", "register")
    call_command("import_projects", str(path), "--mapping", "register", "--report", str(tmp_path / "report.csv"))

    assert Project.objects.count() == 1
    assert ImportMapping.objects.get().name == "register"
    assert "exists" in (tmp_path / "report.csv").read_text()
    assert "0 projects were created." in capsys.readouterr().out


def test_the_command_names_what_is_wrong(people, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Id,Name\n17,Payroll\n")

    with pytest.raises(CommandError, match="Every project needs"):
        call_command("import_projects", str(path), "--map", "title=Name")
    with pytest.raises(CommandError, match="FIELD=VALUE"):
        call_command("import_projects", str(path), "--map", "title")


# --- Pages -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def form_data(**more: str) -> dict[str, str]:
    data = {"order": "auto", "column-title": "Name", "column-external_ref": "Id"}
    return {**data, **{f"value-{name}": value for name, value in DEFAULTS.items()}, **more}


@pytest.mark.usefixtures("_media")
def test_a_file_goes_from_upload_to_projects_in_the_browser(client, people):
    client.force_login(people.program)
    client.post(reverse("import"), {"file": SimpleUploadedFile("list.csv", b"Id,Name\n17,Payroll\n18,Wi-Fi\n")})
    run = ImportRun.objects.get()
    page = reverse("import_run", args=[run.pk])
    shown = client.get(page).content.decode()
    client.post(page, form_data(save_as="register"))
    checked = client.get(page).content.decode()
    client.post(reverse("import_go", args=[run.pk]))
    tasks.run_imports()

    assert "Which column is what" in shown
    assert "Import 2 projects" in checked
    run.refresh_from_db()
    assert (run.state, Project.objects.count()) == ("done", 2)
    assert "Payroll" in client.get(page).content.decode()
    tasks.run_imports()
    assert Project.objects.count() == 2


@pytest.mark.usefixtures("_media")
def test_a_file_with_a_wrong_row_offers_no_import(client, people):
    client.force_login(people.program)
    client.post(reverse("import"), {"file": SimpleUploadedFile("list.csv", b"Id,Name\n17,\n")})
    run = ImportRun.objects.get()
    client.post(reverse("import_run", args=[run.pk]), form_data())

    shown = client.get(reverse("import_run", args=[run.pk])).content.decode()

    assert "Title: is empty" in shown
    assert "Import 1" not in shown


@pytest.mark.usefixtures("_media")
def test_another_persons_import_is_not_there(client, people):
    client.force_login(people.program)
    client.post(reverse("import"), {"file": SimpleUploadedFile("list.csv", b"Id,Name\n17,A\n")})
    run = ImportRun.objects.get()
    client.force_login(people.outsider)

    for name in ("import_run", "import_progress"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 404
    client.force_login(people.developer)
    assert client.get(reverse("import")).status_code == 404


@pytest.mark.usefixtures("_media")
@pytest.mark.parametrize("rows", [3, 60])
def test_query_counts_do_not_grow(client, people, rows, django_assert_num_queries):
    client.force_login(people.program)
    body = "Id,Name\n" + "".join(f"{number},P{number}\n" for number in range(rows))
    client.post(reverse("import"), {"file": SimpleUploadedFile("list.csv", body.encode())})
    run = ImportRun.objects.get()
    with django_assert_num_queries(10):
        importing.check(run_id=run.pk, by=people.program, mapping=Mapping({"title": "Name"}, DEFAULTS), now=world.NOW)
    with django_assert_num_queries(7):
        client.get(reverse("import_run", args=[run.pk]))
