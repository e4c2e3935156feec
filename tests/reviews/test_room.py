"""The review room through HTTP: entrance check, questions, board, people, waivers, conditions; and who may do what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import LedgerEntry, Project
from reviews import signing
from reviews.actions import answers, rounds
from reviews.catalog.indicators import INDICATORS
from reviews.models import Answer, ItemAnswer, PinnedInput, Review, ReviewKind, ReviewState, Waiver
from tests import world
from tests.pages import address, client_of, hidden, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=2)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def plan_review(people) -> Review:
    """A convened round of a minor project's plan, nothing answered."""
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    return world.convene(world.open_review(project, ReviewKind.PPA, people), people)


@pytest.fixture
def release_review(people) -> Review:
    """A convened round of a minor project's release, nothing answered."""
    project = world.to_stabilize(world.register(people), people)
    world.supply_artifacts(world.fresh(project), "release", people)
    world.confirm_outcomes(project, people)
    return world.convene(world.open_review(project, ReviewKind.RR, people), people)


def answer_form(client, review, code: str, value: str, **typed: object) -> dict[str, object]:
    page = client.get(address("item", review, code))
    assert page.status_code == 200
    return {"seen": hidden(page, "seen"), "value": value, "evidence": "", "reason": "", **typed}


# --- Opening and convening ---
@pytest.mark.req("EXT-11")
def test_a_round_is_opened_and_never_chaired_by_the_program_manager(people):
    project = world.to_planning(world.register(people), people)
    client, url = client_of(people.program), reverse("review_new", args=[project.code, "ppa"])
    offered = client.get(url).content.decode()
    assert f'value="{people.manager.pk}" selected' in offered
    assert f'<option value="{people.program.pk}"' not in offered

    refused = client.post(url, {"chair": people.program.pk, "mode": "async"})

    assert refused.status_code == 422
    assert not Review.objects.exists()
    made = client.post(url, {"chair": people.manager.pk, "mode": "async", "scheduled_for": "2026-12-01T10:00"})
    assert made.url == Review.objects.get().get_absolute_url()


def test_what_keeps_a_round_from_being_opened_is_listed_with_its_reasons(people):
    project = world.register(people)
    url = reverse("review_new", args=[project.code, "rr"])
    client = client_of(people.program)
    assert "No round can be prepared now" in text_of(client.get(url))
    posted = client.post(url, {"chair": people.manager.pk, "mode": "async", "candidate": "RC-1"})
    assert posted.status_code == 409
    assert "Release Readiness is held in Stabilize" in text_of(posted)


def test_a_moment_is_typed_and_shown_on_the_readers_clock(people):
    people.program.time_zone = "Asia/Tokyo"
    people.program.save()
    project = world.to_planning(world.register(people), people)
    client = client_of(people.program)
    client.post(
        reverse("review_new", args=[project.code, "ppa"]),
        {"chair": people.manager.pk, "mode": "meeting", "scheduled_for": "2026-12-01T18:00"},
    )

    review = Review.objects.get()

    assert review.scheduled_for.isoformat() == "2026-12-01T09:00:00+00:00"
    assert 'value="2026-12-01T18:00"' in client.get(address("review_facts", review)).content.decode()
    assert "1 Dec 2026, 18:00 JST" in text_of(client.get(address("review", review)))


