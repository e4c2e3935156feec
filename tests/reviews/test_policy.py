"""The organisation's own questions and signers: proposed, approved by another, asked in new rounds."""

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from projects.blocker import NotAllowed, Refused
from projects.models import LedgerEntry, Notice
from reviews import gate_people, gates, signing
from reviews.actions import decisions, policy, retirements, rounds
from reviews.models import ChecklistAddition, ReviewKind, SignerAddition
from tests import world
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db
NOW = world.NOW
TEXT = "The message queue has been restored from a backup."


@pytest.fixture
def people():
    return world.People()


def proposed(people, **changes):
    given = {
        "by": people.process_owner,
        "kind": "ppa",
        "categories": ("minor",),
        "section": "decision",
        "element": "",
        "text": TEXT,
        "must": True,
        "origin": "Incident 2026-031",
        "now": NOW,
    }
    return policy.propose_question(**{**given, **changes})


def in_force(people, **changes):
    row = proposed(people, **changes)
    return policy.approve(what=ChecklistAddition, pk=row.pk, by=people.manager, now=NOW)


def signer_in_force(people, role="P-OPS", **changes):
    given = {"by": people.process_owner, "kind": "ppa", "categories": ("minor",), "role": role, "origin": "Policy 7."}
    row = policy.propose_signer(**{**given, **changes}, now=NOW)
    return policy.approve(what=SignerAddition, pk=row.pk, by=people.manager, now=NOW)


def retired_by_two(people, row):
    asked = retirements.ask(what=type(row), pk=row.pk, by=people.process_owner, reason="The queue is gone.", now=NOW)
    return retirements.confirm(pk=asked.pk, by=people.manager, now=NOW)


def opened(people, **changes):
    project = world.to_planning(world.register(people, **changes), people)
    return world.open_review(project, ReviewKind.PPA, people)


def codes(review):
    return [item.code for item in signing.load(review.pk).items.all()]


@pytest.mark.req("SEED-42", "EXT-23")
def test_an_approved_question_is_asked_in_new_rounds_alone(people):
    running = opened(people)
    row = in_force(people)

    new = opened(people)

    assert codes(new) == [*codes(running), row.code]
    assert row.code.startswith("X-")
    page = text_of(client_of(people.manager).get(address("review", new)))
    assert TEXT in page
    assert "Ours: Incident 2026-031" in page


@pytest.mark.req("SEED-42")
def test_a_must_question_of_our_own_blocks_until_it_is_answered(people):
    row = in_force(people)
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    world.answer_all(review, people, except_for=(row.code,))
    [missing] = gates.signing_blockers(signing.load(review.pk), NOW)
    assert (missing.code, row.code in missing.text) == ("item.unanswered", True)

    world.answer_all(review, people)

    assert gates.signing_blockers(signing.load(review.pk), NOW) == []
    assert row.code in signing.canonical_body(signing.load(review.pk))


@pytest.mark.req("SEED-42")
@pytest.mark.parametrize("changes", [{"categories": ("major",)}, {"kind": "rr"}])
def test_a_question_is_asked_only_where_it_is_meant(people, changes):
    row = in_force(people, **changes)
    assert row.code not in codes(opened(people))


@pytest.mark.req("SEED-42", "EXT-23")
def test_what_is_only_proposed_dropped_or_retired_is_not_asked(people):
    waiting, dropped, retired = proposed(people), proposed(people), in_force(people)
    policy.drop(what=ChecklistAddition, pk=dropped.pk, by=people.process_owner, now=NOW)
    retired_by_two(people, retired)
    assert not {waiting.code, dropped.code, retired.code} & set(codes(opened(people)))


@pytest.mark.req("SEED-42")
def test_nobody_approves_an_own_proposal(people):
    row = proposed(people)
    with pytest.raises(NotAllowed, match="second person"):
        policy.approve(what=ChecklistAddition, pk=row.pk, by=people.process_owner, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistAddition.objects.filter(pk=row.pk).update(approved_by=people.process_owner, approved_at=NOW)


@pytest.mark.parametrize("who", ["program", "auditor", "operator", "sponsor"])
def test_only_who_keeps_the_rules_proposes_approves_and_drops(people, who):
    row, other = proposed(people), getattr(people, who)
    with pytest.raises(NotAllowed):
        proposed(people, by=other)
    for verb in (policy.approve, policy.drop):
        with pytest.raises(NotAllowed):
            verb(what=ChecklistAddition, pk=row.pk, by=other, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": ()},
        {"categories": ("tiny",)},
        {"section": "input"},
        {"section": "go", "element": "Release"},
        {"section": "go", "kind": "rr", "element": ""},
        {"element": "Release"},
        {"text": " "},
        {"origin": " "},
    ],
)
def test_a_question_that_could_not_be_asked_is_refused(people, changes):
    with pytest.raises(Refused):
        proposed(people, **changes)


