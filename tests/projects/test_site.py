"""The frame of the pages: about, components, errors, navigation; and that nothing is written inline."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from projects.context import PLACES, address, navigation, places
from projects.models import User
from projects.views import site
from projects.views.gallery import COMPONENTS, FRAME, components
from tests.projects.pages import inline_parts
from tests.world import person

TEMPLATES = Path(settings.BASE_DIR) / "templates"
ATTRIBUTION = "The Microsoft Operations Framework 4.0 is provided with permission from Microsoft Corporation."
LICENCE = "http://creativecommons.org/licenses/by/3.0/us/"


@pytest.fixture
def signed_in(client: Client, db) -> Client:
    client.force_login(person("ada", "Adaeze Okonkwo-Lindqvist", is_solution_manager=True, time_zone="Asia/Tokyo"))
    return client


def html_of(response) -> str:
    return response.content.decode()


@pytest.mark.req("SEED-129")
def test_about_is_open_to_everybody_and_gives_the_attribution_word_for_word(client, db):
    page = html_of(client.get(reverse("about")))
    assert ATTRIBUTION in page
    assert f'href="{LICENCE}"' in page


@pytest.mark.req("SEED-129")
def test_the_attribution_is_not_translated(client, db):
    assert ATTRIBUTION in html_of(client.get(reverse("about"), headers={"accept-language": "de"}))


@pytest.mark.req("SEED-130")
def test_about_claims_no_endorsement_and_gives_no_warranty(client, db):
    page = re.sub(r"\s+", " ", html_of(client.get(reverse("about"))))
    assert "are adapted from it" in page
    assert "used to describe what the content is" in page
    assert "has not reviewed, sponsored or endorsed this product" in page
    assert "provided as is, without warranty" in page


def test_about_names_version_and_licence_of_what_reaches_the_browser(client, db):
    page = html_of(client.get(reverse("about")))
    assert settings.VERSION in page
    for part in site.PARTS:
        assert f"{part.name} {part.version}" in page
        assert part.licence in page


@pytest.mark.req("SEED-129")
@pytest.mark.parametrize("name", ["about", "account_login", "account_reset_password"])
def test_every_page_ends_with_the_attribution(client, db, name):
    page = html_of(client.get(reverse(name)))
    assert LICENCE in page
    assert reverse("about") in page


# --- Components ------------------------------------------------------------------------------------------------------
def test_every_component_is_on_the_living_page_with_its_words(signed_in):
    page = html_of(signed_in.get(reverse("components")))
    names = {path.stem for path in COMPONENTS.glob("*.html")}
    assert {component.name for component in components()} == names
    for name in names:
        assert f'<section class="gallery-entry" id="component-{name}">' in page


@pytest.mark.parametrize("component", components(), ids=lambda component: component.name)
def test_a_component_says_what_it_takes_and_has_an_example_that_uses_it(component):
    assert component.says, f"{component.name}.html begins with no comment"
    if component.name in FRAME:
        return
    example = (TEMPLATES / component.example).read_text()
    tag = tag_of(component.says)
    assert f'"components/{component.name}.html"' in example or (tag and "{% " + tag in example)


def tag_of(says: str) -> str:
    found = re.search(r"Called by the tag: (\w+)", says)
    return found.group(1) if found else ""


def test_components_are_for_people_with_an_account(client, db):
    for name in ("components", "components_part"):
        response = client.get(reverse(name))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


# --- Nothing inline --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["about", "account_login", "account_reset_password"])
def test_no_script_or_style_is_written_into_an_open_page(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert inline_parts(html_of(response)) == []


@pytest.mark.parametrize("name", ["components", "about", "account_change_password", "mfa_index"])
def test_no_script_or_style_is_written_into_a_page_behind_the_login(signed_in, name):
    response = signed_in.get(reverse(name))
    assert response.status_code == 200
    assert inline_parts(html_of(response)) == []


def test_the_finder_of_inline_parts_sees_them():
    assert inline_parts("<p style='color:red' onclick='x()'><script>x()</script><style></style>") == [
        "p style=color:red",
        "p onclick=x()",
        "<script>",
        "<style>",
    ]
    assert inline_parts("<script src='/a.js'></script><script type='application/json'>{}</script>") == []


def test_our_styles_fetch_nothing_from_elsewhere_and_need_no_data_images():
    for sheet in (Path(settings.BASE_DIR) / "static" / "css").glob("*.css"):
        for address_ in re.findall(r"url\(([^)]*)\)", sheet.read_text()):
            target = (sheet.parent / address_.strip("\"'")).resolve()
            assert target.is_file(), f"{sheet.name} names {address_}"


def test_only_tokens_css_writes_colours():
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(|\boklch\(")
    for sheet in (Path(settings.BASE_DIR) / "static" / "css").glob("*.css"):
        if sheet.name not in {"tokens.css", "print.css"}:
            assert not colour.findall(sheet.read_text()), sheet.name


# --- Errors ----------------------------------------------------------------------------------------------------------
def test_a_page_that_is_not_there_says_what_to_do(client, db):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "Page not found" in html_of(response)
    assert inline_parts(html_of(response)) == []


def test_a_stale_form_says_that_what_was_typed_is_kept(db):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("account_login"), {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "what you typed is kept" in html_of(response)


def test_a_bad_request_keeps_the_frame(rf: RequestFactory, db):
    request = rf.get("/")
    response = site.bad_request(request)
    assert response.status_code == 400
    assert "could not be read" in html_of(response)


def test_the_page_for_our_own_mistakes_needs_no_request():
    from django.template.loader import render_to_string

    page = render_to_string("500.html")
    assert "Nothing was changed" in page
    assert inline_parts(page) == []


def test_error_pages_and_the_login_tell_the_browser_to_keep_drafts(client, db):
    for path in ("/no/such/page/", reverse("account_login")):
        assert "data-keep-drafts" in html_of(client.get(path))


# --- Navigation ------------------------------------------------------------------------------------------------------
def test_the_frame_costs_no_query(rf: RequestFactory, db, django_assert_num_queries):
    request = rf.get("/projects/P-1/")
    request.user = person("ada")
    with django_assert_num_queries(0):
        found = navigation(request)
        list(found["places"])


def places_at(rf: RequestFactory, path: str, **flags: bool) -> list[dict]:
    request = rf.get(path)
    request.user = User(username="ada", **flags)
    return places(request)


def test_where_we_are_is_the_longest_address_that_fits(rf: RequestFactory):
    assert {p["name"] for p in places_at(rf, address("portfolio") + "P-1/") if p["here"]} == {"portfolio"}
    assert {p["name"] for p in places_at(rf, "/") if p["here"]} == {"inbox"}
    assert not any(p["here"] for p in places_at(rf, "/about/"))


def test_a_place_that_this_installation_lacks_is_not_offered(rf: RequestFactory, monkeypatch):
    monkeypatch.setattr("projects.context.PLACES", [*PLACES, ("no_such_address", "Nowhere", "x")])
    assert "no_such_address" not in {place["name"] for place in places_at(rf, "/")}


def test_people_are_offered_to_operators_alone(rf: RequestFactory):
    assert "people" in {place["name"] for place in places_at(rf, "/", is_operator=True)}
    assert "people" not in {place["name"] for place in places_at(rf, "/", is_solution_manager=True)}


@pytest.mark.parametrize(("cookie", "written"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_the_chosen_theme_is_written_into_the_page(client, db, cookie, written):
    client.cookies["theme"] = cookie
    assert written in html_of(client.get(reverse("about")))


@pytest.mark.parametrize("cookie", ["", '"><script>', "sepia"])
def test_an_unknown_theme_is_the_systems_choice(client, db, cookie):
    client.cookies["theme"] = cookie
    assert "data-theme=" not in html_of(client.get(reverse("about")))


def test_a_page_asked_for_by_htmx_leaves_out_the_frame(rf: RequestFactory, db):
    class Htmx:
        boosted = False

        def __bool__(self) -> bool:
            return True

    request = rf.get("/")
    request.htmx = Htmx()
    assert navigation(request)["ui_base"] == "partial.html"
    request.htmx.boosted = True
    assert navigation(request)["ui_base"] == "base.html"


def test_times_are_in_the_readers_zone(signed_in):
    assert "JST" in html_of(signed_in.get(reverse("components_part")))


def test_templates_are_clean():
    done = subprocess.run(
        [sys.executable, "-m", "djlint", "--lint", "."], capture_output=True, text=True, check=False, cwd=TEMPLATES
    )
    assert done.returncode == 0, done.stdout
