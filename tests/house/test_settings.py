"""The settings: nothing needed on one machine, nothing guessed in production, every variable documented."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DELIVEROPS_MODE": "production",
    "SECRET_KEY": "0x7Kq-vR3pTn_9sLwE2mYbZc8uHf5dJg6aQi1oXtNrWkPyVz4B",
    "ALLOWED_HOSTS": "deliverops.example.org",
    "SITE_URL": "https://deliverops.example.org",
    "DATABASE_URL": "postgres://deliverops:db-password@db.example.org:5432/deliverops",
    "REDIS_URL": "redis://cache.example.org:6379/0",
    "EMAIL_URL": "submission://robot:mail-password@mail.example.org:587",
    "SEAL_KEY_FILE": "/run/secrets/seal_key",
}
REQUIRED = sorted(set(PRODUCTION) - {"DELIVEROPS_MODE"})


@pytest.fixture
def settings_under(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The settings file run afresh under exactly this environment."""

    def load(environment: dict[str, str]) -> dict[str, Any]:
        for name in documented() | set(PRODUCTION):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DELIVEROPS_VAR_DIR", str(tmp_path / "var"))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "deliverops/settings.py"))

    return load


def documented() -> set[str]:
    """The variables that have a row in docs/operator/settings.md."""
    rows = (ROOT / "docs/operator/settings.md").read_text().splitlines()
    return {match[1] for row in rows if (match := re.match(r"\| `([A-Z][A-Z0-9_]+)` \|", row))}


def read_by_the_code() -> set[str]:
    """Every name given as a literal to ``env.<type>(...)``, ``required(...)`` or ``os.environ.get(...)``."""
    names = set()
    for file in [*ROOT.glob("deliverops/**/*.py"), *ROOT.glob("projects/**/*.py"), *ROOT.glob("reviews/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            called = ast.unparse(node.func)
            if called.startswith("env.") or called in {"required", "os.environ.get", "os.getenv"}:
                names.add(node.args[0].value)
    return names


def test_every_variable_is_documented_and_every_documented_one_is_read():
    assert documented() == read_by_the_code()


def test_the_embedded_mode_needs_nothing(settings_under, tmp_path):
    settings = settings_under({})
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var/deliverops.sqlite3")
    assert settings["CELERY_BROKER_URL"].startswith("disk://")
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o077 == 0
    assert settings["SECRET_KEY"] == settings_under({})["SECRET_KEY"]  # the same after a restart
    assert settings["DEBUG"] is False
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"
    assert settings_under({"PORT": "8001"})["SITE_URL"] == "http://127.0.0.1:8001"


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("as_empty", [False, True])
def test_production_stops_and_names_what_is_missing(settings_under, name, as_empty):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    if as_empty:
        environment[name] = ""
    with pytest.raises(ImproperlyConfigured, match=rf"\b{name}\b"):
        settings_under(environment)


def test_production_guesses_nothing_and_keeps_browsers_on_https(settings_under):
    settings = settings_under(PRODUCTION)
    assert settings["ALLOWED_HOSTS"] == ["deliverops.example.org"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] >= 180 * 24 * 3600
    assert settings["CELERY_BROKER_URL"] == settings["CACHES"]["default"]["LOCATION"] == PRODUCTION["REDIS_URL"]
    assert settings["EMAIL_HOST_PASSWORD"] == "mail-password"
    assert settings["EMAIL_USE_TLS"]


def test_production_refuses_debug(settings_under):
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        settings_under({**PRODUCTION, "DEBUG": "1"})


@pytest.mark.parametrize(("name", "value"), [("DELIVEROPS_MODE", "staging"), ("LOG_FORMAT", "xml")])
def test_a_word_that_is_not_known_is_refused(settings_under, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        settings_under({name: value})


def test_proxy_headers_are_believed_only_behind_our_own_proxies(settings_under):
    assert "SECURE_PROXY_SSL_HEADER" not in settings_under(PRODUCTION)
    behind = settings_under({**PRODUCTION, "TRUSTED_PROXY_COUNT": "1"})
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_uploads_go_to_s3_when_its_packages_are_there(settings_under, monkeypatch):
    asked = {"S3_BUCKET": "deliverops", "S3_ENDPOINT_URL": "http://127.0.0.1:9000"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        settings_under(asked)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    storage = settings_under(asked)["STORAGES"]["default"]
    assert storage["OPTIONS"]["bucket_name"] == "deliverops"
    assert storage["OPTIONS"]["file_overwrite"] is False  # a version of an artifact is never written over


def test_no_inline_script_or_style_is_allowed(settings_under):
    policy = str(settings_under(PRODUCTION)["CONTENT_SECURITY_POLICY"])
    assert "unsafe" not in policy
    assert "'default-src': [\"'none'\"]" in policy


def test_djangos_deployment_check_finds_nothing(tmp_path):
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, "DELIVEROPS_VAR_DIR": str(tmp_path)}
    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stderr


def test_an_empty_mail_url_is_none(settings_under):
    assert settings_under({"EMAIL_URL": ""})["MAIL_TO_MAILBOX"] is True


def test_a_mail_url_that_is_misspelt_stops_the_process(settings_under):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        settings_under({"EMAIL_URL": "smtp+tls://robot:password@mail.example.org:587"})
