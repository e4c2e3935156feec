"""The outbox: written with the fact, sent once, kept when it cannot be sent."""

import smtplib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from projects import mail, notices
from projects.models import LedgerEntry, Notice, Project, User
from tests.mail_sink import free_port, sink

__all__ = ["sink"]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def person(username="ines", **fields):
    return User.objects.create_user(
        username=username, email=f"{username}@example.org", name=fields.pop("name", username.title()), **fields
    )


def project(by, code="PAY-1"):
    return Project.objects.create(
        code=code,
        title="Payroll migration",
        project_type="it_service",
        category="minor",
        category_nature="known",
        category_size="one unit",
        created_at=NOW,
        created_by=by,
    )


def queued(to, n=1, **fields):
    fields.setdefault("subject", "Sign-off asked")
    return notices.queue(
        kind=fields.pop("kind", "sign_off.requested"),
        to=to,
        body=fields.pop("body", "Please read the plan and sign."),
        dedupe_key=f"test:{to.pk}:{n}",
        now=NOW,
        **fields,
    )


@pytest.mark.django_db
def test_a_notice_is_mailed_once_and_marked(sink):
    ines = person(name="Inés Ortega")
    notice = queued(ines, project=project(ines), path="/projects/PAY-1/reviews/PPA-1/sign/")

    done = notices.deliver_pending(NOW, limit=10)
    again = notices.deliver_pending(NOW + timedelta(days=1), limit=10)

    assert (done.sent, again.sent) == (1, 0)
    notice.refresh_from_db()
    assert notice.state == Notice.State.SENT
    assert NOW <= notice.sent_at < NOW + timedelta(seconds=10)
    [(to, got)] = sink.mails
    assert to == "ines@example.org"
    assert got["To"] == "Inés Ortega <ines@example.org>"
    assert got["Subject"] == "[PAY-1] Sign-off asked"
    assert got["Message-ID"] == notice.message_id
    assert got["Auto-Submitted"] == "auto-generated"
    text = got.get_body("plain").get_content()
    html = got.get_body("html").get_content()
    link = settings.SITE_URL + "/projects/PAY-1/reviews/PPA-1/sign/"
    assert "Hello Inés," in text
    assert link in text
    assert f'href="{link}"' in html
    assert "Please read the plan and sign." in text


@pytest.mark.django_db
def test_what_was_sent_stands_in_the_ledger(sink):
    ines = person()
    notice = queued(ines, project=project(ines))
    notices.deliver_pending(NOW, limit=10)
    entry = LedgerEntry.objects.get(event="notice.sent")
    assert entry.stream.project == notice.project
    assert notice.message_id in entry.line


@pytest.mark.django_db
def test_words_of_people_cannot_add_headers_or_markup(sink):
    mallory = person("mallory", name='Mallory\r\nBcc: all@example.org "x" <a@b>')
    queued(
        mallory,
        subject="Plan\r\nBcc: board@example.org\r\n\r\nBoo \u202e\x00 " + "word " * 90,
        body="<script>alert(1)</script> & more",
    )
    assert notices.deliver_pending(NOW, limit=10).sent == 1
    [(to, got)] = sink.mails
    assert to == "mallory@example.org"
    assert got["Bcc"] is None
    subject = got["Subject"].strip()
    assert subject.startswith("Plan Bcc: board@example.org Boo word word")
    assert len(subject) == 250
    assert [a.addr_spec for a in got["To"].addresses] == ["mallory@example.org"]
    assert "<script>" not in got.get_body("html").get_content()
    assert "<script>alert(1)</script> & more" in got.get_body("plain").get_content()


@pytest.mark.django_db
def test_the_same_fact_is_queued_once():
    ines = person()
    assert queued(ines) is not None
    assert queued(ines) is None
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_what_waits_for_later_waits(sink):
    ines = person()
    queued(ines, not_before=NOW + timedelta(hours=1))
    assert notices.deliver_pending(NOW, limit=10).sent == 0
    assert notices.deliver_pending(NOW + timedelta(hours=1), limit=10).sent == 1


