"""People: accounts made, changed, given roles, disabled; the pages for it, and the own profile."""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver

from projects import notices
from projects.actions import people as actions
from projects.actions.people import PersonFacts
from projects.blocker import NotAllowed, Refused
from projects.models import LedgerEntry, Notice, OrgRole, User
from tests import world
from tests.world import NOW, PASSWORD, People, person

pytestmark = pytest.mark.django_db

FACTS = {"name": "Nadia Rahman", "email": "Nadia@Tarnwick.example", "time_zone": "Europe/Oslo"}


@pytest.fixture
def operator() -> User:
    return person("olaf", "Olaf Berg", is_operator=True)


@pytest.fixture
def second_operator() -> User:
    return person("petra", "Petra Lund", is_operator=True)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(event: str) -> list[dict]:
    return [json.loads(line) for line in LedgerEntry.objects.filter(event=event).values_list("line", flat=True)]


# --- Making an account -----------------------------------------------------------------------------------------------


def test_a_new_person_sets_the_password_with_the_mailed_link_and_logs_in(operator):
    answer = logged_in(operator).post("/people/new/", {**FACTS, "username": "nadia"})

    nadia = User.objects.get(username="nadia")
    assert answer.headers["Location"] == f"/people/{nadia.pk}/"
    assert (nadia.name, nadia.email, nadia.time_zone) == ("Nadia Rahman", "nadia@tarnwick.example", "Europe/Oslo")
    assert not nadia.has_usable_password()
    [letter] = mail.outbox
    assert letter.to == ["nadia@tarnwick.example"]
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)[1]

    visitor = Client()
    form = visitor.get(link, follow=True)
    visitor.post(form.redirect_chain[-1][0], {"password1": "Nine lilac bicycles", "password2": "Nine lilac bicycles"})
    visitor.post("/accounts/login/", {"login": "nadia", "password": "Nine lilac bicycles"})
    assert visitor.get("/me/").status_code == 200

    assert Client().get(link, follow=True).context["token_fail"]


def test_what_an_operator_does_to_an_account_stands_in_the_ledger(operator):
    client = logged_in(operator)
    client.post("/people/new/", {**FACTS, "username": "nadia"})
    nadia = User.objects.get(username="nadia")
    client.post(f"/people/{nadia.pk}/", {**FACTS, "unit": "Finance"})
    client.post(f"/people/{nadia.pk}/roles/auditor/grant/")
    client.post(f"/people/{nadia.pk}/roles/auditor/revoke/")
    client.post(f"/people/{nadia.pk}/disable/", {"reason": "Left the company."})
    client.post(f"/people/{nadia.pk}/enable/")

    about = LedgerEntry.objects.filter(stream__key="system", object_type="projects.user", object_id=str(nadia.pk))
    assert list(about.order_by("seq").values_list("event", flat=True)) == [
        "account.created",
        "account.invited",
        "account.changed",
        "account.role_granted",
        "account.role_revoked",
        "account.disabled",
        "account.enabled",
        "account.invited",
    ]
    assert {entry.actor for entry in about} == {operator}
    assert told("account.changed")[0]["before"] == {"unit": ""}
    assert told("account.changed")[0]["after"] == {"unit": "Finance"}
    assert told("account.disabled")[0]["reason"] == "Left the company."
    assert told("account.created")[0]["source"] == "web"


def test_the_link_to_set_a_password_is_nowhere_but_in_the_mail(operator):
    client = logged_in(operator)
    page = client.post("/people/new/", {**FACTS, "username": "nadia"}, follow=True)

    key = re.search(r"/reset/key/(\S+)/", mail.outbox[0].body)[1]
    assert key not in page.content.decode()
    assert not Notice.objects.exists()
    assert not LedgerEntry.objects.filter(line__contains=key).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "OLAF"), ("email", "olaf@EXAMPLE.test"), ("username", "olaf@example.test")],
)
def test_nobody_gets_a_name_by_which_another_person_logs_in(operator, field, value):
    answer = logged_in(operator).post("/people/new/", {**FACTS, "username": "nadia", field: value})

    assert answer.status_code == 422
    assert User.objects.count() == 1


def test_an_unknown_time_zone_is_refused(operator):
    with pytest.raises(Refused, match="Atlantis"):
        actions.create_person(
            by=operator, username="nadia", facts=PersonFacts(**{**FACTS, "time_zone": "Europe/Atlantis"}), now=NOW
        )


def test_a_changed_address_takes_the_old_mailbox_its_power(operator):
    nadia = person("nadia")
    EmailAddress.objects.create(user=nadia, email="nadia@example.test", primary=True, verified=True)

    actions.change_person(person_id=nadia.pk, by=operator, facts=PersonFacts(**FACTS), now=NOW)
    Client().post("/accounts/password/reset/", {"email": "nadia@example.test"})

    assert all("/reset/key/" not in letter.body for letter in mail.outbox)


