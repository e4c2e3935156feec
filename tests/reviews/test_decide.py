"""Go and no-go through HTTP with real passwords: what opens a gate, what keeps it shut, and the round after a no-go."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import GatePass, Notice, Stage, Status
from reviews import signing
from reviews.actions import answers, findings
from reviews.models import RemediationItem, Review, ReviewKind, ReviewState, Section, SignOff
from tests import world
from tests.kept import kept
from tests.pages import address, areas_form, client_of, decide_form, hidden, sign_form, text_of

pytestmark = pytest.mark.django_db


def signed() -> tuple[world.People, Review]:
    """A round of a minor project's plan, signed by everybody who was asked."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.sign_all(world.ready_to_sign(project, ReviewKind.PPA, people))


_signed_once, _signed = kept(signed)


@pytest.fixture
def people(signed):
    return signed[0]


@pytest.fixture
def review(signed) -> Review:
    return signing.load(signed[1].pk)


def area(people, **more: object) -> dict[str, object]:
    given = {
        "area": "Write chapter 7.",
        "effort_days": "6.5",
        "owner": people.product.pk,
        "due_on": "2099-01-01",
        "item_codes": "A4, D1",
    }
    return {**given, **more}


def test_a_go_by_the_chair_opens_the_gate(people, review):
    client = client_of(people.manager)
    page = client.get(address("decide", review))
    assert "Nothing is missing." in text_of(page)

    posted = client.post(address("decide", review), decide_form(client, review, "go"), follow=True)

    decided = signing.load(review.pk)
    assert (decided.decision, decided.decided_by, decided.decision_method) == ("go", people.manager, "password")
    assert GatePass.objects.get().packet_digest == decided.decision_digest
    told = text_of(posted)
    assert "PPA-1 is decided: Go." in told
    assert decided.decision_digest[:12] in told


def test_the_wrong_password_decides_nothing(people, review):
    client = client_of(people.manager)
    posted = client.post(address("decide", review), decide_form(client, review, "go", password="wrong"))
    assert posted.status_code == 422
    assert signing.load(review.pk).is_open
    assert not GatePass.objects.exists()


@pytest.mark.parametrize("who", ["program", "sponsor", "auditor", "operator"])
def test_only_the_chair_decides(people, review, who):
    chair = client_of(people.manager)
    form = decide_form(chair, review, "go")
    user = getattr(people, who)
    user.is_superuser = True
    user.save()
    posted = client_of(user).post(address("decide", review), form)
    assert posted.status_code in (403, 404)
    assert signing.load(review.pk).is_open


def refused_go(review: Review, people, says: str) -> None:
    """The go is greyed out with the reason, and a raw POST of it is refused with the same reason."""
    client = client_of(people.manager)
    page = client.get(address("decide", review))
    assert "Not possible: one thing stands in the way, see above." in text_of(page)
    assert says in text_of(page)
    assert 'value="go" required disabled' in " ".join(page.content.decode().split())

    posted = client.post(address("decide", review), decide_form(client, review, "go"))

    assert posted.status_code == 409
    assert says in text_of(posted)
    assert signing.load(review.pk).is_open
    assert not GatePass.objects.filter(review_ref=review.ref).exists()


@pytest.mark.req("SEED-74", "SEED-94")
@pytest.mark.parametrize(
    ("code", "value"),
    [("D1", "not_confirmed"), ("G-REL-3", "not_confirmed"), ("N-ENV-3", "present"), ("ASP2", "not_confirmed")],
)
def test_one_answer_against_it_keeps_the_release_gate_shut(people, review, code, value):
    world.decide(review)
    world.move(review.project, "start_build", people)
    project = review.project
    world.supply_artifacts(world.fresh(project), "scope", people)
    world.confirm_outcomes(project, people)
    world.move(project, "start_stabilize", people)
    release = world.sign_all(world.ready_to_sign(project, ReviewKind.RR, people))
    answers.answer(review_id=release.pk, code=code, by=people.sponsor, value=value, reason="It is so.", now=world.NOW)
    refused_go(world.sign_all(release), people, f"{code} is {value.replace('_', ' ')}")


