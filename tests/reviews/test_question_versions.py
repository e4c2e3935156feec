"""Versions of a question of the organisation's own: proposed, looked at, approved by another, asked in new rounds."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from projects.blocker import NotAllowed, Refused
from projects.ledger_check import verify
from projects.models import LedgerEntry, Notice
from reviews import minutes, packets, signing
from reviews.actions import policy, retirements, rounds
from reviews.catalog.own import called
from reviews.evidence import collect
from reviews.models import ChecklistAddition, ReviewKind
from tests import world
from tests.pages import address, client_of, text_of
from tests.reviews.test_policy import NOW, TEXT, codes, in_force, opened, proposed, retired_by_two
from tests.reviews.test_policy import people as people
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=9)
SHARPER = "The message queue has been restored from a backup of this week."
WHY = "A backup of March was restored in May."
SAID = {
    "categories": ("minor",),
    "section": "decision",
    "element": "",
    "text": SHARPER,
    "must": True,
    "origin": "Incident 2026-031",
}


def changed(people, row, *, by=None, reason=WHY, **changes):
    given = {**SAID, **changes}
    return policy.propose_change(pk=row.pk, by=by or people.process_owner, reason=reason, now=NOW, **given)


def next_in_force(people, row, **changes):
    waiting = changed(people, row, **changes)
    return policy.approve(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)


def wording(review, code):
    return signing.load(review.pk).items.get(code=code).text


def asked_anew(people, review):
    return rounds.open_round(
        project_id=review.project_id,
        kind=ReviewKind.PPA,
        by=people.program,
        chair=people.manager,
        now=LATER,
        delta=True,
    )


@pytest.mark.req("SEED-42", "AUD-08", "AUD-14")
def test_the_next_version_is_asked_in_new_rounds_alone_and_the_earlier_no_more(people):
    first = in_force(people)
    running = opened(people)
    waiting = changed(people, first)
    assert codes(opened(people))[-1] == first.code, "until it is approved, the earlier one holds"

    policy.approve(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)

    new = opened(people)
    assert (first.code, waiting.code) == (f"X-{first.pk}", f"X-{first.pk}v2")
    assert [code for code in codes(new) if called(code)] == [waiting.code]
    assert (wording(running, first.code), wording(new, waiting.code)) == (TEXT, SHARPER)
    third = next_in_force(people, waiting, text="The restore is tried each week.")
    assert third.code == f"X-{first.pk}v3"
    assert [code for code in codes(opened(people)) if called(code)] == [third.code]
    assert verify().findings == []


@pytest.mark.req("AUD-08", "AUD-14")
def test_room_packet_minutes_and_evidence_say_which_version_was_asked(people):
    other, row = in_force(people, text="Is the way back known?"), in_force(people)
    row = next_in_force(people, row)
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    page = client_of(people.sponsor).get(address("review", review))
    assert "Ours, version 2: Incident 2026-031" in text_of(page)
    assert f"Version 2 of X-{row.question}" in text_of(page)
    assert f'href="/policy/questions/{row.question}/#version-2"' in page.content.decode()
    assert f"Version 1 of X-{other.question}" in text_of(page)
    world.answer_all(review, people)
    world.request_sign_offs(review, people)
    signed = text_of(client_of(people.sponsor).get(address("sign", review)))
    assert f"{row.code} {SHARPER} Version 2 of the question X-{row.question}" in signed
    assert "Version 1 of the question" not in signed
    world.sign_all(review)
    decided = world.decide(review)

    assert f'"code":"{row.code}"' in packets.canonical_body(signing.load(review.pk))
    kept = minutes.as_text(json.loads(decided.minutes.body))
    assert f"{row.code} {SHARPER}; Version 2" in kept
    assert f"{other.code} Is the way back known?; Version 1" in kept
    files = {file.name: file for file in collect.files(project)}

    def read(name):
        return "".join(part.decode() for part in files[name].chunks())

    told = json.loads(read("16_policy_snapshot.json"))["own_questions_by_round"]["PPA-1"]
    assert [(one["code"], one["version"], one["wording"], one["reason"]) for one in told] == [
        (other.code, 1, "Is the way back known?", ""),
        (row.code, 2, SHARPER, WHY),
    ]
    assert told[1]["approved_by"]["name"] == "Ingrid Solheim"
    assert f"{row.code},decision,,{SHARPER}" in read("06_reviews/PPA-1/items.csv")


@pytest.mark.req("SEED-79", "AUD-08")
def test_a_packet_says_of_a_first_version_what_it_always_said(people):
    row = in_force(people)
    review = signing.load(opened(people).pk)
    [line] = [line for line in packets.canonical_body(review).splitlines() if TEXT in line]
    assert line == (
        f'{{"for":["all"],"item":{{"answer":null,"code":"X-{row.pk}","element":"","must":true,"pins":[],'
        f'"protected":false,"section":"decision","text":"{TEXT}","waiver":null}}}}'
    )


@pytest.mark.req("EXT-16")
@pytest.mark.parametrize("changes", [{}, {"text": TEXT, "must": False}], ids=["another wording", "the same wording"])
def test_an_answer_to_an_earlier_version_is_not_carried_to_the_next(people, changes):
    stays, row = in_force(people, text="Is the way back known?"), in_force(people)
    building = world.to_build(world.register(people), people)
    last = building.reviews.get()
    row = next_in_force(people, row, **changes)

    review = asked_anew(people, last)
    rounds.convene(review_id=review.pk, by=people.program, now=LATER)

    items = {item.code: signing.current_answer(item) for item in signing.load(review.pk).items.all() if item.own}
    assert set(items) == {stays.code, row.code}
    assert items[stays.code].carried_from == "PPA-1", "an own question that did not change is carried over"
    assert items[row.code] is None


@pytest.mark.req("EXT-16")
def test_the_room_shows_a_wording_that_fell_away_in_the_round_that_asked_it(people):
    row = in_force(people)
    building = world.to_build(world.register(people), people)
    next_in_force(people, row)
    assert TEXT in text_of(client_of(people.sponsor).get(address("review", building.reviews.get())))


@pytest.mark.req("SEED-42")
def test_nobody_approves_an_own_change(people):
    row = in_force(people)
    waiting = changed(people, row)
    with pytest.raises(NotAllowed, match="second person"):
        policy.approve(what=ChecklistAddition, pk=waiting.pk, by=people.process_owner, now=NOW)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        ChecklistAddition.objects.filter(pk=waiting.pk).update(approved_by=people.process_owner, approved_at=NOW)
    assert codes(opened(people))[-1] == row.code


@pytest.mark.req("SEED-42")
def test_one_change_waits_at_a_time_and_a_dropped_one_keeps_its_number(people):
    row = in_force(people)
    waiting = changed(people, row)
    with pytest.raises(Refused, match=rf"{waiting.code}, proposed by Beatriz Moura, still waits: approve or drop it"):
        changed(people, row, by=people.manager, text="Another one.")
    with pytest.raises(Refused, match="still waits"):
        retirements.ask(what=ChecklistAddition, pk=row.pk, by=people.manager, reason=WHY, now=NOW)
    policy.drop(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)
    with pytest.raises(Refused, match="nothing like that proposed"):
        policy.approve(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)
    third = next_in_force(people, row)
    assert (third.number, third.replaces) == (3, row)
    with pytest.raises(Refused, match=f"{third.code} holds in the place of {row.code}"):
        changed(people, row, text="Another one.")
    told = LedgerEntry.objects.filter(stream__key="system", event__startswith="policy").order_by("seq")
    assert [each.event for each in told][2:] == [
        "policy.proposed",
        "policy.dropped",
        "policy.proposed",
        "policy.approved",
    ]


@pytest.mark.req("SEED-42")
def test_a_question_that_is_to_be_retired_or_is_retired_is_not_changed(people):
    row = in_force(people)
    wanted = retirements.ask(what=ChecklistAddition, pk=row.pk, by=people.manager, reason=WHY, now=NOW)
    with pytest.raises(Refused, match="Ingrid Solheim has asked to retire it: confirm or refuse that first"):
        changed(people, row)
    retirements.confirm(pk=wanted.pk, by=people.process_owner, now=NOW)
    with pytest.raises(Refused, match="It is not in force"):
        changed(people, row)


@pytest.mark.req("SEED-42")
def test_a_question_whose_next_version_is_retired_does_not_come_back(people):
    row = in_force(people)
    retired_by_two(people, next_in_force(people, row))
    assert [code for code in codes(opened(people)) if called(code)] == []
    with pytest.raises(Refused, match="holds in the place"):
        changed(people, row, text="Back again.")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": TEXT}, "This holds already"),
        ({"text": f" {TEXT} "}, "This holds already"),
        ({"text": " "}, "Write the question"),
        ({"reason": " "}, "The reason is empty: say why the question changes"),
        ({"categories": ()}, "Choose at least one change category"),
        ({"section": "input"}, "Questions are added to"),
        ({"section": "go", "element": "Release"}, "which only a release review has"),
        ({"origin": " "}, "Say where it comes from"),
    ],
)
def test_a_change_that_could_not_be_asked_is_refused(people, changes, says):
    row = in_force(people)
    with pytest.raises(Refused, match=says):
        changed(people, row, **changes)
    assert ChecklistAddition.objects.count() == 1


@pytest.mark.parametrize("who", ["program", "auditor", "operator", "sponsor"])
def test_only_who_keeps_the_rules_proposes_a_change(people, who):
    row = in_force(people)
    with pytest.raises(NotAllowed):
        changed(people, row, by=getattr(people, who))


@pytest.mark.req("SEED-42")
@pytest.mark.parametrize("settle", [policy.approve, policy.drop])
def test_the_second_person_is_told_of_a_change_with_its_reason_until_it_is_settled(people, settle):
    waiting = changed(people, in_force(people))
    notice = Notice.objects.get(object_id=str(waiting.pk), kind="policy.proposed")
    assert (notice.recipient, notice.state) == (people.manager, "pending")
    assert SHARPER in notice.body
    assert WHY in notice.body
    assert f"Proposed: version {waiting.number}" in text_of(client_of(people.manager).get(notice.path))
    settle(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)
    notice.refresh_from_db()
    assert notice.state == "cancelled"


def typed_of(form):
    """What a browser posts from a form just opened."""
    given = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in given.items() if value not in (None, "", False)}


@pytest.mark.req("SEED-42", "EXT-23")
def test_it_is_changed_on_the_pages_with_a_preview_beside_what_holds(people):
    taught = opened(people)
    row = in_force(people, categories=("minor", "major"), origin_review=taught)
    running, coming = opened(people), world.register(people)
    losing = world.register_large(people)
    client = client_of(people.process_owner)
    url = f"/policy/questions/{row.pk}/change/"
    assert f'href="{url}"' in client.get("/policy/").content.decode()
    typed = typed_of(client.get(url).context["form"])
    assert typed["text"] == TEXT
    assert typed["origin_review"] == f"{taught.project.code} PPA-1"
    assert "This holds already" in text_of(client.post(url, {**typed, "reason": WHY}))
    typed |= {"text": SHARPER, "categories": ["minor"], "reason": WHY}
    typed.pop("must")

    seen = client.post(url, {**typed, "reason": "", "preview": "yes"})  # the reason may come after the look

    told = text_of(seen)
    assert seen.status_code == 200
    assert f"X-{row.pk}v2 {SHARPER}" in told
    assert "Ours, version 2: Incident 2026-031" in told
    assert "<del>backup.</del><ins>backup of this week.</ins>" in seen.content.decode()
    assert "Change categories: Minor (now: Minor, Major)" in told
    assert "Must be fine for a go: no (now: yes)" in told
    assert "Section:" not in told
    staying = f"Open rounds stay as they are {taught.project.code} PPA-1 , {running.project.code} PPA-1"
    assert staying in told
    assert f"Projects whose next round asks it {coming.code}" in told
    assert f"Projects whose next round asks it no more {losing.code}" in told
    assert ChecklistAddition.objects.count() == 1
    for wrong in ({"text": ""}, {"reason": ""}, {"origin_review": "PRJ-1 RR-x"}, {"section": "go", "element": ""}):
        unfit = client.post(url, {**typed, **wrong})
        assert unfit.status_code == 422
        assert (WHY if "reason" not in wrong else SHARPER) in unfit.content.decode()

    assert "It is proposed." in text_of(client.post(url, typed, follow=True))
    waiting = ChecklistAddition.objects.get(number=2)
    assert "A change waits" in text_of(client.get("/policy/"))
    assert client.get(url).headers["Location"] == f"/policy/questions/{row.pk}/"
    again = client.post(url, {**typed, "text": "Mine, typed meanwhile."})
    assert again.status_code == 422
    assert "still waits" in text_of(again)
    assert "Mine, typed meanwhile." in again.content.decode()
    page = text_of(client.get(f"/policy/questions/{row.pk}/"))
    assert "You proposed it: a second person approves it." in page
    approve = f"/policy/questions/{waiting.pk}/approve/"
    assert client.post(approve).status_code == 403
    second = client_of(people.manager)
    page = text_of(second.get(f"/policy/questions/{row.pk}/"))
    assert "Must be fine for a go: no (now: yes)" in page
    page = text_of(second.post(approve, follow=True))
    assert "Approved: it holds for new rounds." in page
    assert "Version 2 In force" in page
    assert "Version 1 Replaced" in page
    assert second.post(approve).status_code == 422
    assert client.get(f"/policy/questions/{waiting.pk}/").status_code == 404, "a question goes by its first version"


@pytest.mark.req("SEED-42")
def test_a_form_that_was_opened_before_another_change_held_undoes_nothing(people):
    row = in_force(people)
    client, url = client_of(people.manager), f"/policy/questions/{row.pk}/change/"
    typed = {**typed_of(client.get(url).context["form"]), "origin": "Incident 2026-040", "reason": "Seen again."}
    second = next_in_force(people, row)

    late = client.post(url, typed)

    assert late.status_code == 422
    assert f"X-{row.pk}v2 holds in the place of X-{row.pk}." in text_of(late)
    assert "Incident 2026-040" in late.content.decode()
    assert list(ChecklistAddition.objects.in_force()) == [second]
    assert not ChecklistAddition.objects.filter(number__gt=2).exists()
    assert client.post(url, {**typed, "of": proposed(people).pk}).status_code == 404


@pytest.mark.req("SEED-42", "AUD-08")
def test_everybody_reads_how_a_question_came_about_and_nobody_of_a_project_that_is_not_theirs(people):
    taught = opened(people)
    row = in_force(people, origin_review=taught)
    next_in_force(people, row)
    page = client_of(people.outsider).get(f"/policy/questions/{row.pk}/")
    told = text_of(page)
    for said in (TEXT, SHARPER, WHY, "Proposed by Beatriz Moura", "approved by Ingrid Solheim", "Incident 2026-031"):
        assert said in told
    assert taught.project.code not in told
    changed(people, ChecklistAddition.objects.get(number=2), origin_review=taught)
    told = text_of(client_of(people.outsider).get(f"/policy/questions/{row.pk}/"))
    assert "Review it comes from: a review that is not yours to see (now: none)" in told
    assert taught.project.code not in told
    assert "Drop" not in told
    assert f"{taught.project.code} PPA-1 (now: none)" in text_of(client_of(people.manager).get(row.get_absolute_url()))
    assert client_of(people.outsider).get("/policy/questions/999/").status_code == 404


@pytest.mark.req("SEED-42", "AUD-08")
def test_the_database_keeps_versions_in_line(people):
    row, other = in_force(people), in_force(people, kind="rr", text="Is it tried?")
    waiting = changed(people, row)

    def stops(says, do):
        with pytest.raises(IntegrityError, match=says), transaction.atomic():
            do()

    def version(**changes):
        facts = {name: getattr(waiting, name) for name in (*SAID, "kind", "first_id", "replaces_id", "reason")}
        given = {**facts, "number": 9, "proposed_at": NOW, "proposed_by": people.manager, **changes}
        return lambda: ChecklistAddition.objects.create(**given)

    stops("UNIQUE|unique", version())
    for change in ({"text": "Easier."}, {"must": False}, {"reason": "Else."}, {"number": 7}, {"replaces": None}):
        stops(
            "never reworded|change_says_why",
            lambda change=change: ChecklistAddition.objects.filter(pk=waiting.pk).update(**change),
        )
    stops("question_change_says_why", version(reason=""))
    stops("question_change_says_why", version(first_id=None, replaces_id=None))
    stops("replaces the one in force", version(replaces_id=other.pk, first_id=other.pk))
    stops("replaces the one in force", version(replaces_id=other.pk, kind="rr"))
    stops("replaces the one in force", version(replaces_id=waiting.pk))
    policy.approve(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)
    stops("replaces the one in force", version())
    stops("replaces the one in force", version(replaces_id=waiting.pk, number=2))
    retirements.ask(what=ChecklistAddition, pk=waiting.pk, by=people.manager, reason=WHY, now=NOW)
    stops("to be retired is not changed", version(replaces_id=waiting.pk))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_propose_a_change_at_once_one_is_refused(people):
    row = in_force(people)
    told = at_once(lambda: changed(people, row), lambda: changed(people, row, by=people.manager))
    assert sorted(type(each).__name__ for each in told) == ["ChecklistAddition", "Refused"]
    assert ChecklistAddition.objects.filter(number__gt=1).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_both_look_before_either_writes_and_the_database_stops_the_second(people):
    row, looked = in_force(people), threading.Barrier(2)

    def write():
        assert not ChecklistAddition.objects.filter(replaces=row).exists()
        looked.wait(timeout=60)
        given = {**SAID, "kind": "ppa", "first": row, "replaces": row, "number": 2, "reason": WHY}
        return ChecklistAddition.objects.create(**given, proposed_at=NOW, proposed_by=people.manager)

    assert sorted(type(each).__name__ for each in at_once(write, write)) == ["ChecklistAddition", "IntegrityError"]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_two_settle_at_once_is_settled_once(people):
    row = in_force(people)
    waiting = changed(people, row)

    def settle(verb):
        return lambda: verb(what=ChecklistAddition, pk=waiting.pk, by=people.manager, now=NOW)

    told = at_once(settle(policy.approve), settle(policy.drop))

    assert sorted(type(each).__name__ for each in told) == ["ChecklistAddition", "Refused"]
    waiting.refresh_from_db()
    assert waiting.state in ("in_force", "dropped")
    assert ChecklistAddition.objects.in_force().count() == 1
    assert verify().findings == []


def test_a_first_version_alone_has_a_page_where_it_is_approved(people):
    row = proposed(people)
    page = text_of(client_of(people.manager).get(f"/policy/questions/{row.pk}/"))
    assert f"X-{row.pk} {TEXT}" in page
    assert "What would change" not in page
    assert "Proposed: version 1" in page
