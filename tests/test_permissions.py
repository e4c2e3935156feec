"""The permission matrix: every address x every way of asking x everybody. The rows are in tests/permissions."""

from importlib import import_module

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projects.inbox import badge_key
from tests.permissions import MODULES, WHO, Row
from tests.permissions.stage import set_up

ROWS = [row for module in MODULES for row in import_module(f"tests.permissions.{module}").ROWS]
pytestmark = pytest.mark.django_db

PACKAGED = {"accounts/", "admin/"}  # allauth's and Django's own, tried in test_accounts.py and test_admin.py
NOT_DONE = ("PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def set_stage(django_db_setup, django_db_blocker, tmp_path_factory):
    """Set once for all rows; what a request does is undone after it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media):
            made = set_up()
            for who in WHO:
                made.client(who)
        yield made, media
        transaction.set_rollback(True)


@pytest.fixture
def stage(set_stage, settings, db):
    made, settings.MEDIA_ROOT = set_stage
    return made


def names(patterns, above=""):
    for pattern in patterns:
        here = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and here not in PACKAGED:
            yield from names(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and not here.startswith(tuple(PACKAGED)):
            yield pattern.name or here


def test_every_address_has_a_row_and_every_row_an_address():
    assert {row.name for row in ROWS} == set(names(get_resolver().url_patterns))


def test_every_row_says_something_of_everybody():
    for row in ROWS:
        assert len(row.get) == len(row.post) == len(WHO), row


def asked(stage, who, method, address, data=None):
    """The answer; whatever it changed is undone, and the browser keeps the cookies that it had."""
    client = stage.client(who)
    if who != "anonymous":  # how much waits for the reader is counted elsewhere: it would be a third of the time
        cache.set(badge_key(stage.person(who)), 0)
    cookies = client.cookies.copy()
    undone = transaction.atomic()
    undone._from_testcase = True  # like the blocks of a test case, it may hold durable ones
    with undone:
        answer = client.generic(method, address) if data is None else client.post(address, data)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def letter(answer):
    if answer.status_code in (301, 302) and "/accounts/login/" in answer.url:
        return "L"
    known = {404: "0", 403: "X", 405: "."}
    return known.get(answer.status_code, "+" if answer.status_code in (200, 302, 400, 409, 422) else "?")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_may(stage, row: Row):
    address = reverse(row.name, args=row.at(stage)) + row.query
    data = row.data(stage)
    seen = {
        "get": "".join(letter(asked(stage, who, "GET", address)) for who in WHO),
        "post": "".join(letter(asked(stage, who, "POST", address, data)) for who in WHO),
    }
    assert seen == {"get": row.get, "post": row.post}


@pytest.mark.parametrize("row", [row for row in ROWS if not row.label], ids=str)
def test_nothing_is_done_another_way(stage, row: Row):
    address = reverse(row.name, args=row.at(stage))
    for who in WHO:
        for method in NOT_DONE:
            answer = asked(stage, who, method, address)
            assert letter(answer) in "L0.", (who, method, answer.status_code)


def test_foreign_and_missing_are_told_alike(stage):
    """To an outsider, a project that exists answers like one that does not."""
    tried = 0
    for row in ROWS:
        at = row.at(stage)
        if not at or at[0] != stage.project.code:
            continue
        method, data = ("GET", None) if row.get != "L........" else ("POST", row.data(stage))
        foreign = asked(stage, "outsider", method, reverse(row.name, args=at), data)
        missing = asked(stage, "outsider", method, reverse(row.name, args=("PRJ-9999", *at[1:])), data)
        assert (foreign.status_code, missing.status_code) == (404, 404), row
        assert foreign.templates[0].name == missing.templates[0].name == "404.html", row
        tried += 1
    assert tried > 40