# --- Who may ---------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("get", "/people/"),
    ("get", "/people/new/"),
    ("post", "/people/new/"),
    ("get", "/people/{pk}/"),
    ("post", "/people/{pk}/"),
    ("post", "/people/{pk}/roles/operator/grant/"),
    ("post", "/people/{pk}/roles/operator/revoke/"),
    ("post", "/people/{pk}/disable/"),
    ("post", "/people/{pk}/enable/"),
    ("post", "/people/{pk}/invite/"),
]


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
@pytest.mark.parametrize("who", ["manager", "program", "sponsor", "auditor", "process_owner"])
def test_people_pages_do_not_exist_for_who_is_no_operator(method, address, who):
    everybody = People()
    answer = getattr(logged_in(getattr(everybody, who)), method)(address.format(pk=everybody.outsider.pk))

    assert answer.status_code == 404
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_people_pages_ask_for_a_login(method, address, operator):
    answer = getattr(Client(), method)(address.format(pk=operator.pk))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(("method", "address"), [one for one in ADDRESSES if "{pk}" in one[1]])
def test_a_person_that_does_not_exist_is_not_found(method, address, operator):
    assert getattr(logged_in(operator), method)(address.format(pk=987654)).status_code == 404


def test_an_action_refuses_who_is_no_operator_whatever_the_page_says(operator):
    nobody, other = person("nobody"), person("other")
    calls = [
        lambda: actions.create_person(by=nobody, username="x", facts=PersonFacts(**FACTS), now=NOW),
        lambda: actions.change_person(person_id=other.pk, by=nobody, facts=PersonFacts(**FACTS), now=NOW),
        lambda: actions.grant_role(person_id=other.pk, by=nobody, role=OrgRole.AUDITOR, now=NOW),
        lambda: actions.revoke_role(person_id=operator.pk, by=nobody, role=OrgRole.OPERATOR, now=NOW),
        lambda: actions.disable_person(person_id=other.pk, by=nobody, reason="x", now=NOW),
        lambda: actions.enable_person(person_id=other.pk, by=nobody, now=NOW),
        lambda: actions.note_invitation(person_id=other.pk, by=nobody, now=NOW),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    assert not LedgerEntry.objects.exists()


# --- Roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OrgRole)
def test_a_role_is_granted_and_revoked(role, operator):
    nadia = person("nadia")

    granted = actions.grant_role(person_id=nadia.pk, by=operator, role=role, now=NOW)
    assert granted.org_roles == [role]
    assert actions.grant_role(person_id=nadia.pk, by=operator, role=role, now=NOW).org_roles == [role]
    assert actions.revoke_role(person_id=nadia.pk, by=operator, role=role, now=NOW).org_roles == []
    assert len(told("account.role_granted")) == len(told("account.role_revoked")) == 1


@pytest.mark.req("AUD-06")
def test_nobody_grants_a_role_to_himself(operator):
    with pytest.raises(NotAllowed):
        actions.grant_role(person_id=operator.pk, by=operator, role=OrgRole.SOLUTION_MANAGER, now=NOW)


@pytest.mark.parametrize("other", [role for role in OrgRole if role != OrgRole.AUDITOR])
def test_an_auditor_holds_no_role_that_changes_something(other, operator):
    nadia, ines = person("nadia", is_auditor=True), person("ines", **{other.flag: True})

    with pytest.raises(Refused):
        actions.grant_role(person_id=nadia.pk, by=operator, role=other, now=NOW)
    with pytest.raises(Refused):
        actions.grant_role(person_id=ines.pk, by=operator, role=OrgRole.AUDITOR, now=NOW)


def test_who_works_on_a_project_does_not_become_auditor():
    everybody = People()
    project = world.register(everybody)

    with pytest.raises(Refused, match=project.code):
        actions.grant_role(person_id=everybody.developer.pk, by=everybody.operator, role=OrgRole.AUDITOR, now=NOW)


def test_the_last_operator_stays(operator):
    with pytest.raises(Refused, match="last operator"):
        actions.revoke_role(person_id=operator.pk, by=operator, role=OrgRole.OPERATOR, now=NOW)


def test_an_operator_may_leave_the_role_when_another_is_there(operator, second_operator):
    actions.revoke_role(person_id=operator.pk, by=operator, role=OrgRole.OPERATOR, now=NOW)

    assert User.objects.filter(is_operator=True).get() == second_operator


def test_a_disabled_operator_does_not_count_as_the_other_one(operator, second_operator):
    actions.disable_person(person_id=second_operator.pk, by=operator, reason="Left.", now=NOW)

    with pytest.raises(Refused, match="last operator"):
        actions.revoke_role(person_id=operator.pk, by=operator, role=OrgRole.OPERATOR, now=NOW)


# --- Leaving ---------------------------------------------------------------------------------------------------------


def test_a_disabled_person_is_logged_out_everywhere_and_stays_out_when_enabled_again(operator):
    nadia = person("nadia")
    telephone, desk = Client(), Client()
    for device in (telephone, desk):
        device.post("/accounts/login/", {"login": "nadia", "password": PASSWORD})
        assert device.get("/me/").status_code == 200

    actions.disable_person(person_id=nadia.pk, by=operator, reason="Left.", now=NOW)
    assert [device.get("/me/").status_code for device in (telephone, desk)] == [302, 302]

    actions.enable_person(person_id=nadia.pk, by=operator, now=NOW)
    assert [device.get("/me/").status_code for device in (telephone, desk)] == [302, 302]
    late = Client()
    late.post("/accounts/login/", {"login": "nadia", "password": PASSWORD})
    assert late.get("/me/").status_code == 302


def test_a_disabled_person_is_sent_nothing_more(operator):
    nadia, ines = person("nadia"), person("ines")
    for whom in (nadia, ines):
        notices.queue(kind="x", to=whom, subject="s", body="b", dedupe_key=whom.username, now=NOW)

    actions.disable_person(person_id=nadia.pk, by=operator, reason="Left.", now=NOW)

    assert Notice.objects.get(recipient=nadia).state == Notice.State.CANCELLED
    assert Notice.objects.get(recipient=ines).state == Notice.State.PENDING


def test_a_disabled_person_gets_no_link_to_set_a_password(operator):
    nadia = person("nadia")
    actions.disable_person(person_id=nadia.pk, by=operator, reason="Left.", now=NOW)

    logged_in(operator).post(f"/people/{nadia.pk}/invite/")
    Client().post("/accounts/password/reset/", {"email": nadia.email})

    assert all("/reset/key/" not in letter.body for letter in mail.outbox)


def test_nobody_disables_himself(operator, second_operator):
    with pytest.raises(NotAllowed):
        actions.disable_person(person_id=operator.pk, by=operator, reason="x", now=NOW)


def test_disabling_needs_a_reason(operator):
    nadia = person("nadia")
    logged_in(operator).post(f"/people/{nadia.pk}/disable/", {"reason": " "})

    nadia.refresh_from_db()
    assert nadia.is_active


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_narrowed(operator):
    person("nadia", "Nadia Rahman", unit="Finance")
    person("ines", "Inês Prado", is_auditor=True)
    person("gone", "Gone Long", is_active=False)
    client = logged_in(operator)

    def names(query: str) -> list[str]:
        return [whom.name for whom in client.get(f"/people/?{query}").context["page"].object_list]

    assert names("") == ["Inês Prado", "Nadia Rahman", "Olaf Berg"]
    assert names("q=rahman+fin") == ["Nadia Rahman"]
    assert names("q=rahman+sales") == []
    assert names("role=auditor") == ["Inês Prado"]
    assert names("state=disabled") == ["Gone Long"]
    assert names("state=all&q=g") == ["Gone Long", "Olaf Berg"]


def test_the_list_takes_the_same_queries_for_three_and_for_sixty_people(operator, django_assert_num_queries):
    client = logged_in(operator)
    person("nadia")
    client.get("/people/")  # the first request of a session writes when it began
    with django_assert_num_queries(4):  # session, reader, count, page
        client.get("/people/")
    for number in range(60):
        person(f"p{number}")
    with django_assert_num_queries(4):
        assert len(client.get("/people/").context["page"].object_list) == 50
    assert len(client.get("/people/?page=2").context["page"].object_list) == 12


def test_everybody_keeps_name_and_time_zone_and_nothing_else():
    nadia = person("nadia", unit="Finance")
    client = logged_in(nadia)

    client.post("/me/", {"name": "Nadia R.", "time_zone": "Asia/Tokyo", "email": "x@y.example", "is_operator": "on"})

    nadia.refresh_from_db()
    assert (nadia.name, nadia.time_zone, nadia.email) == ("Nadia R.", "Asia/Tokyo", "nadia@example.test")
    assert (nadia.unit, nadia.org_roles) == ("Finance", [])
    [line] = told("account.changed")
    assert line["before"] == {"name": "Nadia", "time_zone": "UTC"}
    assert line["actor"]["username"] == "nadia"


def test_what_is_wrong_in_the_profile_is_said_and_kept():
    nadia = person("nadia")

    answer = logged_in(nadia).post("/me/", {"name": "Nadia R.", "time_zone": "Moon/Tycho"})

    assert answer.status_code == 422
    assert b"Nadia R." in answer.content
    nadia.refresh_from_db()
    assert nadia.name == "Nadia"


def test_people_stands_in_the_bar_for_operators_only(operator):
    assert b'href="/people/"' in logged_in(operator).get("/me/").content
    assert b'href="/people/"' not in logged_in(person("nadia")).get("/me/").content


# --- The first account -----------------------------------------------------------------------------------------------


def test_the_first_operator_is_made_on_the_command_line(monkeypatch, capsys):
    monkeypatch.setenv("OPERATOR_PASSWORD", "Nine lilac bicycles")

    call_command("create_operator", "olaf", "Olaf@Tarnwick.example", "Olaf Berg", time_zone="Europe/Oslo")

    olaf = User.objects.get()
    assert olaf.org_roles == [OrgRole.OPERATOR]
    assert "olaf" in capsys.readouterr().out
    client = Client()
    client.post("/accounts/login/", {"login": "olaf@tarnwick.example", "password": "Nine lilac bicycles"})
    assert client.get("/people/").status_code == 200
    assert [line["source"] for line in told("account.created") + told("account.role_granted")] == ["command"] * 2
    assert not LedgerEntry.objects.filter(line__contains="lilac").exists()


@pytest.mark.parametrize("password", ["short", "password1234", "olaf@tarnwick.example"])
def test_the_first_operator_needs_a_password_that_holds(monkeypatch, password):
    monkeypatch.setenv("OPERATOR_PASSWORD", password)

    with pytest.raises(CommandError):
        call_command("create_operator", "olaf", "olaf@tarnwick.example", "Olaf Berg")
    assert not User.objects.exists()


def test_there_is_no_default_password(monkeypatch):
    monkeypatch.delenv("OPERATOR_PASSWORD", raising=False)
    monkeypatch.setattr("projects.management.commands.create_operator.getpass", lambda prompt: _no_terminal())

    with pytest.raises(CommandError, match="OPERATOR_PASSWORD"):
        call_command("create_operator", "olaf", "olaf@tarnwick.example", "Olaf Berg")


def _no_terminal() -> str:
    raise EOFError


def test_the_two_typed_passwords_must_be_alike(monkeypatch):
    monkeypatch.delenv("OPERATOR_PASSWORD", raising=False)
    typed = iter(["Nine lilac bicycles", "Nine lilac bicycle"])
    monkeypatch.setattr("projects.management.commands.create_operator.getpass", lambda prompt: next(typed))

    with pytest.raises(CommandError, match="differ"):
        call_command("create_operator", "olaf", "olaf@tarnwick.example", "Olaf Berg")
    assert not User.objects.exists()


# --- A lost second factor --------------------------------------------------------------------------------------------


def test_a_lost_second_factor_is_taken_off_together_with_the_password():
    nadia, ines = person("nadia"), person("ines")
    for whom in (nadia, ines):
        totp.TOTP.activate(whom, totp.generate_totp_secret())
    session = logged_in(nadia)

    call_command("reset_second_factor", "nadia", reason="Telephone lost; seen at the desk.")

    nadia.refresh_from_db()
    assert not nadia.has_usable_password()
    assert session.get("/me/").status_code == 302
    assert list(Authenticator.objects.values_list("user", flat=True)) == [ines.pk], "nobody else's"
    [line] = told("account.second_factor_reset")
    assert (line["source"], line["reason"]) == ("command", "Telephone lost; seen at the desk.")
    assert line["before"] == {"kinds": ["totp"]}
    assert Notice.objects.get(recipient=nadia).kind == "account.second_factor_reset"


@pytest.mark.parametrize(("name", "reason"), [("nobody", "Lost."), ("nadia", "  ")])
def test_a_second_factor_is_not_taken_off_without_a_person_and_a_reason(name, reason):
    nadia = person("nadia")
    totp.TOTP.activate(nadia, totp.generate_totp_secret())

    with pytest.raises(CommandError):
        call_command("reset_second_factor", name, reason=reason)
    assert Authenticator.objects.filter(user=nadia).exists()
    assert nadia.has_usable_password()


@pytest.mark.req("AUD-06")
def test_no_address_lets_anybody_act_as_another_person_or_take_off_a_second_factor():
    """Neither by name nor by path: a person's pages offer what the tests above name, and nothing more."""
    offered = {str(pattern.pattern) for pattern in get_resolver("projects.urls").url_patterns}
    about_a_person = {address for address in offered if address.startswith("people/<int:pk>/")}
    assert about_a_person == {
        "people/<int:pk>/",
        "people/<int:pk>/roles/<str:role>/<str:verb>/",
        "people/<int:pk>/disable/",
        "people/<int:pk>/enable/",
        "people/<int:pk>/invite/",
    }


@pytest.mark.parametrize("flag", ["is_solution_manager", "is_program_manager", "is_process_owner", "is_operator"])
def test_the_database_refuses_an_auditor_who_may_change_something(flag):
    nadia = person("nadia", is_auditor=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=nadia.pk).update(**{flag: True})
