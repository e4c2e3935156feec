"""The mailbox: everybody reads the own mail, operators see what did not get out, nobody reads another's."""

from datetime import timedelta

import pytest
from django.test import Client

from projects import notices
from projects.actions import notices as actions
from projects.blocker import NotAllowed
from projects.models import LedgerEntry, Notice
from tests import world
from tests.mail_sink import sink
from tests.world import NOW, person

__all__ = ["sink"]

pytestmark = pytest.mark.django_db

SECRET = "The vendor has gone bankrupt & <b>nobody</b> may know."


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def queued(to, n=1, **fields):
    return notices.queue(
        kind="sign_off.requested",
        to=to,
        subject=f"Please sign, number {n}",
        body=SECRET,
        dedupe_key=f"mailbox:{to.pk}:{n}",
        path="/projects/P-1/",
        now=NOW,
        **fields,
    )


@pytest.fixture
def ines():
    return person("ines", "Inés Ortega", time_zone="Asia/Kolkata")


@pytest.fixture
def operator():
    return person("olaf", "Olaf Berg", is_operator=True)


@pytest.fixture
def failed(sink, ines):
    notice = queued(ines)
    sink.refuse[ines.email] = "550 No such user here"
    assert notices.deliver_pending(NOW, limit=10).failed == 1
    notice.refresh_from_db()
    return notice


def test_without_a_mail_server_the_mail_is_read_on_the_page(ines, settings):
    settings.MAIL_TO_MAILBOX = True
    notice = queued(ines)
    client = logged_in(ines)
    assert "Nothing has been sent to you" in client.get("/mailbox/").content.decode()

    notices.deliver_pending(NOW, limit=10)
    page = client.get("/mailbox/").content.decode()
    assert "Please sign, number 1" in page
    assert "It has no mail server" in page
    letter = client.get(f"/mailbox/{notice.pk}/").content.decode()
    for shown in ("Hello Inés,", "ines@example.test", "The vendor has gone bankrupt &amp; &lt;b&gt;nobody&lt;/b&gt;"):
        assert shown in letter
    assert 'href="/projects/P-1/"' in letter
    assert "14:30" in letter  # sent at 09:00 UTC, on the reader's clock


@pytest.mark.parametrize("flag", ["is_operator", "is_auditor", "is_solution_manager", "is_process_owner"])
def test_nobody_reads_anothers_mail(ines, flag, settings):
    settings.MAIL_TO_MAILBOX = True
    notice = queued(ines)
    notices.deliver_pending(NOW, limit=10)
    other = logged_in(person("other", **{flag: True}))
    assert other.get(f"/mailbox/{notice.pk}/").status_code == 404
    assert other.get(f"/mailbox/{notice.pk + 1}/").status_code == 404
    assert "Please sign" not in other.get("/mailbox/").content.decode()


def test_what_was_not_sent_is_not_in_the_mailbox(failed, ines):
    client = logged_in(ines)
    assert "Please sign" not in client.get("/mailbox/").content.decode()
    assert client.get(f"/mailbox/{failed.pk}/").status_code == 404


def test_strangers_are_asked_to_log_in():
    for path in ("/mailbox/", "/mailbox/1/", "/mailbox/delivery/"):
        answer = Client().get(path)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_operators_see_the_error_and_not_the_content(failed, operator):
    page = logged_in(operator).get("/mailbox/delivery/").content.decode()
    assert "550 No such user here" in page
    assert "Inés Ortega" in page
    assert "bankrupt" not in page
    assert "Please sign" not in page


def test_an_operator_tries_again_and_the_ledger_says_so(failed, operator, sink):
    sink.refuse.clear()
    answer = logged_in(operator).post(f"/mailbox/delivery/{failed.pk}/retry/", follow=True)
    assert "It will be sent again in a moment." in answer.content.decode()
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (Notice.State.PENDING, 0)
    assert "550" in failed.last_error  # until it has left
    entry = LedgerEntry.objects.get(event="notice.retried")
    assert entry.actor == operator
    assert notices.deliver_pending(failed.not_before, limit=10).sent == 1
    assert sink.received() == {failed.message_id: 1}