@pytest.mark.django_db
def test_a_cancelled_notice_is_not_sent(sink):
    ines = person()
    queued(ines, about=ines)
    assert notices.cancel(about=ines, to=ines, kinds=["sign_off.requested"]) == 1
    assert notices.deliver_pending(NOW, limit=10).sent == 0
    assert sink.mails == []


@pytest.mark.django_db
def test_who_left_is_not_mailed(sink):
    ines = person()
    notice = queued(ines)
    User.objects.filter(pk=ines.pk).update(is_active=False)
    assert notices.deliver_pending(NOW, limit=10).cancelled == 1
    notice.refresh_from_db()
    assert (notice.state, sink.mails) == (Notice.State.CANCELLED, [])


@pytest.mark.django_db
def test_a_temporary_refusal_is_tried_again_later_with_the_same_id(sink):
    notice = queued(person())
    sink.refuse["ines@example.org"] = "451 Try later"
    assert notices.deliver_pending(NOW, limit=10).retrying == 1
    notice.refresh_from_db()
    assert notice.state == Notice.State.PENDING
    assert "451 Try later" in notice.last_error
    assert notice.claimed_until is None
    assert notices.deliver_pending(NOW + timedelta(seconds=30), limit=10) == notices.Delivered()
    sink.refuse.clear()
    assert notices.deliver_pending(NOW + timedelta(seconds=90), limit=10).sent == 1
    assert sink.received() == {notice.message_id: 1}


@pytest.mark.django_db
def test_back_off_grows_and_ends_in_failed(sink):
    notice = queued(person())
    sink.refuse["ines@example.org"] = "451 Try later"
    at, waits = NOW, []
    for _ in range(notices.MAX_ATTEMPTS):
        notices.deliver_pending(at, limit=10)
        notice.refresh_from_db()
        waits.append(notice.not_before - at)
        at = notice.not_before
    assert notice.state == Notice.State.FAILED
    assert "451" in notice.last_error
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] < timedelta(minutes=2)
    assert LedgerEntry.objects.filter(event="notice.failed").count() == 1
    sink.refuse.clear()
    assert notices.deliver_pending(at + timedelta(days=9), limit=10).sent == 0


@pytest.mark.django_db
def test_an_address_that_does_not_exist_fails_at_once_and_holds_nobody_up(sink):
    gone, ines = person("gone"), person()
    dead, alive = queued(gone), queued(ines)
    sink.refuse["gone@example.org"] = "550 No such user"
    done = notices.deliver_pending(NOW, limit=10)
    assert (done.failed, done.sent) == (1, 1)
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, alive.state) == (Notice.State.FAILED, Notice.State.SENT)
    assert "550 No such user" in dead.last_error


@pytest.mark.django_db
def test_a_server_that_hangs_up_in_the_middle_costs_an_attempt(sink):
    notice = queued(person())
    sink.drop = True
    assert notices.deliver_pending(NOW, limit=10).retrying == 1
    sink.drop = False
    assert notices.deliver_pending(NOW + timedelta(minutes=2), limit=10).sent == 1
    assert sink.received() == {notice.message_id: 1}


@pytest.mark.django_db
def test_an_outage_of_days_costs_no_notice_an_attempt(sink):
    notice = queued(person())
    sink.stop()
    for day in range(30):
        done = notices.deliver_pending(NOW + timedelta(days=day), limit=10)
        assert "ConnectionRefused" in done.outage
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (Notice.State.PENDING, 0)
    assert "ConnectionRefused" in notice.last_error


@pytest.mark.django_db
def test_a_dead_workers_claim_runs_out(sink, settings):
    notice = queued(person())
    assert notices._claim(notice, NOW)  # and here the worker died
    assert notices.deliver_pending(NOW + timedelta(seconds=1), limit=10).sent == 0
    later = NOW + timedelta(seconds=settings.NOTICE_LEASE_SECONDS + 1)
    assert notices.deliver_pending(later, limit=10).sent == 1
    assert sink.received() == {notice.message_id: 1}


