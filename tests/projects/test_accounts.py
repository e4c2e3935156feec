"""Login, logout, passwords, second factors, sessions: through HTTP as a browser would."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from projects.models import LedgerEntry, Notice, User
from tests.codes import totp_code
from tests.world import PASSWORD, person

pytestmark = pytest.mark.django_db

NEW = "Nine lilac bicycles"
LOGIN = "/accounts/login/"


@pytest.fixture
def ines() -> User:
    return person("ines", "Inês Prado", time_zone="Europe/Lisbon")


def log_in(name: str = "ines", password: str = PASSWORD, **extra: str) -> Client:
    client = Client()
    client.post(LOGIN, {"login": name, "password": password}, **extra)
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def events() -> list[str]:
    return list(LedgerEntry.objects.filter(stream__key="system").order_by("seq").values_list("event", flat=True))


def last_line() -> dict:
    return json.loads(LedgerEntry.objects.filter(stream__key="system").order_by("seq").last().line)


def reset_link(text: str) -> str:
    return re.search(r"http://testserver(/accounts/password/reset/key/\S+)", text)[1]


# --- Login and logout ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ines", "INES", "ines@example.test", "Ines@Example.Test"])
def test_one_logs_in_by_username_or_address(ines, name):
    assert is_in(log_in(name))
    assert events() == ["account.logged_in"]
    assert last_line()["actor"]["username"] == "ines"
    assert last_line()["after"] == {"method": "password"}
    assert last_line()["source"] == "web"
    assert last_line()["ip"] == "127.0.0.1"


def test_a_wrong_password_lets_nobody_in_and_is_told_to_the_ledger(ines):
    assert not is_in(log_in(password="wrong"))
    assert events() == ["account.login_failed"]
    assert last_line()["object"]["name"] == "Inês Prado"
    assert last_line()["actor"] is None
    assert "wrong" not in LedgerEntry.objects.get().line


def test_what_was_typed_as_a_name_is_not_kept(ines):
    log_in("my secret password typed in the wrong field")

    assert events() == ["account.login_failed"]
    assert "secret" not in LedgerEntry.objects.get().line
    assert last_line()["after"] == {"known": False}


def test_unknown_names_and_wrong_passwords_are_answered_alike(ines):
    def answer(name: str) -> tuple[int, str]:
        client = Client()
        page = client.post(LOGIN, {"login": name, "password": "wrong"})
        body = re.sub(r'value="[^"]*"', "", page.content.decode())
        return page.status_code, re.sub(r"nonce[^>]*", "", body)

    assert answer("ines") == answer("nobody")


def test_logging_out_ends_the_session_and_is_told_to_the_ledger(ines):
    client = log_in()
    client.post("/accounts/logout/")

    assert not is_in(client)
    assert events() == ["account.logged_in", "account.logged_out"]


def test_a_link_logs_nobody_out(ines):
    client = log_in()
    client.get("/accounts/logout/")

    assert is_in(client)


def test_five_wrong_passwords_throttle_the_login_also_with_the_right_one(ines):
    for _ in range(5):
        log_in(password="wrong")
    assert not is_in(log_in())
    assert events().count("account.login_failed") == 5, "tries while it is throttled are not answered at all"


def test_the_throttle_lifts_after_five_minutes(ines):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        for _ in range(5):
            log_in(password="wrong")
        clock.shift(timedelta(minutes=5, seconds=1))
        assert is_in(log_in())


def test_one_address_cannot_try_many_names():
    for number in range(12):
        person(f"p{number}")
    for number in range(10):
        log_in(f"p{number}", "wrong", REMOTE_ADDR="203.0.113.9")

    assert not is_in(log_in("p11", REMOTE_ADDR="203.0.113.9"))
    assert is_in(log_in("p11", REMOTE_ADDR="203.0.113.10"))


def test_nobody_signs_up():
    assert Client().get("/accounts/signup/").status_code == 302
    form = {"username": "eve", "email": "eve@example.test", "password1": NEW, "password2": NEW}
    assert Client().post("/accounts/signup/", form).status_code == 302
    assert not User.objects.exists()


def test_nobody_changes_the_own_address(ines):
    client = log_in()
    client.post("/accounts/email/", {"action_add": "", "email": "eve@example.test"})

    ines.refresh_from_db()
    assert ines.email == "ines@example.test"
    assert not ines.emailaddress_set.filter(email="eve@example.test").exists()


# --- Everything needs a login ----------------------------------------------------------------------------------------

OPEN = {
    "about",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "mfa_authenticate",
    "mfa_login_webauthn",
}


def addresses(patterns: list, prefix: str = "") -> list[tuple[str, str | None, object]]:
    found = []
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            found.append((here, pattern.name, pattern.callback))
    return found


def test_every_address_needs_a_login_unless_it_is_listed_here():
    """A new page that forgets to be closed, or to be listed, fails here."""
    unguarded = {
        name or address
        for address, name, view in addresses(get_resolver().url_patterns)
        if not getattr(view, "login_required", True)
    }

    assert unguarded - {"accounts/signup/"} <= OPEN


def test_the_login_leads_back_to_the_page(ines):
    sent_away = Client().get("/me/?a=1")
    assert sent_away.headers["Location"] == "/accounts/login/?next=/me/%3Fa%3D1"

    client = Client()
    answer = client.post(sent_away.headers["Location"], {"login": "ines", "password": PASSWORD, "next": "/me/?a=1"})
    assert answer.headers["Location"] == "/me/?a=1"


def test_the_login_leads_to_no_other_site(ines):
    answer = Client().post(LOGIN, {"login": "ines", "password": PASSWORD, "next": "https://evil.example/"})

    assert answer.headers["Location"] == "/"


def test_a_posted_form_leads_back_to_the_page_it_stood_on():
    answer = Client().post("/me/", headers={"referer": "http://testserver/people/?q=x"})

    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": ["/people/?q=x"]}


def test_a_referer_of_another_site_is_not_believed():
    answer = Client().post("/me/", headers={"referer": "https://evil.example/trap"})

    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": ["/me/"]}


def test_a_part_of_a_page_sends_the_whole_page_to_the_login():
    answer = Client().get("/me/", headers={"hx-request": "true", "hx-current-url": "http://testserver/projects/?p=2"})

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/projects/%3Fp%3D2"


# --- How long a session lasts ----------------------------------------------------------------------------------------


def test_a_session_ends_when_idle(ines, settings):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        client = log_in()
        assert is_in(client)
        for _ in range(3):
            clock.shift(settings.SESSION_IDLE_SECONDS - 70)
            assert is_in(client), "a request keeps it alive"
        clock.shift(settings.SESSION_IDLE_SECONDS + 61)
        answer = client.get("/me/")
        assert answer.status_code == 302
        assert "Your session has ended" in client.get(answer.headers["Location"]).content.decode()


def test_a_session_ends_in_any_case(ines, settings):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        client = log_in()
        assert is_in(client)
        for _ in range(settings.SESSION_COOKIE_AGE // 1800):
            clock.shift(1800)
            assert is_in(client)
        clock.shift(60)
        assert not is_in(client)


def test_a_session_is_written_once_a_minute_at_most(ines, django_assert_num_queries):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        client = log_in()
        client.get("/about/")
        with django_assert_num_queries(2):  # session, reader
            client.get("/about/")
        clock.shift(61)
        client.get("/about/")
        with django_assert_num_queries(2):
            client.get("/about/")


# --- Passwords -------------------------------------------------------------------------------------------------------


def test_a_password_is_reset_by_mail(ines):
    elsewhere = log_in()
    Client().post("/accounts/password/reset/", {"email": "ines@example.test"})
    [letter] = mail.outbox
    assert letter.to == ["ines@example.test"]
    assert "ines" in letter.body

    visitor = Client()
    form = visitor.get(reset_link(letter.body), follow=True)
    visitor.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert is_in(log_in(password=NEW))
    assert not is_in(log_in(password=PASSWORD))
    assert not is_in(elsewhere), "sessions under the old password are over"
    assert "account.password_reset" in events()
    assert [letter.subject for letter in mail.outbox[1:]], "the owner is told"
    assert Client().get(reset_link(letter.body), follow=True).context["token_fail"], "the link works once"


def test_a_link_to_reset_expires(ines, settings):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        Client().post("/accounts/password/reset/", {"email": "ines@example.test"})
        link = reset_link(mail.outbox[0].body)
        clock.shift(settings.PASSWORD_RESET_TIMEOUT + 1)
        assert Client().get(link, follow=True).context["token_fail"]


def test_whether_an_address_has_an_account_is_told_to_its_mailbox_alone(ines):
    known = Client().post("/accounts/password/reset/", {"email": "ines@example.test"}, follow=True)
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.test"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert known.content.replace(b"ines@example.test", b"") == unknown.content.replace(b"nobody@example.test", b"")
    assert [letter.to[0] for letter in mail.outbox] == ["ines@example.test", "nobody@example.test"]
    assert "/reset/key/" not in mail.outbox[1].body


def test_a_mail_server_that_is_down_does_not_tell_who_has_an_account(ines, monkeypatch):
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    answers = [
        Client().post("/accounts/password/reset/", {"email": address}).status_code
        for address in ("ines@example.test", "nobody@example.test")
    ]

    assert answers == [302, 302]


def test_links_to_set_a_password_are_not_kept_in_the_outbox(ines):
    Client().post("/accounts/password/reset/", {"email": "ines@example.test"})

    assert not Notice.objects.exists()


def test_a_password_is_changed_by_who_knows_the_old_one(ines):
    here, elsewhere = log_in(), log_in()
    change = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", change)
    assert not is_in(log_in(password=NEW))

    here.post("/accounts/password/change/", {**change, "oldpassword": PASSWORD})
    assert is_in(log_in(password=NEW))
    assert is_in(here)
    assert not is_in(elsewhere)
    assert "account.password_changed" in events()
    assert mail.outbox[-1].to == ["ines@example.test"]


@pytest.mark.parametrize("weak", ["short", "password12345", "ines@example.test", "123456789012345", "inesprado123"])
def test_a_weak_password_is_refused(ines, weak):
    log_in().post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})

    assert not is_in(log_in(password=weak))


# --- Second factor ---------------------------------------------------------------------------------------------------


def enrol(client: Client) -> str:
    """The secret of an authenticator app that was set up through the pages."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})
    return secret


