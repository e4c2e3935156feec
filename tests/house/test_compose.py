"""docker-compose.yml: what it runs is what is documented, and it holds no secret."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from projects.management.commands.serve import command_lines
from tests.house.test_settings import REQUIRED, documented

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {"setup", "web", "worker", "beat"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_services(compose):
    assert set(compose["services"]) == OURS | {"db", "redis"}
    assert compose["services"]["db"]["image"].startswith("postgres:15")
    assert compose["services"]["redis"]["image"].startswith("redis:")


def test_the_commands_are_the_documented_ones(compose):
    rows = re.findall(r"^\| (\w+) \| `([^`]+)` \|$", (ROOT / "docs/operator/compose.md").read_text(), re.MULTILINE)
    assert dict(rows) == {name: " ".join(compose["services"][name]["command"]) for name in OURS}
    assert {row[1].split()[3] for row in rows if "serve" in row[1]} == set(command_lines("0.0.0.0", 8000))  # noqa: S104 - the address inside a container


def test_every_required_setting_is_given_and_no_secret_is_written_down(compose):
    for name in OURS:
        given = compose["services"][name]["environment"]
        assert set(REQUIRED) <= set(given)
        assert set(given) <= documented()
        assert given["SECRET_KEY"] == "${SECRET_KEY:?set SECRET_KEY in .env}"
        assert "${POSTGRES_PASSWORD:?" in given["DATABASE_URL"]
        assert given["SEAL_KEY_FILE"] == "/run/secrets/seal_key"
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {".env", "secrets/"} <= set(ignored)
    assert compose["secrets"]["seal_key"]["file"].startswith("./secrets/")


def test_each_service_tells_whether_it_is_well_and_waits_for_what_it_needs(compose):
    for name, service in compose["services"].items():
        if name == "setup":
            assert service["restart"] == "no"
            continue
        assert service["healthcheck"]["test"], name
        if name in OURS:
            assert service["depends_on"]["setup"] == {"condition": "service_completed_successfully"}
            assert service["depends_on"]["db"] == {"condition": "service_healthy"}


def test_the_database_is_not_reachable_from_outside(compose):
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}