@pytest.mark.req("SEED-63")
def test_one_decision_not_affirmed_keeps_the_plan_gate_shut(people, review):
    answers.answer(
        review_id=review.pk, code="D1", by=people.sponsor, value="not_confirmed", reason="It is so.", now=world.NOW
    )
    refused_go(world.sign_all(review), people, "D1 is not confirmed")


@pytest.mark.req("SEED-39")
def test_a_group_that_lost_its_signer_keeps_the_gate_shut(people, review):
    leaving = review.participants.get(user=people.operations)
    client_of(people.program).post(address("participant_remove", review, leaving.pk))
    refused_go(world.sign_all(review), people, "Nobody signs for Operations and support.")


@pytest.mark.req("SEED-40", "SEED-57")
def test_an_input_that_was_overtaken_keeps_the_gate_shut_until_it_is_pinned_and_signed_anew(people, review):
    item = next(item for item in review.items.all() if item.pins.all())
    kind = item.pins.all()[0].version.artifact.kind
    world.approved_artifact(review.project, kind, people, text="Better.", now=world.NOW + timedelta(hours=1))
    refused_go(world.sign_all(review), people, f"{item.code} is pinned to version 1.0")

    client_of(people.program).post(address("item_pin", review, item.code), {"reason": "Corrected."})
    world.sign_all(review, now=world.NOW + timedelta(hours=2))

    client = client_of(people.manager)
    assert client.post(address("decide", review), decide_form(client, review, "go")).status_code == 302


@pytest.mark.req("EXT-10")
def test_a_missing_signature_keeps_the_gate_shut(people, review):
    answers.answer(
        review_id=review.pk, code="A1", by=people.sponsor, value="confirmed", evidence="Again.", now=world.NOW
    )
    world.sign(review, people.sponsor)
    refused_go(signing.load(review.pk), people, f"{people.operations} has not signed the present content.")


@pytest.mark.req("EXT-08")
def test_a_dissent_is_answered_in_writing_before_the_decision_closes(people):
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    first, *others = [person.user for person in signing.standing(review).waiting]
    world.sign(review, first, position="dissent", comment="The rota is empty.")
    for user in others:
        world.sign(review, user)
    client = client_of(people.manager)
    assert "The rota is empty." in text_of(client.get(address("decide", review)))

    silent = client.post(address("decide", review), decide_form(client, review, "go"))

    assert silent.status_code == 422
    assert f"{first} dissents: answer it" in text_of(silent)
    form = decide_form(client, review, "go", reason="The rota is filled since Tuesday.")
    assert client.post(address("decide", review), form).status_code == 302
    assert "The rota is filled since Tuesday." in text_of(client.get(address("review", review)))


@pytest.mark.req("SEED-87")
@pytest.mark.parametrize(
    "wrong",
    [{"area": ""}, {"effort_days": ""}, {"effort_days": "0"}, {"owner": ""}, {"due_on": ""}, {"item_codes": "Z9"}],
)
def test_a_no_go_names_areas_each_with_effort_owner_and_date(people, review, wrong):
    client = client_of(people.manager)
    form = decide_form(client, review, "no_go_postponed", area(people, **wrong), reason="Chapter 7 is empty.")
    posted = client.post(address("decide", review), form)
    assert posted.status_code == 422
    assert signing.load(review.pk).is_open
    assert "Chapter 7 is empty." in posted.content.decode()


@pytest.mark.req("SEED-87")
@pytest.mark.parametrize(("areas", "reason"), [((), "Too early."), (({},), "Too early."), (({"area": "X"},), "")])
def test_a_postponement_without_an_area_or_a_reason_is_refused(people, review, areas, reason):
    client = client_of(people.manager)
    given = [area(people, **each) if each else {} for each in areas]
    form = decide_form(client, review, "no_go_postponed", *given, reason=reason)
    assert client.post(address("decide", review), form).status_code == 422
    assert signing.load(review.pk).is_open