@pytest.mark.usefixtures("still_clock")
@pytest.mark.django_db(transaction=True)  # allauth tells of it once it is committed
def test_an_authenticator_app_is_set_up_and_asked_for_at_the_next_login(ines):
    secret = enrol(log_in())
    assert Authenticator.objects.filter(user=ines, type="totp").exists()
    assert "account.second_factor_added" in events()
    assert secret not in str(Authenticator.objects.get(user=ines, type="totp").data)

    client = log_in()
    assert not is_in(client), "the password alone is half of it"
    asked = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "Enter the code of your authenticator app, or one of your recovery codes." in asked
    assert "mfa_webauthn_authenticate" not in asked, "there is no passkey to be used"
    client.post("/accounts/2fa/authenticate/", {"code": "000000" if totp_code(secret) != "000000" else "111111"})
    assert not is_in(client)
    assert events()[-1] == "account.second_factor_failed"
    client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert is_in(client)
    assert last_line()["after"] == {"method": "password, totp"}


def test_a_code_used_at_the_login_does_not_log_in_again(ines):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        secret = enrol(log_in())
        clock.shift(60)
        used = totp_code(secret)
        for expected in (True, False):
            client = log_in()
            client.post("/accounts/2fa/authenticate/", {"code": used})
            assert is_in(client) is expected


