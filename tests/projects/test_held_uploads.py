"""A file that was sent is not lost when its form is refused or the session ends, and is never added twice."""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects import held, tasks
from projects.middleware import SEEN
from projects.models import ArtifactVersion, ImportRun
from tests import world

pytestmark = pytest.mark.django_db

PLAN = b"Visitors sign in on a tablet.\n" * 400
BOTH = {"url": "https://example.test/doc"}  # a link and a file: refused


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


@pytest.fixture
def page(client, people, project):
    client.force_login(people.developer)
    return reverse("artifact", args=[project.code, "ART-01"])


def a_file(content=PLAN, name="plan.txt"):
    return SimpleUploadedFile(name, content)


def stored(settings) -> list[Path]:
    return [path for path in (Path(settings.MEDIA_ROOT) / "held").rglob("*") if path.is_file()]


def test_a_refused_form_keeps_its_file_and_the_second_send_needs_none(client, page, settings):
    refused = client.post(page, {**BOTH, "file": a_file()})
    assert refused.status_code == 422
    assert "Kept: plan.txt, 11.7\xa0KB" in refused.content.decode()
    assert not ArtifactVersion.objects.exists()

    client.post(page, {"note": "The first one."})
    version = ArtifactVersion.objects.get()
    assert (version.filename, version.note, version.size) == ("plan.txt", "The first one.", len(PLAN))
    assert version.digest == hashlib.sha256(PLAN).hexdigest()
    assert version.file.read() == PLAN
    assert stored(settings) == []
    assert "Kept:" not in client.get(page).content.decode()


def test_what_the_action_refuses_keeps_its_file_too(client, page):
    client.post(page, {"text": "A first text", "label": "1.0"})
    refused = client.post(page, {"label": "1.0", "file": a_file()})
    assert "Version 1.0 exists" in refused.content.decode()
    assert "Kept: plan.txt" in refused.content.decode()
    client.post(page, {"label": "1.1"})
    assert ArtifactVersion.objects.get(label="1.1").filename == "plan.txt"


def test_another_file_goes_instead_and_one_that_is_not_wanted_is_removed(client, page, settings):
    client.post(page, {**BOTH, "file": a_file()})
    client.post(page, {"file": a_file(b"Another one.", "other.txt")})
    assert ArtifactVersion.objects.get().filename == "other.txt"

    client.post(page, {**BOTH, "file": a_file()})
    client.post(page, {"remove_held": "yes", "text": "In words instead."})
    assert ArtifactVersion.objects.get(number=2).text == "In words instead."
    assert stored(settings) == []


def test_nobody_else_gets_it_nor_another_page(client, page, people, project):
    client.post(page, {**BOTH, "file": a_file()})
    other_page = reverse("artifact", args=[project.code, "ART-05"])
    assert "Kept:" not in client.get(other_page).content.decode()
    client.force_login(people.product)
    assert "Kept:" not in client.get(page).content.decode()
    assert client.post(page, {"note": "Nothing given."}).status_code == 422


def test_it_is_kept_for_a_day_and_then_deleted(client, page, people, settings):
    sent = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(sent, tick=False):
        client.force_login(people.developer)
        client.post(page, {**BOTH, "file": a_file()})
        assert tasks.sweep_held_uploads() == 0
    with time_machine.travel(sent + held.HELD_FOR, tick=False):
        assert held.held_for(people.developer, page, now=sent + held.HELD_FOR) is None
        assert tasks.sweep_held_uploads() == 1
    assert stored(settings) == []


def test_what_a_broken_write_left_is_deleted_too(client, page, people, settings):
    client.post(page, {**BOTH, "file": a_file()})
    next(path for path in stored(settings) if path.name == held.FACTS).write_text('{"name": ')
    assert "Kept:" not in client.get(page).content.decode()
    now = datetime.now(UTC)
    assert held.sweep(now=now) == 0
    assert held.sweep(now=now + held.HELD_FOR + timedelta(minutes=1)) == 1


