"""The Django admin is a window: everything can be looked at, nothing can be changed through it."""

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import reverse

from projects.admin import site
from projects.models import LedgerEntry, Project, User
from reviews.models import ReviewKind
from tests import world
from tests.kept import kept
from tests.world import PASSWORD, People, person

pytestmark = pytest.mark.django_db

OURS = [model for app in ("projects", "reviews") for model in apps.get_app_config(app).get_models()]


def filled() -> People:
    """Two projects, one with a review that is being signed."""
    people = People()
    world.ready_to_sign(world.to_planning(world.register(people, title="A"), people), ReviewKind.PPA, people)
    world.register(people, title="B")
    return people


_filled_once, _filled = kept(filled)


@pytest.fixture
def people(filled) -> People:
    return filled


@pytest.fixture
def window(people) -> Client:
    client = Client()
    client.force_login(people.operator)
    return client


def address(model: type, what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_every_model_of_ours_is_shown_and_no_other():
    assert set(site._registry) == set(OURS)
    assert not {model._meta.app_label for model in site._registry} & {"account", "mfa", "auth"}


def test_the_admin_that_packages_register_with_is_not_reachable(window):
    """allauth's admin pages could give another person's account a new address or second factor."""
    assert django_admin.site._registry, "packages do register there"
    for path in ("/admin/account/emailaddress/", "/admin/mfa/authenticator/", "/admin/auth/group/"):
        assert window.get(path).status_code == 404


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_list_opens_searches_and_takes_few_queries(model, window, django_assert_max_num_queries):
    window.get("/admin/")  # the first request of a session writes when it began
    rows = model._default_manager.count()

    with django_assert_max_num_queries(6):  # session, reader, count twice, rows, one for a filter
        assert window.get(address(model, "changelist")).status_code == 200
    with django_assert_max_num_queries(6):
        assert window.get(address(model, "changelist"), {"q": "nothing"}).status_code == 200
    if rows:
        shown = window.get(address(model, "change", model._default_manager.first().pk))
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content


@pytest.mark.req("SEED-09")
def test_raw_posts_change_nothing(window, people):
    world.to_deploy(world.register(people), people)
    tried = set()
    for model in OURS:
        rows = list(model._default_manager.values())
        assert window.post(address(model, "add"), {"name": "x"}).status_code == 403, model
        row = model._default_manager.first()
        if row is not None:
            tried.add(model._meta.model_name)
            form = {"stage": "closed", "is_operator": "on", "decision": "go", "_save": "Save"}
            assert window.post(address(model, "change", row.pk), form).status_code == 403, model
            assert window.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
            several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            window.post(address(model, "changelist"), several)
            window.post(address(model, "changelist"), {"form-TOTAL_FORMS": "1", "form-0-id": row.pk, "_save": "Save"})
        assert list(model._default_manager.values()) == rows, model

    assert tried >= {"user", "project", "gatepass", "roleassignment", "ledgerentry", "review", "itemanswer", "signoff"}


@pytest.mark.req("SEED-09")
def test_no_project_gets_into_build_through_the_admin(window, people):
    project = world.to_planning(world.register(people), people)
    lines = LedgerEntry.objects.count()
    form = {
        "code": project.code,
        "title": "Changed",
        "stage": "build",
        "plan_approved_at_0": "2026-11-23",
        "plan_approved_at_1": "10:00",
    }

    for who in (people.operator, person("root", is_superuser=True, is_staff=True, is_operator=True)):
        client = Client()
        client.force_login(who)
        assert client.post(address(Project, "change", project.pk), form).status_code == 403

    assert world.fresh(project).stage == "planning"
    assert world.fresh(project).plan_approved_at is None
    assert LedgerEntry.objects.count() == lines


def test_no_password_is_shown_or_set_here(window, people):
    shown = window.get(address(User, "change", people.sponsor.pk)).content.decode()

    assert people.sponsor.password not in shown
    assert "md5" not in shown
    for path in (f"/admin/projects/user/{people.sponsor.pk}/password/", "/admin/password_change/"):
        window.post(path, {"password1": "Nine lilac bicycles", "password2": "Nine lilac bicycles"})
    people.sponsor.refresh_from_db()
    assert people.sponsor.check_password(PASSWORD)


@pytest.mark.parametrize("who", ["manager", "program", "sponsor", "auditor", "process_owner"])
def test_to_everybody_else_it_does_not_exist(who, people):
    client = Client()
    client.force_login(getattr(people, who))

    assert client.get("/admin/", follow=True).status_code == 404
    assert client.get(address(Project, "changelist"), follow=True).status_code == 404


def test_a_staff_flag_alone_opens_nothing():
    client = Client()
    client.force_login(person("clerk", is_staff=True, is_superuser=True))

    assert client.get("/admin/", follow=True).status_code == 404


def test_it_is_opened_by_the_login_of_the_site(people):
    client = Client()
    assert client.get("/admin/").headers["Location"] == "/accounts/login/?next=/admin/"
    assert client.get("/admin/login/").status_code == 302
    answer = client.post("/admin/login/", {"username": "olaf", "password": PASSWORD})

    assert answer.headers["Location"].startswith("/accounts/login/")
    assert client.get("/me/").status_code == 302, "the admin's own form logs nobody in"
