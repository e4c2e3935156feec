"""Retiring a question or signer in force: asked for by one with a reason, confirmed or refused by another."""

import json
import re
import threading

import pytest
from django.db import IntegrityError, transaction

from projects.blocker import NotAllowed, Refused
from projects.ledger_check import verify
from projects.models import LedgerEntry, Notice
from reviews import additions
from reviews.actions import policy, retirements
from reviews.models import ChecklistAddition, Retirement, SignerAddition
from tests import world
from tests.pages import client_of, text_of
from tests.reviews.test_policy import NOW, TEXT, codes, in_force, opened, proposed, signer_in_force
from tests.reviews.test_policy import people as people
from tests.reviews.test_question_versions import changed
from tests.threads import at_once

pytestmark = pytest.mark.django_db
WHY = "The queue was switched off."


def asked(people, row, *, by=None, reason=WHY):
    return retirements.ask(what=type(row), pk=row.pk, by=by or people.process_owner, reason=reason, now=NOW)


@pytest.mark.req("SEED-42", "SEED-43")
@pytest.mark.parametrize("make", [in_force, signer_in_force])
def test_it_holds_until_a_second_person_confirms(people, make):
    row = make(people)
    wanted = asked(people, row)
    with pytest.raises(NotAllowed, match="a second person confirms it"):
        retirements.confirm(pk=wanted.pk, by=people.process_owner, now=NOW)
    assert additions.questions("ppa", "minor") or additions.signer_roles("ppa", "minor")

    retirements.confirm(pk=wanted.pk, by=people.manager, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.retired_by) == ("retired", people.manager)
    assert additions.questions("ppa", "minor") == []
    assert additions.signer_roles("ppa", "minor") == []
    told = LedgerEntry.objects.filter(stream__key="system", event__contains="retire").order_by("seq")
    assert [(each.event, each.actor.username) for each in told] == [
        ("policy.retirement_asked", "beatriz"),
        ("policy.retirement_confirmed", "ingrid"),
        ("policy.retired", "ingrid"),
    ]
    assert verify().findings == []


@pytest.mark.req("SEED-42")
def test_an_open_round_keeps_a_question_that_is_retired(people):
    row = in_force(people)
    running = opened(people)
    retirements.confirm(pk=asked(people, row).pk, by=people.manager, now=NOW)
    assert row.code in codes(running)
    assert row.code not in codes(opened(people))


@pytest.mark.req("SEED-42")
def test_a_refused_request_stays_readable_and_another_one_can_follow(people):
    row = in_force(people)
    wanted = asked(people, row)
    with pytest.raises(Refused, match="Beatriz Moura has asked to retire it: confirm or refuse that first"):
        asked(people, row, by=people.manager)
    with pytest.raises(Refused, match="The reason is empty"):
        retirements.refuse(pk=wanted.pk, by=people.manager, reason=" ", now=NOW)
    retirements.refuse(pk=wanted.pk, by=people.process_owner, reason="I was wrong.", now=NOW)
    with pytest.raises(Refused, match="It is settled"):
        retirements.confirm(pk=wanted.pk, by=people.manager, now=NOW)
    assert row.code in codes(opened(people))
    page = text_of(client_of(people.outsider).get(f"/policy/questions/{row.pk}/"))
    assert re.search(rf"Beatriz Moura asked to retire it ?, [^a-z]*[A-Z].*: {WHY}", page)
    assert "I was wrong." in page
    retirements.confirm(pk=asked(people, row, by=people.manager).pk, by=people.process_owner, now=NOW)
    assert "retired by Beatriz Moura" in text_of(client_of(people.outsider).get(f"/policy/questions/{row.pk}/"))
    assert verify().findings == []