@pytest.mark.django_db
def test_a_mail_that_left_while_it_was_being_cancelled_counts_as_sent(sink):
    """The record says what happened, not what was wished."""
    ines = person()
    notice = queued(ines, about=ines)
    real = mail.message

    def cancelled_meanwhile(one):
        assert notices.cancel(about=ines) == 1
        return real(one)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "message", cancelled_meanwhile)
        assert notices.deliver_pending(NOW, limit=10).sent == 1
    notice.refresh_from_db()
    assert notice.state == Notice.State.SENT


@pytest.mark.django_db
def test_a_mail_that_kills_every_worker_is_given_up(sink):
    notice = queued(person())
    at = NOW
    for _ in range(notices.MAX_ATTEMPTS):
        assert notices._claim(notice, at)
        at += timedelta(hours=1)
    assert notices.deliver_pending(at, limit=10).failed == 1
    assert sink.mails == []


@pytest.mark.django_db
def test_without_a_mail_server_it_is_read_in_the_mailbox(settings):
    settings.MAIL_TO_MAILBOX = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = free_port()  # nobody answers there: the mailbox must not try
    notice = queued(person())
    assert notices.deliver_pending(NOW, limit=10).sent == 1
    notice.refresh_from_db()
    assert notice.state == Notice.State.SENT


@pytest.mark.django_db
def test_one_connection_serves_a_batch(sink, monkeypatch):
    connects = []
    real = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda self, *a, **k: connects.append(1) or real(self, *a, **k))
    ines = person()
    for n in range(5):
        queued(ines, n)
    assert notices.deliver_pending(NOW, limit=10).sent == 5
    assert len(connects) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(sink, monkeypatch):
    inside = []
    real = mail.message
    monkeypatch.setattr(mail, "message", lambda n: inside.append(connection.in_atomic_block) or real(n))
    queued(person())
    assert notices.deliver_pending(NOW, limit=10).sent == 1
    assert inside == [False]


def naive_delivery(now, *, limit):
    """How it must not be done: look, send, mark. Two of these send everything twice."""
    line = mail.connection()
    for notice in Notice.objects.filter(state=Notice.State.PENDING, not_before__lte=now)[:limit]:
        line.send_messages([mail.message(notice)])
        Notice.objects.filter(pk=notice.pk).update(state=Notice.State.SENT, sent_at=now)
    line.close()


def at_once(work, times):
    """Runs the work in so many threads that start together; their exceptions are raised here."""
    start, errors = threading.Barrier(times), []

    def run():
        try:
            start.wait(5)
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("deliver", "most"), [(notices.deliver_pending, 1), (naive_delivery, 2)])
def test_two_workers_at_once_send_each_mail_once(sink, deliver, most):
    ines = person()
    sent = [queued(ines, n).message_id for n in range(40)]
    at_once(lambda: deliver(NOW, limit=100), times=2)
    received = sink.received()
    assert set(received) == set(sent)
    # The naive version must be seen to fail, else this test could not see the race.
    assert max(received.values()) == most


@pytest.mark.django_db(transaction=True)
def test_the_doorbell_rings_once_a_transaction_and_only_when_it_commits(monkeypatch):
    rung = []
    monkeypatch.setattr(notices.doorbell, "ring", lambda: rung.append(1))
    ines = person()
    with transaction.atomic():
        for n in range(3):
            queued(ines, n)
        assert rung == []
    assert rung == [1]
    with transaction.atomic():
        queued(ines, 9)
        transaction.set_rollback(True)
    assert rung == [1]
    with transaction.atomic():
        with transaction.atomic():
            queued(ines, 10)
            transaction.set_rollback(True)
        queued(ines, 11)  # its ring must not rely on the one that was rolled back
    assert rung == [1, 1]
