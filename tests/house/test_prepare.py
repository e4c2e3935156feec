"""What happens before the site is served. (That the demo loads is tests/reviews' matter.)"""

from io import StringIO

import pytest
from django.core.management import call_command

from projects.models import Project, User
from tests import world

pytestmark = pytest.mark.django_db


def test_a_database_with_people_in_it_is_left_alone():
    world.person("alice")
    out = StringIO()
    call_command("prepare", stdout=out)
    assert (User.objects.count(), Project.objects.count(), out.getvalue()) == (1, 0, "")


def test_production_gets_static_files_and_no_demo(settings, tmp_path):
    settings.PRODUCTION = True
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("prepare", stdout=StringIO())
    assert not User.objects.exists()
    collected = {file.name for file in tmp_path.rglob("*.css")}
    assert "bootstrap.min.css" in collected
    assert not any(name.startswith("bootstrap-") or ".rtl." in name for name in collected), "builds no page uses"
    assert (tmp_path / "staticfiles.json").exists()