def test_another_area_is_a_row_more_and_decides_nothing(people, review):
    client = client_of(people.manager)
    form = decide_form(client, review, "no_go_postponed", area(people), reason="Chapter 7 is empty.")

    page = client.post(address("decide", review), {**form, "more": "1"})

    body = page.content.decode()
    assert page.status_code == 200
    assert 'name="areas-TOTAL_FORMS" value="3"' in body
    assert "Write chapter 7." in body
    assert "Chapter 7 is empty." in body
    assert signing.load(review.pk).is_open


@pytest.mark.req("SEED-87", "SEED-90", "SEED-108", "AUD-08")
def test_a_no_go_its_remediation_and_the_second_round_that_goes(people):
    """The whole way by pages: no-go with areas, the work done, the next round beside the last one, go."""
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    manager, program = client_of(people.manager), client_of(people.program)
    first = round_by_pages(project, people)
    answered_by_pages(first, people, against={"D1": "The scope is told in two ways."})
    program.post(address("request_sign_offs", first), {"due_at": "2099-01-01T12:00"})
    findings.raise_finding(
        review_id=first.pk,
        by=people.sponsor,
        code="A1",
        category="before_go",
        text="Nobody has measured it.",
        owner=people.user,
        due_on=None,
        now=world.NOW,
    )
    signed_by_pages(first)
    page = manager.get(address("decide", first)).content.decode()
    assert "D1: The scope is told in two ways." in page  # what stands against a go is filled in as an area
    assert "F-01: Nobody has measured it." in page
    assert f'<option value="{people.user.pk}" selected' in page  # owned by who owns the finding

    no_go = decide_form(manager, first, "no_go_postponed", area(people, item_codes="D1"), reason="One scope, please.")
    assert manager.post(address("decide", first), {**no_go, "next_review_on": "2099-02-01"}).status_code == 302

    assert not GatePass.objects.exists()
    assert world.fresh(project).stage == Stage.PLANNING
    row = RemediationItem.objects.get()
    assert (row.effort_days, row.owner, [item.code for item in row.items.all()]) == (
        Decimal("6.5"),
        people.product,
        ["D1"],
    )
    assert Notice.objects.filter(kind="remediation.assigned", recipient=people.product).exists()
    assert "1 area to address" in text_of(manager.get(project.get_absolute_url()))
    done = address("remediation_done", first, row.number)
    assert client_of(people.sponsor).post(done, {"note": "I think so."}).status_code == 403
    assert client_of(people.product).post(done, {"note": "One scope, one page."}).status_code == 302
    assert manager.post(address("decide", first), no_go).status_code == 302
    assert signing.load(first.pk).decision == "no_go_postponed"

    second = round_by_pages(project, people)
    assert second.ref == "PPA-2"
    answered_by_pages(second, people)
    program.post(address("request_sign_offs", second), {"due_at": "2099-01-01T12:00"})
    room = text_of(manager.get(address("review", second)))
    assert f"Last round Not confirmed The scope is told in two ways. REM-01 put right by {people.product}" in room
    assert "area to address" not in text_of(manager.get(project.get_absolute_url()))
    assert "One scope, one page." in room
    signed_by_pages(second)
    assert manager.post(address("decide", second), decide_form(manager, second, "go")).status_code == 302

    assert GatePass.objects.get().review_ref == "PPA-2"
    assert "No-go, postponed" in text_of(manager.get(address("review", first)))
    assert "The scope is told in two ways." in text_of(client_of(people.auditor).get(address("review", first)))
    for given in SignOff.objects.filter(participant__review=first):
        assert "Counts" in text_of(manager.get(address("receipt", first, given.pk)))