def test_of_one_person_only_so_much_is_kept_and_the_oldest_goes_first(client, people, project, settings):
    settings.HELD_UPLOADS_MAX_BYTES = 2 * len(PLAN)
    client.force_login(people.developer)
    pages = [reverse("artifact", args=[project.code, kind]) for kind in ("ART-01", "ART-05", "ART-11")]
    for page in pages:
        client.post(page, {**BOTH, "file": a_file()})
    assert ["Kept:" in client.get(page).content.decode() for page in pages] == [False, True, True]
    client.post(pages[0], {**BOTH, "file": a_file(PLAN * 3)})
    assert "Kept:" not in client.get(pages[0]).content.decode()


def test_a_file_that_comes_as_the_session_ends_is_there_after_the_login(client, page, people, settings):
    session = client.session
    session[SEEN] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    answer = client.post(page, {"file": a_file(), "note": "Written for an hour."})
    assert answer.url.startswith("/accounts/login/")
    assert not ArtifactVersion.objects.exists()

    client.force_login(people.developer)
    assert "Kept: plan.txt" in client.get(page).content.decode()
    client.post(page, {"note": "Written for an hour."})
    assert ArtifactVersion.objects.get().filename == "plan.txt"


def end_session(client, settings):
    session = client.session
    session[SEEN] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()


def test_a_file_to_import_is_there_after_the_login_and_goes_once(client, people, settings):
    there = reverse("import")
    client.force_login(people.program)
    end_session(client, settings)
    table = SimpleUploadedFile("projects.csv", b"Title,Category\nBadges,minor\n")
    assert client.post(there, {"file": table}).url.startswith("/accounts/login/")
    assert not ImportRun.objects.exists()

    client.force_login(people.program)
    assert "Kept: projects.csv" in client.get(there).content.decode()
    assert client.post(there, {}).status_code == 302
    assert ImportRun.objects.get().filename == "projects.csv"
    assert stored(settings) == []
    assert client.post(there, {}).status_code == 422


def test_a_traceability_file_is_there_after_the_login_and_gone_once_it_was_of_no_use(client, people, project, settings):
    there = reverse("traceability", args=[project.code])
    client.force_login(people.program)
    end_session(client, settings)
    client.post(there, {"file": SimpleUploadedFile("matrix.csv", b"Nothing,That,Fits\n1,2,3\n")})
    client.force_login(people.program)
    assert "Kept: matrix.csv" in client.get(there).content.decode()
    assert client.post(there, {}).status_code == 422
    assert "Kept:" not in client.get(there).content.decode()
    assert stored(settings) == []


def test_a_stranger_without_a_session_leaves_nothing(client, page, settings):
    client.logout()
    assert client.post(page, {"file": a_file()}).status_code == 302
    assert stored(settings) == []


def test_the_same_send_again_makes_no_second_version(client, page):
    for _time in range(2):
        assert client.post(page, {"file": a_file(), "note": "As agreed."}).status_code == 302
    assert ArtifactVersion.objects.count() == 1
    client.post(page, {"file": a_file(), "note": "Read again."})
    assert ArtifactVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.pdf", b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        ("plan.docx", b"PK\x03\x04rest", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("notes.csv", b"a,b\n1,2\n", "text/csv"),
        ("tool", b"MZ\x90\x00", "application/x-msdownload"),
        ("page.html.bin", b"<script>", "text/plain"),
        ("blob", b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_the_type_on_record_is_what_the_bytes_say(client, page, name, content, kind):
    client.post(page, {"file": SimpleUploadedFile(name, content, content_type="text/html")})
    assert ArtifactVersion.objects.get().content_type == kind


def test_a_name_that_promises_something_else_is_refused_and_not_kept(client, page, settings):
    answer = client.post(page, {"file": a_file(b"MZ\x90\x00", "plan.pdf")})
    assert answer.status_code == 422
    assert "This file is called .pdf but holds something else" in answer.content.decode()
    assert stored(settings) == []