def test_all_that_failed_is_tried_again_at_once(failed, ines, operator, sink):
    queued(ines, 2)
    assert notices.deliver_pending(NOW, limit=10).failed == 1
    answer = logged_in(operator).post("/mailbox/delivery/retry/", follow=True)
    assert "2 notices will be sent again." in answer.content.decode()
    assert LedgerEntry.objects.filter(event="notice.retried").count() == 2


def test_what_was_sent_is_not_sent_again(ines, operator, settings):
    settings.MAIL_TO_MAILBOX = True
    notice = queued(ines)
    notices.deliver_pending(NOW, limit=10)
    answer = logged_in(operator).post(f"/mailbox/delivery/{notice.pk}/retry/", follow=True)
    assert "This notice is not among those that failed" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.state == Notice.State.SENT


def test_who_has_signed_is_not_asked_again_by_a_retry(failed, ines, operator):
    Notice.objects.filter(pk=failed.pk).update(object_type="projects.user", object_id=str(ines.pk))
    assert notices.cancel(about=ines) == 1
    assert actions.retry_all(by=operator, now=NOW) == 0


@pytest.mark.parametrize("flag", ["is_auditor", "is_solution_manager", "is_process_owner", "is_program_manager"])
def test_delivery_does_not_exist_for_others(failed, flag):
    other = person("other", **{flag: True})
    client = logged_in(other)
    assert client.get("/mailbox/delivery/").status_code == 404
    assert client.post(f"/mailbox/delivery/{failed.pk}/retry/").status_code == 404
    assert client.post("/mailbox/delivery/retry/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.retry(notice_id=failed.pk, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        actions.retry_all(by=other, now=NOW)
    assert Notice.objects.get().state == Notice.State.FAILED


def test_an_outage_shows_with_the_servers_error(ines, operator, sink):
    sink.stop()
    queued(ines)
    notices.deliver_pending(NOW, limit=10)
    page = logged_in(operator).get("/mailbox/delivery/").content.decode()
    assert "1 notice waits," in page
    assert "ConnectionRefusedError" in page


@pytest.mark.parametrize("path", ["/mailbox/", "/mailbox/delivery/"])
def test_many_notices_cost_as_many_queries_as_few(path, ines, sink, django_assert_num_queries):
    ines.is_operator = True
    ines.save()
    project = world.register(world.People())
    sink.refuse[ines.email] = "550 No such user here"
    for n in range(4):
        queued(ines, n, project=project)
    notices.deliver_pending(NOW, limit=10)
    sink.refuse.clear()
    for n in range(10, 60):
        queued(ines, n, project=project)
    notices.deliver_pending(NOW + timedelta(minutes=5), limit=100)
    client = logged_in(ines)
    client.get(path)
    # Session and reader; then the page: mailbox counts and reads, delivery counts and reads failed, waiting, retried.
    with django_assert_num_queries({"/mailbox/": 4, "/mailbox/delivery/": 6}[path]):
        client.get(path)


def test_what_is_attached_for_a_calendar_is_had_from_the_mailbox_too(sink, ines, operator):
    """Without a mail server the page is all there is of the mail."""
    plain, invited = queued(ines), queued(ines, 2, calendar="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
    notices.deliver_pending(NOW, limit=10)
    client = logged_in(ines)
    file = f"/mailbox/{invited.pk}/invite.ics"

    assert file in client.get(f"/mailbox/{invited.pk}/").content.decode()
    answer = client.get(file)
    assert (answer.content.decode(), answer["Content-Type"]) == (invited.calendar, "text/calendar; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert "invite.ics" not in client.get(f"/mailbox/{plain.pk}/").content.decode()
    assert client.get(f"/mailbox/{plain.pk}/invite.ics").status_code == 404
    assert logged_in(operator).get(file).status_code == 404