@pytest.mark.parametrize("who", ["program", "auditor", "operator", "sponsor"])
def test_only_who_keeps_the_rules_asks_confirms_and_refuses(people, who):
    row, other = in_force(people), getattr(people, who)
    with pytest.raises(NotAllowed):
        asked(people, row, by=other)
    wanted = asked(people, row)
    with pytest.raises(NotAllowed):
        retirements.confirm(pk=wanted.pk, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        retirements.refuse(pk=wanted.pk, by=other, reason="No.", now=NOW)


@pytest.mark.parametrize("make", [proposed, lambda people: dropped(people)], ids=["proposed", "dropped"])
def test_only_what_is_in_force_is_retired(people, make):
    with pytest.raises(Refused, match="It is not in force"):
        asked(people, make(people))


def dropped(people):
    return policy.drop(what=ChecklistAddition, pk=proposed(people).pk, by=people.manager, now=NOW)


@pytest.mark.req("SEED-42", "SEED-43")
@pytest.mark.parametrize("settle", ["confirm", "refuse"])
def test_the_second_person_is_told_with_the_reason_until_it_is_settled(people, settle):
    wanted = asked(people, signer_in_force(people, role="P-OPS"))
    notice = Notice.objects.get(object_type="reviews.retirement")
    assert (notice.recipient, notice.state) == (people.manager, "pending")
    assert f"Beatriz Moura asks to retire Operations Manager: {WHY}" in notice.body
    assert client_of(people.manager).get(notice.path).status_code == 200
    if settle == "confirm":
        retirements.confirm(pk=wanted.pk, by=people.manager, now=NOW)
    else:
        retirements.refuse(pk=wanted.pk, by=people.manager, reason="We need it.", now=NOW)
    notice.refresh_from_db()
    assert notice.state == "cancelled"


@pytest.mark.req("SEED-42")
def test_it_is_asked_for_and_confirmed_on_the_pages(people):
    row, running = in_force(people), opened(people)
    coming = world.register(people)
    client = client_of(people.process_owner)
    address = f"/policy/questions/{row.pk}/retirement/"
    assert f'href="{address}"' in client.get("/policy/").content.decode()
    page = text_of(client.get(address))
    assert TEXT in page
    assert f"Open rounds stay as they are {running.project.code} PPA-1" in page
    assert f"Projects whose next round asks it no more {coming.code}" in page
    assert client.post(address, {"reason": ""}).status_code == 422

    asked_for = text_of(client.post(address, {"reason": WHY}, follow=True))

    assert "You asked for it: a second person confirms it." in asked_for
    assert "Confirm: retire it" not in asked_for
    wanted = Retirement.objects.get()
    assert client.post(f"/policy/retirements/{wanted.pk}/confirm/").status_code == 403
    second = client_of(people.manager)
    typed = second.post(address, {"reason": "Mine, typed at the same time."})
    assert typed.status_code == 422
    assert "Mine, typed at the same time." in typed.content.decode()
    assert "To be retired" in text_of(second.get("/policy/"))
    assert WHY in text_of(second.get(address))
    assert second.post(f"/policy/retirements/{wanted.pk}/refuse/", {"reason": ""}).status_code == 422
    page = text_of(second.post(f"/policy/retirements/{wanted.pk}/confirm/", follow=True))
    assert "retired by Ingrid Solheim" in page
    assert "Confirmed by Ingrid Solheim" in text_of(client.get(f"/policy/questions/{row.pk}/"))
    again = second.post(f"/policy/retirements/{wanted.pk}/confirm/")
    assert again.status_code == 422
    assert "It is settled" in text_of(again)
    assert second.get("/policy/tables/1/retirement/").status_code == 404


@pytest.mark.req("SEED-42")
def test_the_page_says_why_nothing_can_be_asked_for(people):
    row = in_force(people)
    waiting = changed(people, row)
    client = client_of(people.manager)
    address = f"/policy/questions/{row.pk}/retirement/"
    page = text_of(client.get(address))
    assert f"X-{row.pk}v2, proposed by Beatriz Moura, still waits: approve or drop it first." in page
    assert "Ask to retire it" not in page
    policy.approve(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)
    assert f"X-{row.pk}v2 holds in the place of X-{row.pk}." in text_of(client.get(address))
    assert "It is not in force." in text_of(client.get(f"/policy/questions/{proposed(people).pk}/retirement/"))


@pytest.mark.req("SEED-42")
@pytest.mark.parametrize("verb", ["confirm", "refuse"])
def test_who_does_not_keep_the_rules_is_told_who_does_and_shown_nothing(people, verb):
    wanted = asked(people, in_force(people))
    answer = client_of(people.sponsor).post(f"/policy/retirements/{wanted.pk}/{verb}/", {"reason": "No."})
    assert answer.status_code == 403
    assert "set by process owners and solution managers" in text_of(answer)
    assert WHY not in text_of(answer)


def test_the_ledger_keeps_the_reason_as_the_row_has_it(people):
    asked(people, in_force(people), reason=f"  {WHY} ")
    line = LedgerEntry.objects.get(event="policy.retirement_asked")
    assert json.loads(line.line)["reason"] == WHY


@pytest.mark.req("SEED-43")
def test_a_signer_stays_when_the_request_is_refused_on_the_page(people):
    wanted = asked(people, signer_in_force(people, role="P-SEC"))
    second = client_of(people.manager)
    assert "To be retired" in text_of(second.get("/policy/"))
    refused = second.post(f"/policy/retirements/{wanted.pk}/refuse/", {"reason": "We need it."}, follow=True)
    assert "Refused: it goes on holding." in text_of(refused)
    assert "To be retired" not in text_of(refused)
    page = text_of(second.get(f"/policy/signers/{wanted.signer_id}/retirement/"))
    assert "We need it." in page
    assert additions.signer_roles("ppa", "minor") == ["P-SEC"]


@pytest.mark.req("SEED-42", "AUD-08")
@pytest.mark.parametrize(("what", "make"), [("question", in_force), ("signer", signer_in_force)])
def test_the_database_retires_nothing_that_one_person_alone_wants_retired(people, what, make):
    row = make(people)
    rows = type(row).objects.filter(pk=row.pk)

    def stops(says, do):
        with pytest.raises(IntegrityError, match=says), transaction.atomic():
            do()

    gone = {"retired_at": NOW, "retired_by": people.manager}
    stops("retired by two", lambda: rows.update(**gone))
    wanted = asked(people, row)
    stops("retired by two", lambda: rows.update(**gone))
    asks = Retirement.objects.filter(pk=wanted.pk)
    own = {"confirmed_at": NOW, "confirmed_by": people.process_owner}
    stops("retirement_confirmed_by_another", lambda: asks.update(**own))
    stops("stays as it was asked for", lambda: asks.update(asked_by=people.manager, **own))
    stops("stays as it was asked for", lambda: asks.update(reason="Else."))
    stops("never deleted", asks.delete)
    by = {"asked_at": NOW, "asked_by": people.manager, "reason": WHY}
    stops("UNIQUE|unique", lambda: Retirement.objects.create(**{what: row}, **by))
    stops("retirement_of_one", lambda: Retirement.objects.create(**by))
    retirements.refuse(pk=wanted.pk, by=people.manager, reason="No.", now=NOW)
    stops("confirmed or refused once", lambda: asks.update(confirmed_at=NOW, confirmed_by=people.manager))
    stops(
        "begins by being asked for",
        lambda: Retirement.objects.create(**{what: row}, **by, confirmed_at=NOW, confirmed_by=people.process_owner),
    )
    retirements.confirm(pk=asked(people, row).pk, by=people.manager, now=NOW)
    stops("of what is in force", lambda: Retirement.objects.create(**{what: row}, **by))
    stops("approved once and retired once", lambda: rows.update(retired_at=None, retired_by=None))


@pytest.mark.req("SEED-42")
@pytest.mark.parametrize("what", [ChecklistAddition, SignerAddition])
def test_the_database_lets_nothing_begin_in_force(people, what):
    row = in_force(people) if what is ChecklistAddition else signer_in_force(people)
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError, match="begins by proposal"), transaction.atomic():
        row.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_refused(people):
    row = in_force(people)
    told = at_once(lambda: asked(people, row), lambda: asked(people, row, by=people.manager))
    assert sorted(type(each).__name__ for each in told) == ["Refused", "Retirement"]
    assert Retirement.objects.waiting().count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_both_look_before_either_writes_and_the_database_stops_the_second(people):
    row, looked = in_force(people), threading.Barrier(2)

    def write():
        assert not Retirement.objects.exists()
        looked.wait(timeout=60)
        return Retirement.objects.create(question=row, reason=WHY, asked_at=NOW, asked_by=people.manager)

    assert sorted(type(each).__name__ for each in at_once(write, write)) == ["IntegrityError", "Retirement"]