@pytest.mark.req("SEED-42")
def test_an_approved_question_is_never_reworded(people):
    row = in_force(people)
    for change in ({"text": "Easier."}, {"must": False}, {"approved_at": None, "approved_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChecklistAddition.objects.filter(pk=row.pk).update(**change)


@pytest.mark.req("SEED-42", "EXT-23")
def test_it_is_done_on_the_pages_with_a_preview_and_a_link_to_where_it_comes_from(people):
    review = opened(people)
    typed = {
        "kind": "rr",
        "categories": ["minor", "major"],
        "section": "no_go",
        "element": "Release",
        "text": TEXT,
        "must": "on",
        "origin": "No-go of round one",
        "origin_review": f"{review.project.code} {review.ref}",
    }
    client = client_of(people.process_owner)
    assert TEXT in text_of(client.post("/policy/questions/new/", {**typed, "preview": "yes"}))
    assert not ChecklistAddition.objects.exists()
    assert client.post("/policy/questions/new/", {**typed, "origin_review": "PRJ-1 RR-x"}).status_code == 422

    client.post("/policy/questions/new/", typed)
    row = ChecklistAddition.objects.get()
    assert row.origin_review == review
    page = client_of(people.manager).post(f"/policy/questions/{row.pk}/approve/", follow=True)

    assert "In force" in text_of(page)
    assert f'href="{review.get_absolute_url()}"' in page.content.decode()
    told = LedgerEntry.objects.filter(stream__key="system", event__startswith="policy").order_by("seq")
    assert [(each.event, each.actor) for each in told] == [
        ("policy.proposed", people.process_owner),
        ("policy.approved", people.manager),
    ]
    outside = client_of(people.outsider).get("/policy/")
    assert TEXT in text_of(outside)
    assert review.project.code not in text_of(outside)


@pytest.mark.req("SEED-42", "EXT-23")
def test_a_lesson_of_a_no_go_becomes_a_question_with_a_link_to_where_it_comes_from(people):
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    taught = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    client, room = client_of(people.process_owner), address("review", taught)
    assert "What this no-go teaches" not in text_of(client.get(room))
    area = decisions.AreaToAddress(
        area="Try the restore.", item_codes=(), effort_days=Decimal(2), owner=people.developer, due_on=NOW.date()
    )
    world.decide(taught, "no_go_postponed", reason="Nobody had tried the restore.", areas=(area,))
    assert "What this no-go teaches" not in text_of(client_of(people.program).get(room))

    page = client.get(room).content.decode()
    [link] = re.findall(r'href="(/policy/questions/new/[^"]*)"', page)
    form = client.get(link).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert typed["origin"] == f"No-go, postponed (PPA-1, {project.code}): Nobody had tried the restore."
    assert (typed["kind"], typed["categories"]) == ("ppa", ["minor"])
    proposal = {**typed, "section": "decision", "text": TEXT, "must": "on"}
    assert client.post(link, proposal).status_code == 302
    row = ChecklistAddition.objects.get()
    assert row.origin_review == taught
    policy.approve(what=ChecklistAddition, pk=row.pk, by=people.manager, now=NOW)

    later = opened(people)
    asked, there = address("review", later), f'<a href="{room}">{project.code} PPA-1</a>'
    assert there in client_of(people.sponsor).get(asked).content.decode()
    assert there in client_of(people.sponsor).get(address("item", later, row.code)).content.decode()
    elsewhere = person_of(later)
    told = client_of(elsewhere).get(asked).content.decode()
    assert TEXT in told
    assert there not in told, "who does not see the project gets no link to it"
    assert client.get("/policy/questions/new/?from=PRJ-1+RR-x").context["form"]["origin"].value() is None


def person_of(review):
    """Somebody who takes part in this round and in nothing else."""
    somebody = world.person("nina", "Nina Kovač")
    rounds.name_participant(review_id=review.pk, by=review.chair, group="PPA-P4", person=somebody, signs=False, now=NOW)
    return somebody


@pytest.mark.req("SEED-42")
def test_a_proposal_is_dropped_in_one_step_by_whoever_keeps_the_rules(people):
    own, other = proposed(people), proposed(people)
    policy.drop(what=ChecklistAddition, pk=own.pk, by=people.process_owner, now=NOW)
    address = f"/policy/questions/{other.pk}/drop/"
    page = client_of(people.manager).post(address, follow=True)
    assert "Dropped proposed by Beatriz Moura, dropped by Ingrid Solheim" in text_of(page)
    again = client_of(people.manager).post(address)
    assert again.status_code == 422
    held = in_force(people)
    refused = client_of(people.manager).post(f"/policy/questions/{held.pk}/drop/")
    assert refused.status_code == 422
    assert "It is approved already." in text_of(refused)
    assert client_of(people.manager).post(f"/policy/questions/{held.pk}/retire/").status_code == 404


@pytest.mark.req("SEED-42", "SEED-43")
def test_a_role_of_our_own_policy_must_sign_new_rounds(people):
    running = opened(people)
    signer_in_force(people, role="P-SEC")

    new = opened(people)

    assert not any(found.code == "signer_role.missing" for found in gate_people.people_blockers(running))
    [missing] = [found for found in gate_people.people_blockers(new) if found.code == "signer_role.missing"]
    assert "Security" in missing.text


@pytest.mark.req("SEED-43")
def test_who_holds_the_role_is_named_as_signer_and_the_list_used_stays_with_the_review(people):
    before = opened(people)
    assert not signs(before, people.support)
    row = signer_in_force(people, role="P-SUP1")

    review = opened(people)
    assert signs(review, people.support)
    retired_by_two(people, row)

    assert signing.load(review.pk).signer_roles == ["P-SUP1"]
    participant = review.participants.get(user=people.support)
    rounds.remove_participant(review_id=review.pk, participant_id=participant.pk, by=people.program, now=NOW)
    assert any(found.code == "signer_role.missing" for found in gate_people.people_blockers(signing.load(review.pk)))


def signs(review, person):
    return review.participants.filter(user=person, signs=True).exists()


@pytest.mark.req("SEED-43")
def test_a_signer_is_proposed_on_the_page_and_never_an_auditor(people):
    typed = {"kind": "ppa", "categories": ["minor"], "role": "P-SEC", "origin": "Policy 7."}
    client = client_of(people.process_owner)
    assert "Policy 7." in text_of(client.post("/policy/signers/new/", typed, follow=True))
    assert SignerAddition.objects.get().role == "P-SEC"
    with pytest.raises(Refused):
        signer_in_force(people, role="P-AUD")


def waiting_notices() -> dict[str, str]:
    """Who is told of a proposal, and how far the notice is."""
    told = Notice.objects.filter(kind="policy.proposed").order_by("recipient__username")
    return {notice.recipient.username: notice.state for notice in told}


@pytest.mark.req("SEED-42")
def test_another_process_owner_is_told_of_a_proposal_and_no_longer_once_it_is_settled(people):
    world.person("wu", "Wu Lan", is_process_owner=True)
    world.person("gone", "Gone Away", is_process_owner=True, is_active=False)
    row = proposed(people)
    assert waiting_notices() == {"wu": "pending"}
    assert TEXT in Notice.objects.get(kind="policy.proposed").body
    policy.approve(what=ChecklistAddition, pk=row.pk, by=people.manager, now=NOW)
    assert waiting_notices() == {"wu": "cancelled"}


@pytest.mark.req("SEED-43")
def test_a_solution_manager_is_told_where_no_second_process_owner_is_left(people):
    row = policy.propose_signer(
        by=people.process_owner, kind="ppa", categories=("minor",), role="P-OPS", origin="Policy 7.", now=NOW
    )
    assert waiting_notices() == {"ingrid": "pending"}
    assert "Operations Manager signs too" in Notice.objects.get(kind="policy.proposed").body
    policy.drop(what=SignerAddition, pk=row.pk, by=people.process_owner, now=NOW)
    assert waiting_notices() == {"ingrid": "cancelled"}