@pytest.mark.req("EXT-01", "SEED-57")
def test_the_entrance_check_names_what_is_missing_and_convene_refuses(people):
    project = world.to_planning(world.register(people), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client = client_of(people.program)
    room = client.get(address("review", review))
    assert "Entrance check" in text_of(room)
    assert "Input I2 is missing or not approved" in text_of(room)
    assert f'action="{address("convene", review)}"' not in room.content.decode()

    refused = client.post(address("convene", review))

    assert refused.status_code == 409
    assert "Input I2 is missing or not approved" in text_of(refused)
    assert signing.load(review.pk).state == ReviewState.PREPARING
    world.supply_artifacts(project, "plan", people)
    assert client.post(address("convene", review)).status_code == 302
    assert signing.load(review.pk).state == ReviewState.CONVENED


@pytest.mark.req("EXT-01", "EXT-07")
def test_a_missing_input_may_be_waived_before_the_round_is_convened(people):
    project = world.to_planning(world.register(people), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    missing = [item.code for item in review.items.all() if item.section == "input"]
    for code in missing:
        answers.request_waiver(
            review_id=review.pk,
            code=code,
            by=people.program,
            reason="It comes next week.",
            risk="We plan on sand.",
            compensation="A draft is at hand.",
            expires_on=(world.NOW + timedelta(days=300)).date(),
            now=world.NOW,
        )
        asked = Waiver.objects.get(item__code=code)
        client_of(people.manager).post(address("waiver", review, asked.pk), {"approve": "yes"})

    convened = client_of(people.program).post(address("convene", review))

    assert convened.status_code == 302


@pytest.mark.req("SEED-39")
def test_a_group_without_anybody_is_told_and_keeps_the_round_from_being_convened(people, plan_review):
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client, page = client_of(people.program), address("participants", review)
    for person in review.participants.filter(group="PPA-P7"):
        assert client.post(address("participant_remove", review, person.pk)).status_code == 302
    told = client.get(page)
    assert "Nobody is named for Operations and support." in text_of(told)
    assert client.post(address("convene", review)).status_code == 409

    named = client.post(page, {"group": "PPA-P7", "person": "hannah", "signs": "on"})

    assert named.status_code == 302
    assert "Nobody is named" not in text_of(client.get(page))
    assert client.post(address("convene", review)).status_code == 302


def test_a_person_is_named_by_username_address_or_name_and_nobody_by_a_guess(people, plan_review):
    world.person("anna1", "Anna Ek")
    world.person("anna2", "Anna Berg")
    client, page = client_of(people.program), address("participants", plan_review)
    for typed in ("Anna", "nobody at all", ""):
        refused = client.post(page, {"group": "PPA-P9", "person": typed})
        assert refused.status_code == 422, typed
    assert "More than one person" in text_of(client.post(page, {"group": "PPA-P9", "person": "Anna"}))
    assert client.post(page, {"group": "PPA-P9", "person": "Anna Ek"}).status_code == 302
    assert client.post(page, {"group": "PPA-P9", "person": "anna2@example.test"}).status_code == 302
    named = {person.user.username for person in signing.load(plan_review.pk).participants.all()}
    assert {"anna1", "anna2"} <= named


# --- Questions ---
@pytest.mark.req("SEED-61", "AUD-08")
def test_an_answer_stands_beside_its_evidence_and_the_first_one_stays(people, plan_review):
    client = client_of(people.sponsor)
    url = address("item", plan_review, "A1")
    first = client.post(url, answer_form(client, plan_review, "A1", "not_confirmed", reason="Two visions are told."))
    assert first.url == plan_review.get_absolute_url() + "#A1"
    client.post(url, answer_form(client, plan_review, "A1", "confirmed", evidence="One page, read aloud."))

    told = text_of(client.get(address("review", plan_review)))

    assert "Confirmed One page, read aloud." in told
    assert "1 earlier answer Not confirmed Reason: Two visions are told." in told
    assert [answer.value for answer in ItemAnswer.objects.filter(item__code="A1")] == ["not_confirmed", "confirmed"]


@pytest.mark.parametrize(
    ("value", "typed", "says"),
    [
        ("not_confirmed", {"evidence": "Looked."}, "Give the reason for this answer."),
        ("confirmed", {}, "Say what shows it, or link an artifact version."),
        ("clear", {"evidence": "Looked."}, "Select a valid choice"),
        ("", {"evidence": "Looked."}, "This field is required"),
    ],
)
def test_an_answer_without_what_it_needs_is_not_saved_and_not_lost(people, plan_review, value, typed, says):
    client = client_of(people.sponsor)
    posted = client.post(address("item", plan_review, "A2"), answer_form(client, plan_review, "A2", value, **typed))
    assert posted.status_code == 422
    assert says in text_of(posted)
    assert not ItemAnswer.objects.exists()
    assert typed.get("evidence", "") in posted.content.decode()


def test_an_answer_may_link_documents_of_the_project_and_of_no_other(people, plan_review):
    other = world.register(people)
    foreign = world.approved_artifact(other, "ART-47", people)
    own = PinnedInput.objects.first().version
    client, url = client_of(people.sponsor), address("item", plan_review, "A3")

    refused = client.post(url, answer_form(client, plan_review, "A3", "confirmed", versions=[foreign.pk]))

    assert refused.status_code == 422
    assert client.post(url, answer_form(client, plan_review, "A3", "confirmed", versions=[own.pk])).status_code == 302
    assert list(ItemAnswer.objects.get().evidence_versions.all()) == [own]


@pytest.mark.req("SEED-93")
def test_each_indicator_offers_the_answers_of_its_own_polarity_only(people, release_review):
    client = client_of(people.sponsor)
    go, no_go = (client.get(address("item", release_review, code)).content.decode() for code in ("G-REL-1", "N-REL-1"))
    assert 'value="confirmed"' in go
    assert 'value="clear"' not in go
    assert 'value="present"' in no_go
    assert 'value="confirmed"' not in no_go
    wrong = answer_form(client, release_review, "N-REL-1", "confirmed", evidence="Looked.")
    assert client.post(address("item", release_review, "N-REL-1"), wrong).status_code == 422
    assert not ItemAnswer.objects.filter(item__review=release_review).exists()


@pytest.mark.req("SEED-92")
def test_the_board_holds_all_18_indicators_under_three_elements(people, release_review):
    page = client_of(people.sponsor).get(address("review", release_review))
    board = page.content.decode().split('id="board"')[1].split('id="decision"')[0]
    assert len(INDICATORS) == 18
    for indicator in INDICATORS:
        assert f'<article class="item is-open" id="{indicator.code}">' in board
    for element in {indicator.element for indicator in INDICATORS}:
        assert f"<h3>{element} " in board
    assert board.count("Must be confirmed") == board.count("Must be clear") == 3
    assert board.count("Not answered: blocks") == 18


@pytest.mark.req("EXT-02", "SEED-63", "SEED-74")
@pytest.mark.parametrize("code", ["D1", "ASP3", "N-ENV-3", "A6"])
def test_one_unanswered_question_keeps_the_packet_from_going_out(people, release_review, code):
    world.answer_all(release_review, people, except_for=(code,))
    client = client_of(people.program)
    room = client.get(address("review", release_review))
    assert f"{code} is not answered" in text_of(room)
    assert f'href="{release_review.get_absolute_url()}#{code}"' in room.content.decode()

    refused = client.post(address("request_sign_offs", release_review), {"due_at": "2099-01-01T12:00"})

    assert refused.status_code == 409
    assert f"{code} is not answered" in text_of(refused)
    world.answer_all(release_review, people)
    sent = client.post(address("request_sign_offs", release_review), {"due_at": "2099-01-01T12:00"})
    assert sent.status_code == 302


def test_a_question_answered_meanwhile_shows_the_others_answer_and_keeps_what_was_typed(people, plan_review):
    client, url = client_of(people.sponsor), address("item", plan_review, "A4")
    form = answer_form(client, plan_review, "A4", "confirmed", evidence="I read both.")
    answers.answer(
        review_id=plan_review.pk,
        code="A4",
        by=people.operations,
        value="not_confirmed",
        reason="Chapter 7 is empty.",
        now=world.NOW,
    )

    posted = client.post(url, form)

    assert posted.status_code == 409
    assert ItemAnswer.objects.count() == 1
    assert "Chapter 7 is empty." in text_of(posted)
    assert "I read both." in posted.content.decode()
    assert client.post(url, {**form, "seen": hidden(posted, "seen")}).status_code == 302
    assert ItemAnswer.objects.count() == 2


def test_htmx_gets_the_question_alone_and_the_parts_that_count_it(people, plan_review):
    client, url, htmx = client_of(people.sponsor), address("item", plan_review, "A1"), {"HTTP_HX_REQUEST": "true"}
    part = client.get(url, **htmx).content.decode()
    assert "<html" not in part
    assert part.count("<article") == 1

    form = {"seen": 0, "value": "confirmed", "evidence": "Read.", "reason": ""}
    saved = client.post(url, form, **htmx)

    assert saved.status_code == 200
    body = saved.content.decode()
    assert "<html" not in body
    assert 'id="A1"' in body
    assert body.count('hx-swap-oob="true"') == 3
    assert client.get(url + "?show", **htmx).content.decode().count("<article") == 1


@pytest.mark.req("EXT-11")
def test_nobody_assesses_what_he_wrote(people, plan_review):
    """The developer wrote every document of the round; he may answer what none of them shows."""
    rounds.name_participant(
        review_id=plan_review.pk, by=people.program, group="PPA-P4", person=people.developer, signs=False, now=LATER
    ) if not plan_review.participants.filter(user=people.developer).exists() else None
    client, pinned = client_of(people.developer), next(i for i in plan_review.items.all() if i.pins.all())
    form = {"seen": 0, "value": "confirmed", "evidence": "It is good.", "reason": ""}

    refused = client.post(address("item", plan_review, pinned.code), form)

    assert refused.status_code == 422
    assert "somebody else assesses it" in text_of(client.get(address("review", plan_review)))
    assert not ItemAnswer.objects.exists()
    assert client.post(address("item", plan_review, "A1"), form).status_code == 302


# --- Pinned versions ---
@pytest.mark.req("SEED-40", "SEED-57")
def test_a_newer_version_is_flagged_and_pinned_only_by_hand(people, plan_review):
    pin = PinnedInput.objects.select_related("version__artifact", "item").first()
    room, client = address("review", plan_review), client_of(people.program)
    assert f"{pin.item.code} is pinned" not in text_of(client.get(room))
    newer = world.approved_artifact(plan_review.project, pin.version.artifact.kind, people, text="Better.", now=LATER)

    told = text_of(client.get(room))

    assert f"{pin.item.code} is pinned to version 1.0; version {newer.label} is approved: pin it." in told
    assert PinnedInput.objects.filter(replaced_at__isnull=True, item=pin.item).get().version == pin.version
    assert client.post(address("item_pin", plan_review, pin.item.code)).status_code == 302
    assert PinnedInput.objects.filter(replaced_at__isnull=True, item=pin.item).get().version == newer
    assert f"{pin.item.code} is pinned" not in text_of(client.get(room))


# --- Waivers ---
def waiver_form(**more: object) -> dict[str, object]:
    given = {"reason": "Too late.", "risk": "Hearsay.", "compensation": "A call.", "expires_on": "2099-01-01"}
    return {**given, **more}


@pytest.mark.req("EXT-07", "SEED-94")
def test_a_waiver_is_asked_for_by_one_approved_by_another_and_lifts_the_block(people, release_review):
    world.answer_all(release_review, people, except_for=("G-STR-2",))
    client = client_of(people.sponsor)
    code = "G-STR-2"
    client.post(
        address("item", release_review, code),
        answer_form(client, release_review, code, "not_confirmed", reason="One letter is out."),
    )
    room = address("review", release_review)
    assert f"{code} is not confirmed" in text_of(client.get(room))
    assert client.post(address("waiver_new", release_review, code), waiver_form()).status_code == 302
    waiver = Waiver.objects.get()
    answer_url = address("waiver", release_review, waiver.pk)
    assert f"{code} is not confirmed" in text_of(client.get(room)), "asked for is not approved"

    assert client.post(answer_url, {"approve": "yes"}).status_code == 403, "the requester"
    assert client_of(people.program).post(answer_url, {"approve": "yes"}).status_code == 403, "the program manager"
    assert client_of(people.manager).post(answer_url, {"approve": "yes"}).status_code == 302

    told = text_of(client.get(room))
    assert f"{code} is not confirmed" not in told
    assert "Waived" in told


@pytest.mark.req("EXT-07")
def test_a_refused_waiver_needs_a_reason_and_lifts_nothing(people, release_review):
    client = client_of(people.sponsor)
    client.post(address("waiver_new", release_review, "G-STR-2"), waiver_form())
    url = address("waiver", release_review, Waiver.objects.get().pk)
    chair = client_of(people.manager)
    assert chair.post(url, {"approve": "no"}).status_code == 422
    assert chair.post(url, {"approve": "no", "reason": "Tell them."}).status_code == 302
    assert "G-STR-2 is not answered" in text_of(client.get(address("review", release_review)))


def test_what_protects_people_is_never_waived(people, release_review):
    protected = next(item for item in release_review.items.all() if item.protected and item.section in ("go", "no_go"))
    posted = client_of(people.sponsor).post(address("waiver_new", release_review, protected.code), waiver_form())
    assert posted.status_code == 422
    assert not Waiver.objects.exists()


# --- Conditions, withdrawal ---
def test_a_condition_is_signed_with_the_rest_and_closed_with_evidence_after_the_go(people, plan_review):
    client = client_of(people.program)
    posted = client.post(
        address("condition_new", plan_review),
        {"text": "Train the night shift.", "consequence": "Back.", "owner": people.support.pk, "due_on": "2099-01-01"},
    )
    assert posted.url.endswith("#conditions")
    world.answer_all(plan_review, people)
    world.sign_all(world.request_sign_offs(plan_review, people))
    owner, close = client_of(people.support), address("condition_close", plan_review, 1)
    assert "Train the night shift." in text_of(owner.get(address("sign", plan_review)))
    early = owner.post(close, {"evidence": "Done already."})
    assert early.status_code == 422

    decided = world.decide(plan_review)

    assert decided.decision == "go_conditions"
    assert client_of(people.sponsor).post(close, {"evidence": "I say so."}).status_code == 403
    assert owner.post(close, {"evidence": "List of 14 names, signed."}).status_code == 302
    assert "List of 14 names, signed." in text_of(owner.get(address("review", plan_review)))


def test_a_round_is_withdrawn_with_a_reason_and_stays_readable(people, plan_review):
    client = client_of(people.program)
    assert client.post(address("withdraw", plan_review), {"reason": ""}).status_code == 422
    assert client.post(address("withdraw", plan_review), {"reason": "The scope moved."}).status_code == 302
    assert "This round was withdrawn" in text_of(client.get(address("review", plan_review)))
    again = client.post(address("withdraw", plan_review), {"reason": "Twice."})
    assert again.status_code == 422
    assert "is over" in text_of(again)


# --- Who may ---
def every_post(review: Review) -> list[tuple[str, dict[str, object]]]:
    """Each address of a review that takes a POST, with a form that would be accepted from the right person."""
    waiver = Waiver.objects.filter(item__review=review).first()
    participant = review.participants.first()
    return [
        (reverse("review_new", args=[review.project.code, review.kind]), {"chair": review.chair_id, "mode": "async"}),
        (address("review_facts", review), {"chair": review.chair_id, "mode": "meeting", "candidate": "RC-9"}),
        (address("participants", review), {"group": participant.group, "person": "olaf"}),
        (address("participant_remove", review, participant.pk), {}),
        (address("convene", review), {}),
        (address("withdraw", review), {"reason": "No."}),
        (address("item", review, "A1"), {"seen": 0, "value": "confirmed", "evidence": "Looked.", "reason": ""}),
        (address("item_pin", review, "I2"), {}),
        (address("waiver_new", review, "A2"), waiver_form()),
        (address("waiver", review, waiver.pk), {"approve": "yes"}),
        (
            address("condition_new", review),
            {"text": "T", "consequence": "C", "owner": review.chair_id, "due_on": "2099-01-01"},
        ),
        (address("request_sign_offs", review), {"due_at": "2099-01-01T12:00"}),
    ]


@pytest.fixture
def watched_review(people, plan_review):
    """A convened round with a waiver waiting, in which the auditor looks on."""
    answers.request_waiver(
        review_id=plan_review.pk,
        code="A4",
        by=people.sponsor,
        reason="Late.",
        risk="Some.",
        compensation="Other.",
        expires_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )
    rounds.name_participant(
        review_id=plan_review.pk, by=people.program, group="PPA-P8", person=people.auditor, signs=False, now=world.NOW
    )
    return signing.load(plan_review.pk)


@pytest.mark.req("AUD-11")
def test_an_auditor_reads_everything_and_changes_nothing(people, watched_review):
    client = client_of(people.auditor)
    before = LedgerEntry.objects.count()
    for url, form in every_post(watched_review):
        if not url.endswith(("/remove/", "/convene/", "/withdraw/", "/pin/")):
            assert client.get(url).status_code == 200, url
        assert client.post(url, form).status_code in (403, 409), url
    for name in ("review", "sign", "decide"):
        assert client.get(address(name, watched_review)).status_code == 200
    assert LedgerEntry.objects.count() == before
    assert 'hx-get="' not in client.get(address("review", watched_review)).content.decode()


@pytest.mark.req("AUD-11")
def test_the_same_posts_from_the_right_people_are_taken(people, watched_review):
    """Negative control of the auditor's test: the forms are good; it is the person who is refused."""
    answering = ("/items/A1/", "/items/A2/waiver/")
    taken = 0
    for url, form in every_post(watched_review):
        if url.endswith(("/withdraw/", "/remove/", "/convene/", "/new/ppa/", "/request-sign-offs/")):
            continue
        who = people.sponsor if url.endswith(answering) else people.manager
        assert client_of(who).post(url, form).status_code == 302, url
        taken += 1
    assert taken == 7


def test_to_an_outsider_a_review_is_not_there(people, watched_review):
    client = client_of(people.outsider)
    for url, form in every_post(watched_review):
        assert client.post(url, form).status_code == 404, url
        if not url.endswith(("/remove/", "/convene/", "/withdraw/", "/pin/")):
            assert client.get(url).status_code == 404, url
    for name in ("review", "sign", "decide"):
        assert client.get(address(name, watched_review)).status_code == 404


@pytest.mark.parametrize("ref", ["PPA-99", "RR-1", "XXX-1", "PPA-", "PPA-1x", "ppa-1"])
def test_a_review_that_is_not_there_is_not_found(people, plan_review, ref):
    url = address("review", plan_review).replace(plan_review.ref, ref)
    assert client_of(people.manager).get(url).status_code == 404


def test_whoever_only_looks_on_may_answer_and_not_manage(people, plan_review):
    """A participant assesses; naming, pinning, conditions and the request are for who prepares the round."""
    client = client_of(people.operations)
    for name, form in (
        ("convene", {}),
        ("withdraw", {"reason": "No."}),
        ("request_sign_offs", {"due_at": "2099-01-01T12:00"}),
    ):
        assert client.post(address(name, plan_review), form).status_code in (403, 409), name
    form = answer_form(client, plan_review, "A1", "confirmed", evidence="Read.")
    assert client.post(address("item", plan_review, "A1"), form).status_code == 302


# --- Cost ---
def queries(client, url: str) -> int:
    client.get(url)  # what is looked up once per process is not the page's
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("name", "expected"), [("review", 19), ("sign", 16), ("decide", 20)])
def test_a_page_costs_the_same_with_thirty_of_everything(people, name, expected):
    """A round with many participants, answers, waivers and conditions asks the database as often as a small one."""
    project = world.to_planning(world.register(people, category="significant"), people)
    for who, role in ((people.support, "R-TST"), (people.user, "P-CUST")):
        world.roles.assign(project_id=project.pk, by=people.manager, role=role, person=who, now=world.NOW)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    small(review, people)
    client, url = client_of(people.manager), address(name, review)
    assert queries(client, url) == expected

    crowded(review, people)

    assert queries(client, url) == expected


def answered(review: Review, people, code: str, times: int) -> None:
    for at in range(times):
        answers.answer(
            review_id=review.pk, code=code, by=people.sponsor, value="confirmed", evidence=f"Seen {at}.", now=world.NOW
        )


def asked_waiver(review: Review, people, code: str) -> None:
    answers.request_waiver(
        review_id=review.pk,
        code=code,
        by=people.sponsor,
        reason="Late.",
        risk="Some.",
        compensation="Other.",
        expires_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )


def add_condition(review: Review, people) -> None:
    answers.add_condition(
        review_id=review.pk,
        by=people.program,
        text="Do it.",
        consequence="Else not.",
        owner=people.support,
        due_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )


def small(review: Review, people) -> None:
    for code in ("A1", "A2", "A3"):
        answered(review, people, code, 1)
    asked_waiver(review, people, "D1")
    add_condition(review, people)


def crowded(review: Review, people) -> None:
    """Thirty more people, every question answered, thirty answers of one, waivers, conditions."""
    for at in range(30):
        person = world.person(f"person{at}", f"Person Number {at}")
        rounds.name_participant(
            review_id=review.pk, by=people.program, group="PPA-P3", person=person, signs=True, now=world.NOW
        )
    world.answer_all(review, people, except_for=("D1", "D2", "D3", "D4"))
    answered(review, people, "A1", 30)
    for code in ("D2", "D3", "D4"):
        asked_waiver(review, people, code)
    for _at in range(29):
        add_condition(review, people)


def test_answers_are_named_as_the_model_names_them():
    """The page's words for answers are the model's."""
    from projects.looks import ANSWERS, NOT_APPLICABLE

    shown = {value: str(label) for pair in ANSWERS.values() for value, label in pair} | {
        NOT_APPLICABLE[0]: str(NOT_APPLICABLE[1])
    }
    assert shown == {choice.value: str(choice.label) for choice in Answer}


def test_the_project_is_not_loaded_in_a_loop(people, plan_review):
    """`participant.review` and `item.review` stand ready on what `signing.load` gives."""
    review = signing.load(plan_review.pk)
    with CaptureQueriesContext(connection) as seen:
        for item in review.items.all():
            assert item.review.project.code
        for person in review.participants.all():
            assert person.review.ref
            assert person.user.name
    assert len(seen) == 0
    assert Project.objects.count() == 1
