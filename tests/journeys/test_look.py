"""What only a browser can tell: contrast and names by axe, width, theme, keys, drafts that are never lost."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.parts import CHROMIUM, needs_chromium
from tests.world import PASSWORD, person

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def signed_in(client, live_server) -> dict[str, str]:
    """The cookie of a session."""
    client.force_login(person("ada", "Adaeze Okonkwo-Lindqvist", is_solution_manager=True))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


def context(browser: Browser, cookie: dict[str, str] | None = None, **options: object) -> BrowserContext:
    opened = browser.new_context(**options)
    opened.set_default_timeout(10_000)
    if cookie:
        opened.add_cookies([cookie])
    return opened


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its own best practices, with the elements."""
    page.evaluate("scrollTo(0, 0)")  # what the bar covers while one scrolls is no finding
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_components_have_no_accessibility_finding(browser, live_server, signed_in, scheme, width):
    page = context(browser, signed_in, color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    page.goto(live_server.url + reverse("components"), wait_until="networkidle")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "about"])
def test_open_pages_have_no_accessibility_finding(browser, live_server, scheme, name):
    page = context(browser, color_scheme=scheme).new_page()
    page.goto(live_server.url + reverse(name), wait_until="networkidle")
    assert violations(page) == []


def test_axe_sees_what_is_wrong(browser, live_server):
    page = context(browser).new_page()
    page.goto(live_server.url + reverse("about"))
    broken = '<img src="/x.png"><button></button>'
    page.evaluate("broken => document.querySelector('h1').insertAdjacentHTML('afterend', broken)", broken)
    assert {finding.split(":")[0] for finding in violations(page)} >= {"image-alt", "button-name"}


@pytest.mark.parametrize("width", [360, 768, 1440, 3840])
def test_nothing_is_wider_than_the_window(browser, live_server, signed_in, width):
    page = context(browser, signed_in, viewport={"width": width, "height": 900}).new_page()
    page.goto(live_server.url + reverse("components"), wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_policy_refuses_nothing_that_our_pages_do(browser, live_server, signed_in):
    page = context(browser, signed_in).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_server.url + reverse("components"), wait_until="networkidle")
    assert complaints == []


def test_the_theme_is_chosen_in_the_account_menu_and_stays(browser, live_server, signed_in):
    page = context(browser, signed_in, color_scheme="light").new_page()
    page.goto(live_server.url + reverse("about"))
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("radio", name="Dark").check()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("radio", name="System").check()
    assert page.evaluate(paper) == light


def test_menus_open_and_reading_works_without_scripts(browser, live_server, signed_in):
    page = context(browser, signed_in, java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(live_server.url + reverse("about"))
    links = page.get_by_role("navigation", name="Main")
    expect(links).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(links).to_be_visible()
    page.get_by_role("button", name="Account of").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text("Theme", exact=True)).to_be_hidden()


def test_slash_finds_the_search_field_unless_one_is_writing(browser, live_server, signed_in):
    page = context(browser, signed_in).new_page()
    page.goto(live_server.url + reverse("components"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find a project")).to_be_focused()
    writing = page.locator("#id_nature").first
    writing.focus()
    page.keyboard.type("24/7")
    assert writing.input_value() == "24/7"


def test_the_skip_link_is_the_first_stop(browser, live_server, signed_in):
    page = context(browser, signed_in).new_page()
    page.goto(live_server.url + reverse("about"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_part_that_cannot_be_fetched_is_said(browser, live_server, signed_in):
    page = context(browser, signed_in).new_page()
    page.goto(live_server.url + reverse("components"), wait_until="networkidle")
    page.route("**/components/part/", lambda route: route.fulfill(status=500, body="no"))
    page.get_by_role("button", name="History", exact=True).first.click()
    expect(page.locator("#messages").get_by_role("alert")).to_contain_text("Something went wrong on our side")
    page.unroute("**/components/part/")
    page.route("**/components/part/", lambda route: route.abort())
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("#messages").get_by_role("alert")).to_contain_text("could not be reached")


# --- Nothing that was typed is lost --------------------------------------------------------------------------------
KEPT = "What you typed before is here again"


@pytest.fixture
def form(browser, live_server, signed_in, settings) -> Page:
    settings.ROOT_URLCONF = "tests.journeys.draft_pages"
    page = context(browser, signed_in).new_page()
    page.goto(live_server.url + "/example/")
    return page


def fill(page: Page, answer: str) -> None:
    page.get_by_label("Text").fill("Two data centres, one night")
    page.get_by_label("B", exact=True).check()
    page.get_by_label("Agreed").check()
    page.get_by_label("Secret").fill("hush")
    page.get_by_label("Answer").select_option(answer)


def expect_everything_back(page: Page) -> None:
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Two data centres, one night")
    expect(page.get_by_label("B", exact=True)).to_be_checked()
    expect(page.get_by_label("Agreed")).to_be_checked()
    expect(page.get_by_label("Secret")).to_have_value("")


def test_what_was_typed_survives_leaving_the_page(form, live_server):
    fill(form, "accept")
    form.goto(live_server.url + reverse("about"))
    form.goto(live_server.url + "/example/")
    expect_everything_back(form)


def test_what_was_sent_after_the_session_ended_is_there_after_the_login(form, live_server):
    fill(form, "expire")
    form.get_by_role("button", name="Send").click()
    form.get_by_label("Login").fill("ada")
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in", exact=True).click()
    form.wait_for_url("**/example/")
    expect_everything_back(form)


def test_what_was_sent_into_an_error_page_is_there_again(form, live_server):
    fill(form, "break")
    form.get_by_role("button", name="Send").click()
    form.get_by_role("heading", name="Not allowed").wait_for()
    form.goto(live_server.url + "/example/")
    expect_everything_back(form)


def test_what_was_sent_over_a_broken_line_is_there_again(form, live_server):
    fill(form, "accept")
    form.route("**/example/", lambda route: route.abort())
    form.get_by_role("button", name="Send").click()
    form.wait_for_timeout(300)
    form.unroute("**/example/")
    form.goto(live_server.url + "/example/")
    expect_everything_back(form)


def test_a_refusal_shows_what_was_typed_and_puts_the_focus_on_what_to_mend(form):
    fill(form, "refuse")
    form.get_by_role("button", name="Send").click()
    summary = form.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(form.get_by_label("Text")).to_have_value("Two data centres, one night")
    expect(form.get_by_text(KEPT)).to_have_count(0)
    summary.get_by_role("link", name="Text").click()
    expect(form.get_by_label("Text")).to_be_focused()


def test_what_was_accepted_is_forgotten(form, live_server):
    fill(form, "accept")
    form.get_by_role("button", name="Send").click()
    form.get_by_text("Saved.").wait_for()
    expect(form.get_by_label("Text")).to_have_value("")
    form.reload()
    expect(form.get_by_label("Text")).to_have_value("")
    assert form.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []


def test_what_came_back_can_be_discarded(form):
    fill(form, "accept")
    form.reload()
    form.get_by_role("button", name="Discard it").click()
    expect(form.get_by_label("Text")).to_have_value("")
    form.reload()
    expect(form.get_by_text(KEPT)).to_have_count(0)


def test_a_password_is_never_kept(form):
    fill(form, "accept")
    kept = form.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    assert "Two data centres" in kept
    assert "hush" not in kept
    assert "csrf" not in kept.lower()


def test_one_readers_draft_is_not_given_to_the_next_one(form, client, live_server):
    fill(form, "accept")
    client.force_login(person("mallory"))
    form.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    form.reload()
    expect(form.get_by_label("Text")).to_have_value("")
