"""Questions of the review room through HTTP: answers with their evidence, pinned versions, conditions, withdrawal."""

from datetime import timedelta

import pytest

from reviews import signing
from reviews.actions import answers, rounds
from reviews.models import Answer, ItemAnswer, PinnedInput, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, answer_form, client_of, hidden, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=2)


def plan() -> tuple[world.People, Review]:
    """A convened round of a minor project's plan, nothing answered."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    return people, world.convene(world.open_review(project, ReviewKind.PPA, people), people)


_plan_once, _plan = kept(plan)


@pytest.fixture
def people(plan):
    return plan[0]


@pytest.fixture
def plan_review(plan) -> Review:
    return signing.load(plan[1].pk)


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


@pytest.mark.req("SEED-40")
def test_before_the_convening_an_approved_input_is_not_called_missing(people, plan_review):
    rounds.withdraw(review_id=plan_review.pk, by=people.program, reason="Another day.", now=LATER)
    again = world.open_review(plan_review.project, ReviewKind.PPA, people)
    room = text_of(client_of(people.sponsor).get(address("review", again)))
    assert "Missing: blocks" not in room
    assert "Pinned when the review is convened" in room


@pytest.mark.parametrize(
    ("value", "typed", "says"),
    [
        ("not_confirmed", {"evidence": "Looked."}, "Give the reason for this answer."),
        ("confirmed", {}, "Say what shows it, or link an artifact version."),
        ("clear", {"evidence": "Looked."}, "Select a valid choice"),
        ("", {"evidence": "Looked."}, "Choose an answer."),
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


@pytest.mark.req("SEED-40", "SEED-57")
def test_a_newer_version_is_flagged_and_pinned_only_by_hand(people, plan_review):
    pin = PinnedInput.objects.select_related("version__artifact", "item").first()
    room, client = address("review", plan_review), client_of(people.program)
    assert f"{pin.item.code} is pinned" not in text_of(client.get(room))
    newer = world.approved_artifact(plan_review.project, pin.version.artifact.kind, people, text="Better.", now=LATER)

    told = text_of(client.get(room))

    assert f"{pin.item.code} is pinned to version 1.0; version {newer.label} is approved: pin it." in told
    assert PinnedInput.objects.filter(replaced_at__isnull=True, item=pin.item).get().version == pin.version
    unsaid = client.post(address("item_pin", plan_review, pin.item.code), {"reason": " "})
    assert unsaid.status_code == 422
    assert f"“Why the newer one” is empty: say why {pin.item.code} turns to version {newer.label}." in text_of(unsaid)
    assert PinnedInput.objects.filter(replaced_at__isnull=True, item=pin.item).get().version == pin.version
    why = {"reason": "The estimate was corrected."}
    assert client.post(address("item_pin", plan_review, pin.item.code), why).status_code == 302
    assert "The estimate was corrected." in text_of(client.get(f"{plan_review.project.get_absolute_url()}history/"))
    assert PinnedInput.objects.filter(replaced_at__isnull=True, item=pin.item).get().version == newer
    assert f"{pin.item.code} is pinned" not in text_of(client.get(room))


def test_a_condition_is_signed_with_the_rest_and_closed_by_another_with_evidence_after_the_go(people, plan_review):
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
    early = client.post(close, {"evidence": "Done already."})
    assert early.status_code == 422

    decided = world.decide(plan_review)

    assert decided.decision == "go_conditions"
    assert client_of(people.sponsor).post(close, {"evidence": "I say so."}).status_code == 403
    assert owner.post(close, {"evidence": "List of 14 names, signed."}).status_code == 403
    assert "closes it with what shows that it is met" in text_of(owner.get(close))
    assert client.post(close, {"evidence": "List of 14 names, signed."}).status_code == 302
    assert "List of 14 names, signed." in text_of(owner.get(address("review", plan_review)))


def test_a_round_is_withdrawn_with_a_reason_and_stays_readable(people, plan_review):
    client = client_of(people.program)
    assert client.post(address("withdraw", plan_review), {"reason": ""}).status_code == 422
    assert client.post(address("withdraw", plan_review), {"reason": "The scope moved."}).status_code == 302
    assert "This round was withdrawn" in text_of(client.get(address("review", plan_review)))
    again = client.post(address("withdraw", plan_review), {"reason": "Twice."})
    assert again.status_code == 422
    assert "is over" in text_of(again)


def test_answers_are_named_as_the_model_names_them():
    """The page's words for answers are the model's; that a question is asked again is no answer that anybody gives."""
    from projects.looks import ANSWERS, NOT_APPLICABLE

    shown = {value: str(label) for pair in ANSWERS.values() for value, label in pair} | {
        NOT_APPLICABLE[0]: str(NOT_APPLICABLE[1])
    }
    assert shown == {choice.value: str(choice.label) for choice in Answer if choice != Answer.ASKED_AGAIN}
