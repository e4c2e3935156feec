"""Passkeys in a real browser: set up, log in with, sign with. The authenticator is Chromium's virtual one."""

import hashlib
import json

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from projects import credentials
from projects.blocker import Refused
from projects.forms.credentials import CredentialsForm
from projects.models import LedgerEntry, User
from reviews.models import ReviewKind, SignOff
from tests import world
from tests.parts import CHROMIUM, needs_chromium
from tests.world import PASSWORD, People, person

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

SHOWN = hashlib.sha256(b"what the page shows").hexdigest()
CHANGED = hashlib.sha256(b"what is there by now").hexdigest()


def trial(request: HttpRequest, shown: str, there: str) -> HttpResponse:
    """A page that asks for credentials as the sign page does: for `shown`, while `there` is what stands there now."""
    form = CredentialsForm(request.POST or None, user=request.user, bound_to=shown)
    said = ""
    if form.is_valid():
        try:
            said = form.prove(request.user, bound_to=there, now=timezone.now()).method
        except Refused as refused:
            form.add_error(None, refused.text)
    return render(request, "tests/trial.html", {"form": form, "said": said})


urlpatterns = [path("trial/<str:shown>/<str:there>/", trial), path("", include("deliverops.urls"))]

TRIAL = """{% extends "base.html" %}
{% block title %}Trial{% endblock title %}
{% block content %}
  <form method="post">{% csrf_token %}
    {{ form.non_field_errors }}
    {% include "projects/credentials.html" %}
    <button class="btn btn-primary" type="submit">Sign</button>
  </form>
  <output>{{ said }}</output>
{% endblock content %}"""


@pytest.fixture(autouse=True)
def trial_page(settings, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "trial.html").write_text(TRIAL)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


@pytest.fixture
def ines() -> User:
    return person("ines", "Inês Prado")


@pytest.fixture
def page(live_server):
    """A browser at the site's own name: passkeys need a secure origin, and http://localhost counts as one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: "Content Security Policy" in said.text and page.complaints.append(said.text))
        yield page
        connections.close_all()  # under Playwright's loop the test has a connection of its own
        browser.close()


def with_authenticator(page: Page) -> tuple:
    """A key that can hold passkeys and always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def log_in(page: Page, name: str = "ines") -> None:
    page.goto("/accounts/login/?next=/me/")
    page.get_by_label("Login").or_(page.get_by_label("Username")).first.fill(name)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/me/")


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("form[action*=logout] button[type=submit]").last.click()
    page.wait_for_url("**/accounts/login/")


def set_up_passkey(page: Page, *, passwordless: bool) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("form[action*=reauthenticate] button[type=submit]").click()
        page.wait_for_url("**/webauthn/add/")
    page.locator("input[name=name]").fill("Telephone")
    if passwordless:
        page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")


def sign(page: Page, *, shown: str = SHOWN, there: str = SHOWN, password: str = PASSWORD) -> str:
    """What the trial page says after the passkey has answered and the password is given."""
    page.goto(f"/trial/{shown}/{there}/")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("Your passkey has answered").wait_for()
    page.get_by_label("Your password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign", exact=True).click()
    return page.locator("output").inner_text() or page.locator(".errorlist, .alert, .callout").first.inner_text()


def test_a_passkey_is_set_up_and_logs_in_without_a_password(page, ines):
    with_authenticator(page)
    log_in(page)
    set_up_passkey(page, passwordless=True)
    assert Authenticator.objects.filter(user=ines, type="webauthn").exists()
    log_out(page)

    page.get_by_role("button", name="passkey").click()
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto("/me/")

    assert page.url.endswith("/me/")
    told = LedgerEntry.objects.filter(stream__key="system").order_by("seq")
    added = [
        json.loads(line)["after"]["kind"]
        for line in told.filter(event="account.second_factor_added").values_list("line", flat=True)
    ]
    assert added == ["webauthn", "recovery_codes"]
    assert json.loads(told.last().line)["after"] == {"method": "webauthn"}
    assert page.complaints == [], "nothing that the content security policy refuses"


