"""The evidence page, through HTTP."""

import pytest
from django.urls import reverse

from projects.models import LedgerEntry
from reviews.evidence import keys
from reviews.evidence.verify import verify
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.SEAL_KEY_FILE = tmp_path / "seal_key.pem"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


@pytest.mark.req("SEED-55")
@pytest.mark.req("AUD-15")
def test_an_auditor_takes_a_pack_that_verifies_and_the_export_is_on_record(client, people, project, tmp_path):
    client.force_login(people.auditor)

    answer = client.post(reverse("evidence_pack", args=[project.code]))

    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    assert verify(path, keys.public_pem().encode()).holds
    entry = LedgerEntry.objects.get(event="evidence.exported")
    assert entry.actor == people.auditor
    assert entry.stream.key == "system"
    shown = client.get(reverse("evidence", args=[project.code])).content.decode()
    assert keys.fingerprint() in shown
    assert "Émile Fontaine" in shown


def test_a_participant_reads_the_page_and_is_refused_the_pack(client, people, project):
    client.force_login(people.developer)

    assert client.get(reverse("evidence", args=[project.code])).status_code == 200
    assert client.post(reverse("evidence_pack", args=[project.code])).status_code == 403
    assert not LedgerEntry.objects.filter(event="evidence.exported").exists()


def test_to_an_outsider_there_is_no_such_page(client, people, project):
    client.force_login(people.outsider)

    assert client.get(reverse("evidence", args=[project.code])).status_code == 404
    assert client.post(reverse("evidence_pack", args=[project.code])).status_code == 404


def test_query_count(client, people, project, django_assert_num_queries):
    client.force_login(people.auditor)
    for _ in range(3):
        b"".join(client.post(reverse("evidence_pack", args=[project.code])).streaming_content)
    client.get("/about/")  # the inbox badge is counted once and kept
    with django_assert_num_queries(8):
        client.get(reverse("evidence", args=[project.code]))
