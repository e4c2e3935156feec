"""Contacts, communications, prerequisites and change records: what is recorded, and what it has against a release."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects.actions import dropping, strategy
from projects.blocker import NotAllowed, Refused
from projects.checks import check_blockers
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


@pytest.fixture
def full(people):
    """A project whose profile asks for every document."""
    return world.register(people, category="significant", title="Voice for eighty desks")


def found(project, now=NOW) -> dict[str, str]:
    return {blocker.code: blocker.text for blocker in check_blockers(project, "release", now)}


def contact(project, people, name="Joy Mbeki", now=NOW):
    return strategy.add_contact(
        project_id=project.pk,
        by=people.program,
        level=1,
        name=name,
        call_when="The tablets stay dark.",
        reach="+44 1632 960001",
        hours="Day and night",
        now=now,
    )


def told(project, people, party="Depots", kind="release", now=NOW, **changes):
    given = {"subject": "Sign-in changes on Monday", "channel": "Mail", **changes}
    return strategy.add_communication(
        project_id=project.pk, by=people.program, kind=kind, party=party, now=now, **given
    )


def prerequisite(project, people, kind="other", text="The sockets are live."):
    return strategy.add_prerequisite(project_id=project.pk, by=people.program, kind=kind, text=text, now=NOW)


EFFECTS = {
    "scope_effect": "Three more tablets.",
    "resource_effect": "Two days of an electrician.",
    "management_effect": "One more review.",
    "financial_effect": "EUR 1,350.",
}


def change(project, people, ref="RFC-2214", **changes):
    return strategy.add_change_record(
        project_id=project.pk, by=people.program, ref=ref, title="Tablets", now=NOW, **{**EFFECTS, **changes}
    )


def do(client, project, register, row, verb, **form):
    return client.post(reverse("register_row", args=[project.code, register, row.pk, verb]), form)


def page(client, project, register):
    return client.get(reverse("register", args=[project.code, register])).content.decode()


# --- The escalation list (SEED-102) ----------------------------------------------------------------------------------


@pytest.mark.req("SEED-102")
def test_the_escalation_list_is_recorded_with_when_and_to_whom_it_was_told(client, people, full):
    assert found(full)["contact.none"] == "Nobody is on the escalation list."
    contact(full, people)
    assert found(full)["contact.not_told"] == "Nobody has been told of the escalation list."
    client.force_login(people.program)
    assert "Nobody has been told of this list yet." in page(client, full, "contacts")
    form = {"kind": "escalation", "party": "Three depots", "subject": "Whom to call", "channel": "Mail"}
    answer = client.post(
        reverse("register", args=[full.code, "communications"]), {**form, "sent_at": "2026-11-20T10:30"}
    )
    assert answer.status_code == 302
    shown = page(client, full, "contacts")
    assert "Last told to Three depots on 20 Nov 2026 by Yusuf Karaca." in shown
    assert "contact.not_told" not in found(full)


@pytest.mark.req("SEED-102")
def test_a_list_that_changed_is_told_again(people, full):
    first = contact(full, people)
    told(full, people, kind="escalation", sent_at=NOW)
    assert not {"contact.none", "contact.not_told"} & set(found(full))
    later = NOW + timedelta(hours=1)
    contact(full, people, "Ravi Menon", now=later)
    assert found(full)["contact.not_told"] == "The escalation list has changed since it was last told."
    told(full, people, kind="escalation", sent_at=later, now=later)
    assert "contact.not_told" not in found(full)
    dropping.drop(first, by=people.program, reason="Joy has another desk.", now=later + timedelta(hours=1))
    assert "contact.not_told" in found(full)


def test_another_notice_does_not_tell_the_list_and_a_minor_change_needs_none(people, full, project):
    contact(full, people)
    told(full, people, kind="release", sent_at=NOW)
    assert "contact.not_told" in found(full)
    contact(project, people)
    assert found(project) == {}


# --- Communications (SEED-89) ----------------------------------------------------------------------------------------


@pytest.mark.req("SEED-89")
def test_notices_show_party_channel_time_and_sender_in_the_order_of_parties(client, people, project):
    told(project, people, "Receptionists", channel="Notice at the gate")
    told(project, people, "Depot managers", sent_at=NOW - timedelta(hours=2), sender=people.product)
    told(project, people, "Receptionists", subject="Second notice")
    client.force_login(people.auditor)
    shown = page(client, project, "communications")
    for words in ("Notice at the gate", "Anneke de Wit", "23 Nov 2026, 07:00", "Planned", "Sent"):
        assert words in shown
    assert shown.index("Depot managers") < shown.index("Receptionists") < shown.index("Second notice")


@pytest.mark.req("SEED-89")
def test_what_was_planned_is_sent_before_the_release(client, people, project):
    row = told(project, people, "Receptionists")
    assert found(project) == {
        "communication.not_sent": "Planned but not sent: Receptionists: Sign-in changes on Monday."
    }
    client.force_login(people.product)
    assert do(client, project, "communications", row, "sent", sent_at="2026-11-20T10:30").status_code == 302
    assert found(project) == {}
    assert "Anneke de Wit" in page(client, project, "communications")
    with pytest.raises(Refused, match="was sent already"):
        strategy.communication_sent(row, by=people.program, sent_at=NOW, now=NOW)


def test_what_is_planned_for_a_later_day_may_wait(people, project):
    told(project, people, planned_on=NOW.date() + timedelta(days=1))
    assert found(project) == {}
    assert "communication.not_sent" in found(project, NOW + timedelta(days=1))


def test_nothing_is_sent_in_the_future_nor_by_somebody_at_no_time(people, project):
    with pytest.raises(Refused, match="lies ahead"):
        told(project, people, sent_at=NOW + timedelta(minutes=1))
    with pytest.raises(Refused, match="Say when it was sent"):
        told(project, people, sender=people.product)


# --- Prerequisites (SEED-105) ----------------------------------------------------------------------------------------


@pytest.mark.req("SEED-105")
def test_prerequisites_are_confirmed_with_what_shows_it(client, people, project):
    row = prerequisite(project, people)
    assert found(project) == {"prerequisite.open": "Prerequisites not confirmed: The sockets are live."}
    client.force_login(people.developer)
    assert do(client, project, "prerequisites", row, "confirm", met="yes").status_code == 422
    do(client, project, "prerequisites", row, "confirm", met="no", evidence="Halden Road has none.")
    assert "Not met" in page(client, project, "prerequisites")
    assert "prerequisite.open" in found(project)
    do(client, project, "prerequisites", row, "confirm", met="yes", evidence="Measured.")
    shown = page(client, project, "prerequisites")
    assert "Measured." in shown
    assert "Ravi Menon" in shown
    assert found(project) == {}


@pytest.mark.req("SEED-105")
def test_that_users_are_present_for_acceptance_testing_is_one_of_them(people, full):
    answer = {"by": people.program, "met": True, "evidence": "Seen.", "now": NOW}
    strategy.answer_prerequisite(prerequisite(full, people), **answer)
    assert found(full)["prerequisite.no_users"].startswith("It is not recorded that users are present")
    row = prerequisite(full, people, "users", "15 receptionists come.")
    assert "prerequisite.no_users" not in found(full)
    assert "prerequisite.open" in found(full)
    strategy.answer_prerequisite(row, **answer)
    assert "prerequisite.open" not in found(full)


# --- Change records (SEED-106, SEED-126) -----------------------------------------------------------------------------


@pytest.mark.req("SEED-106")
def test_a_release_waits_until_its_change_record_is_in_order(client, people, full):
    assert found(full)["change_record.none"] == "No change record of this release is in order."
    row = change(full, people)
    assert found(full)["change_record.open"] == "Change records still open: RFC-2214."
    client.force_login(people.operations)
    answer = do(client, full, "change_records", row, "status", status="in_order", reason="Complete and agreed.")
    assert answer.status_code == 302
    shown = page(client, full, "change_records")
    assert "RFC-2214" in shown
    assert "In order" in shown
    assert not {"change_record.open", "change_record.none"} & set(found(full))


@pytest.mark.req("SEED-106")
def test_a_rejected_change_alone_is_not_in_order(people, full):
    strategy.set_change_status(
        change(full, people), by=people.program, status="rejected", reason="Too late in the year.", now=NOW
    )
    assert "change_record.open" not in found(full)
    assert "change_record.none" in found(full)


@pytest.mark.req("SEED-126")
@pytest.mark.parametrize("effect", sorted(EFFECTS))
def test_each_change_states_its_four_effects(client, people, project, effect):
    with pytest.raises(Refused, match="State all four effects"):
        change(project, people, **{effect: " "})
    change(project, people)
    client.force_login(people.auditor)
    assert EFFECTS[effect] in page(client, project, "change_records")


def test_a_change_is_recorded_once_and_its_status_set_by_who_may_approve(people, project):
    row = change(project, people)
    with pytest.raises(Refused, match="already a row RFC-2214"):
        change(project, people)
    with pytest.raises(Refused, match="is open already"):
        strategy.set_change_status(row, by=people.program, status="open", reason="Again.", now=NOW)
    with pytest.raises(Refused, match="what shows it"):
        strategy.set_change_status(row, by=people.program, status="in_order", reason="", now=NOW)
    with pytest.raises(NotAllowed):
        strategy.set_change_status(row, by=people.auditor, status="in_order", reason="Complete.", now=NOW)


def test_pasted_contacts_and_prerequisites_are_read(client, people, project):
    client.force_login(people.program)
    there = reverse("register_paste", args=[project.code, "prerequisites"])
    text = "Kind,Prerequisite\nUsers present for acceptance testing,15 receptionists come\nother,Sockets are live\n"
    assert client.post(there, {"pasted": text}).status_code == 302
    assert list(project.prerequisites.values_list("kind", "text")) == [
        ("users", "15 receptionists come"),
        ("other", "Sockets are live"),
    ]
    there = reverse("register_paste", args=[project.code, "communications"])
    text = "release\tDepots\tTablets come\tMail\t2026-11-20\t2026-11-20 10:00\n"
    assert client.post(there, {"pasted": text}).status_code == 302
    row = project.communications.get()
    assert (row.planned_on, row.state, row.sender) == (date(2026, 11, 20), "done", people.program)