@pytest.mark.req("AUD-02")
def test_a_passkey_is_the_second_step_of_signing_in(page, ines):
    with_authenticator(page)
    log_in(page)
    set_up_passkey(page, passwordless=False)
    log_out(page)

    page.goto("/accounts/login/?next=/me/")
    page.get_by_label("Login").fill("ines")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/me/")

    assert page.complaints == [], "nothing that the content security policy refuses"


@pytest.mark.req("AUD-02", "AUD-03")
def test_a_passkey_signs_what_the_page_shows_and_nothing_else(page, ines):
    with_authenticator(page)
    log_in(page)
    set_up_passkey(page, passwordless=False)

    assert sign(page) == "password and passkey"
    assert "not right" in sign(page, there=CHANGED)
    assert "not right" in sign(page, password="wrong")
    assert LedgerEntry.objects.filter(actor=ines, event=credentials.REFUSED).count() == 2
    assert page.complaints == []


@pytest.mark.req("AUD-01", "AUD-02")
def test_a_review_is_signed_with_a_passkey(page):
    everybody = People()
    project = world.to_planning(world.register(everybody), everybody)
    review = world.ready_to_sign(project, ReviewKind.PPA, everybody)
    with_authenticator(page)
    log_in(page, "lucia")
    set_up_passkey(page, passwordless=False)

    page.goto(f"/projects/{project.code}/reviews/{review.ref}/sign/")
    page.get_by_role("radio", name="Agree", exact=False).first.check()
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("Your passkey has answered").wait_for()
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("form.sign-box button[type=submit]").click()

    signed = SignOff.objects.get(user=everybody.sponsor)
    assert (signed.method, signed.position) == ("password and passkey", "agree")
    assert page.complaints == []


def test_an_answer_of_a_passkey_works_once_and_for_its_owner(page, ines):
    with_authenticator(page)
    log_in(page)
    set_up_passkey(page, passwordless=False)
    page.goto(f"/trial/{SHOWN}/{SHOWN}/")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("Your passkey has answered").wait_for()
    answer = page.locator("input[name=passkey]").input_value()

    def given_by(user: User) -> str:
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        posted = client.post(f"/trial/{SHOWN}/{SHOWN}/", {"password": PASSWORD, "passkey": answer})
        return posted.context["said"] or str(posted.context["form"].errors)

    other = person("other")
    Authenticator.objects.create(
        user=other, type="webauthn", data=Authenticator.objects.get(user=ines, type="webauthn").data
    )
    assert "not right" in given_by(other), "made for another person"
    assert given_by(ines) == "password and passkey"
    assert "not right" in given_by(ines), "used up"


def test_a_browser_without_the_passkey_says_so_and_the_code_still_works(page, ines):
    session, authenticator = with_authenticator(page)
    log_in(page)
    set_up_passkey(page, passwordless=False)
    spare = Authenticator.objects.get(user=ines, type="recovery_codes").wrap().get_unused_codes()[0]
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": authenticator, "enabled": False})
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    with_authenticator(page)

    page.goto(f"/trial/{SHOWN}/{SHOWN}/")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("Your passkey did not answer").wait_for()
    page.get_by_label("Recovery code").fill(spare)
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign", exact=True).click()

    assert page.locator("output").inner_text() == "password and recovery code"


def test_an_address_that_is_a_number_is_said_to_take_no_passkeys(page, ines, live_server):
    with_authenticator(page)
    number = live_server.url.replace("localhost", "127.0.0.1")
    page.goto(f"{number}/accounts/login/?next=/me/")
    page.get_by_role("button", name="passkey").click()

    page.get_by_role("alert").get_by_text("http://localhost").wait_for()


def test_the_domain_of_passkeys_can_be_fixed(ines, settings):
    settings.PASSKEY_DOMAIN = "deliver.tarnwick.example"
    client = Client()
    client.force_login(ines)

    options = client.post("/me/passkey-challenge/", {"bound_to": SHOWN}).json()["options"]["publicKey"]

    assert options["rpId"] == "deliver.tarnwick.example"