def round_by_pages(project, people) -> Review:
    """A convened round, opened and convened by the program manager's browser."""
    client = client_of(people.program)
    opened = client.post(
        reverse("review_new", args=[project.code, "ppa"]), {"chair": people.manager.pk, "mode": "async"}
    )
    review = Review.objects.order_by("-pk").first()
    assert opened.url == review.get_absolute_url()
    assert client.post(address("convene", review)).status_code == 302
    return signing.load(review.pk)


def answered_by_pages(review: Review, people, against: dict[str, str] | None = None) -> None:
    client = client_of(people.sponsor)
    for item in review.items.all():
        if item.section == Section.OUTPUT or item.pins.all():
            continue
        reason = (against or {}).get(item.code, "")
        value = "not_confirmed" if reason else "confirmed"
        form = {"seen": 0, "value": value, "evidence": "Looked at together.", "reason": reason}
        assert client.post(address("item", review, item.code), form).status_code == 302, item.code


def signed_by_pages(review: Review) -> None:
    for person in signing.standing(signing.load(review.pk)).waiting:
        client = client_of(person.user)
        assert client.post(address("sign", review), sign_form(client, review)).status_code == 302


@pytest.mark.req("SEED-108")
def test_a_cancelling_no_go_ends_the_project_and_the_round_stays_readable(people, review):
    client = client_of(people.manager)
    form = decide_form(client, review, "no_go_cancelled", reason="The vendor is gone.")
    assert client.post(address("decide", review), form).status_code == 302
    assert world.fresh(review.project).status == Status.CANCELLED
    told = text_of(client.get(address("review", review)))
    assert "No-go, cancelled" in told
    assert "The vendor is gone." in told


def test_what_changed_while_the_chair_was_reading_is_shown_and_nothing_is_decided(people, review):
    client = client_of(people.manager)
    form = decide_form(client, review, "no_go_postponed", area(people), reason="Chapter 7 is empty.")
    answers.answer(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        value="not_confirmed",
        reason="Two visions.",
        now=world.NOW + timedelta(hours=1),
    )

    posted = client.post(address("decide", review), form)

    assert posted.status_code == 409
    assert signing.load(review.pk).is_open
    told = text_of(posted)
    assert "What changed while you were reading" in told
    assert "Two visions." in told
    assert "Chapter 7 is empty." in posted.content.decode()
    assert client.post(address("decide", review), {**form, "packet": hidden(posted, "packet")}).status_code == 302


def test_a_decision_sent_twice_is_told_kindly_and_stands_once(people, review):
    client = client_of(people.manager)
    form = decide_form(client, review, "go")
    client.post(address("decide", review), form)

    again = client.post(
        address("decide", review), {**form, "decision": "no_go_cancelled", "reason": "No."}, follow=True
    )

    assert "PPA-1 is over: Go." in text_of(again)
    assert signing.load(review.pk).decision == "go"
    assert client.get(address("decide", review)).status_code == 302
    assert client.get(address("sign", review)).status_code == 302


def test_a_round_that_is_only_prepared_is_not_decided(people):
    project = world.to_planning(world.register(people), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client = client_of(people.manager)
    assert 'name="password"' not in client.get(address("decide", review)).content.decode()
    form = {"decision": "no_go_cancelled", "reason": "No.", "password": world.PASSWORD, "next_review_on": ""}
    packet = signing.packet_digest(signing.load(review.pk))

    posted = client.post(address("decide", review), {**form, "packet": packet, **areas_form()})

    assert posted.status_code == 409
    assert signing.load(review.pk).state == ReviewState.PREPARING


def test_the_outputs_are_recorded_after_a_go_only(people, review):
    output = next(item.code for item in review.items.all() if item.section == Section.OUTPUT)
    client = client_of(people.sponsor)
    form = {"seen": 0, "value": "confirmed", "evidence": "Version 1.0 approved.", "reason": ""}
    assert client.post(address("item", review, output), form).status_code == 409
    world.decide(review)
    assert client.post(address("item", review, output), form).status_code == 302
    assert "Version 1.0 approved." in text_of(client.get(address("review", review)))
    after = client.post(address("item", review, "A1"), form)
    assert after.status_code == 409
