"""The probes that supervisors and load balancers ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from kombu import Connection

from deliverops import health
from projects import guards, notices
from projects.models import User

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def somebody(db) -> User:
    return User.objects.create(username="alice", email="alice@example.org", name="Alice")


def queued(to: User) -> None:
    notices.queue(kind="test", to=to, subject="s", body="b", dedupe_key="k", now=NOW)


def test_live_answers_without_a_database_and_under_any_host_name(settings):
    settings.ALLOWED_HOSTS = ["deliverops.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/health/live", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_names_every_part():
    answer = Client().get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "guards": "ok", "broker": "ok", "outbox": "ok"},
    }
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_mail_that_waits_too_long_degrades(somebody):
    queued(somebody)
    in_time, _ = health.readiness(NOW + health.OUTBOX_LATE_AFTER - timedelta(seconds=1))
    assert in_time["status"] == "ok"
    late, status = health.readiness(NOW + health.OUTBOX_LATE_AFTER)
    assert (late["status"], status) == ("degraded", 200)
    assert late["checks"]["outbox"] == "oldest notice is 300 s late"


@pytest.mark.django_db
def test_a_broker_that_is_away_degrades(monkeypatch):
    monkeypatch.setattr(health.app, "connection_for_write", lambda **options: Connection("redis://127.0.0.1:1/0"))
    answer, status = health.readiness(NOW)
    assert (answer["status"], status) == ("degraded", 200)
    assert answer["checks"]["broker"] == "OperationalError"


@pytest.mark.django_db
def test_a_database_that_is_away_fails_and_says_nothing_of_where_it_is(monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("connection to db.example.org refused for deliverops, password secret")

    monkeypatch.setattr("deliverops.health.connection.cursor", refuse)
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "DatabaseError"
    assert "example.org" not in answer.text
    assert "secret" not in answer.text


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_fails(monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["projects.0002"])
    answer, status = health.readiness(NOW)
    assert (answer["status"], status, answer["checks"]["migrations"]) == ("failing", 503, "1 not applied")


@pytest.mark.django_db
def test_a_guard_that_is_gone_degrades():
    guards.lift()
    answer, status = health.readiness(NOW)
    assert (answer["status"], status) == ("degraded", 200)
    assert answer["checks"]["guards"].endswith("missing, altered or switched off")
    guards.install()
    assert health.readiness(NOW)[0]["checks"]["guards"] == "ok"