@pytest.mark.usefixtures("still_clock")
def test_a_recovery_code_logs_in_once(ines):
    client = log_in()
    enrol(client)
    spare = Authenticator.objects.get(user=ines, type="recovery_codes").wrap().get_unused_codes()[0]

    for expected in (True, False):
        client = log_in()
        client.post("/accounts/2fa/authenticate/", {"code": spare})
        assert is_in(client) is expected
    assert events().count("account.recovery_code_used") == 1


@pytest.mark.django_db(transaction=True)  # allauth tells of it once it is committed
def test_a_second_factor_is_set_up_and_taken_off_only_with_a_fresh_password(ines):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        client = log_in()
        clock.shift(600)
        assert "/reauthenticate/" in client.get("/accounts/2fa/totp/activate/").headers["Location"]
        enrol(client)
        clock.shift(600)
        assert "/reauthenticate/" in client.post("/accounts/2fa/totp/deactivate/").headers["Location"]
        assert Authenticator.objects.filter(user=ines, type="totp").exists()

        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/2fa/totp/deactivate/")
        assert not Authenticator.objects.filter(user=ines).exists()
    assert "account.second_factor_removed" in events()
    assert all(letter.to == ["ines@example.test"] for letter in mail.outbox)
    assert len(mail.outbox) >= 2, "the owner is told of both"


@pytest.mark.usefixtures("still_clock")
def test_a_reset_password_does_not_pass_the_second_factor(ines):
    enrol(log_in())
    Client().post("/accounts/password/reset/", {"email": "ines@example.test"})
    link = reset_link(next(letter.body for letter in mail.outbox if "/reset/key/" in letter.body))
    visitor = Client()
    form = visitor.get(link, follow=True)
    visitor.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert not is_in(visitor)
    assert not is_in(log_in(password=NEW))


def test_the_challenge_for_a_passkey_is_made_for_a_digest_only(ines):
    client = log_in()

    assert client.post("/me/passkey-challenge/", {"bound_to": "x"}).status_code == 400
    assert client.get("/me/passkey-challenge/").status_code == 405
    first, second = (
        client.post("/me/passkey-challenge/", {"bound_to": "ab" * 32}).json()["options"]["publicKey"]["challenge"]
        for _ in range(2)
    )
    assert first != second
