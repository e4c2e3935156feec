"""Versions of groups, quorum and validity: proposed, looked at, approved by another, in force for new rounds alone."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.blocker import Blocked, NotAllowed, Refused
from projects.ledger_check import verify
from projects.models import GatePass, LedgerEntry, Notice
from reviews import gate_people, minutes, signing, terms
from reviews.actions import policy_versions as actions
from reviews.actions import rounds
from reviews.actions.meeting import Attended, record_attendance
from reviews.evidence import collect
from reviews.models import Mode, PolicyVersion, ReviewKind
from reviews.terms import LOOKS_ON, NOT_ASKED, SIGNS
from tests import world
from tests.pages import address, client_of, text_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
NOW = world.NOW
AUDITORS, DEVELOPERS, OPERATIONS = "PPA-P8", "PPA-P4", "PPA-P7"
URL = "/policy/rules/ppa/minor/"


@pytest.fixture
def people():
    return world.People()


def rules(kind="ppa", category="minor", *, places=None, quorum=None, days=30):
    """The catalogue's own rules with these changes."""
    own = terms.delivered(kind, category)
    return {
        "kind": kind,
        "category": category,
        "places": {**{code: own.place_of(code) for code in terms.group_names(kind)}, **(places or {})},
        "quorum": {**own.quorum, **(quorum or {})},
        "validity_days": days,
    }


def proposed(people, *, by=None, reason="Two outages came from unread plans.", **changes):
    changes = changes or {"places": {DEVELOPERS: SIGNS}}
    given = rules(**changes)
    on = terms.in_force(given["kind"], given["category"]).number
    return actions.propose(by=by or people.process_owner, on=on, reason=reason, now=NOW, **given)


def in_force(people, **changes):
    return actions.approve(pk=proposed(people, **changes).pk, by=people.manager, now=NOW)


def planning(people):
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    return project


def opened(people, project=None):
    return world.open_review(project or planning(people), ReviewKind.PPA, people)


def lacking(review):
    return [found.text for found in gate_people.people_blockers(signing.load(review.pk))]


@pytest.mark.req("SEED-42", "SEED-43", "AUD-14")
def test_a_version_holds_for_new_rounds_alone_and_stays_with_them(people):
    running, project = opened(people), planning(people)
    version = in_force(people, places={DEVELOPERS: SIGNS, AUDITORS: LOOKS_ON})

    new = opened(people, project)

    assert running.policy is None
    assert new.policy == version
    assert new.participants.get(user=people.developer).signs, "the holder of the role is named as signer"
    assert not running.participants.get(user=people.developer).signs
    assert lacking(running) == []
    assert lacking(new) == ["Nobody is named for Auditors."]
    rounds.name_participant(
        review_id=new.pk, by=people.program, group=AUDITORS, person=people.auditor, signs=False, now=NOW
    )
    in_force(people, places={DEVELOPERS: SIGNS})
    assert lacking(new) == []
    assert terms.of(signing.load(new.pk)).observer_groups == (AUDITORS,), "a later version leaves it alone"
    reader = client_of(people.manager)
    assert "Version 2 , approved by Ingrid Solheim" in text_of(reader.get(address("review", new)))
    assert "Version 1 , as the catalogue delivers them" in text_of(reader.get(address("review", running)))

    world.answer_all(world.convene(new, people), people)
    world.request_sign_offs(new, people)
    assert "rules version 2" in text_of(client_of(people.sponsor).get(address("sign", new)))
    world.sign_all(new)
    decided = world.decide(new)

    assert '"policy_version":2' in signing.canonical_body(decided)
    kept = minutes.as_text(json.loads(decided.minutes.body))
    assert "Approved by Ingrid Solheim" in kept
    assert "Version 2; Two outages came from unread plans." in kept
    files = {file.name: file for file in collect.files(project)}
    snapshot = json.loads("".join(part.decode() for part in files["16_policy_snapshot.json"].chunks()))
    assert snapshot["rules_by_round"]["PPA-1"]["version"] == 2
    assert snapshot["rules_by_round"]["PPA-1"]["approved_by"]["name"] == "Ingrid Solheim"
    facts = json.loads("".join(part.decode() for part in files["06_reviews/PPA-1/review.json"].chunks()))
    assert facts["policy_version"] == 2
    assert verify().findings == []


@pytest.mark.req("EXT-25")
@pytest.mark.parametrize("url", [f"{URL}new/", "/policy/questions/new/"])
def test_a_page_for_who_keeps_the_rules_says_who_that_is(people, url):
    answer = client_of(people.sponsor).get(url)
    assert answer.status_code == 403
    told = text_of(answer)
    assert "set by process owners and solution managers" in told
    assert "of the project for a role" not in told


@pytest.mark.req("SEED-42")
def test_nobody_approves_an_own_version(people):
    row = proposed(people)
    with pytest.raises(NotAllowed, match="second person"):
        actions.approve(pk=row.pk, by=people.process_owner, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk=row.pk).update(approved_by=people.process_owner, approved_at=NOW)
    assert terms.in_force("ppa", "minor").number == 1


@pytest.mark.parametrize("who", ["program", "auditor", "operator", "sponsor"])
def test_only_who_keeps_the_rules_proposes_approves_and_refuses(people, who):
    row, other = proposed(people), getattr(people, who)
    with pytest.raises(NotAllowed):
        proposed(people, by=other, category="major", places={DEVELOPERS: SIGNS}, quorum={DEVELOPERS: 2})
    with pytest.raises(NotAllowed):
        actions.approve(pk=row.pk, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        actions.refuse(pk=row.pk, by=other, reason="No.", now=NOW)


@pytest.mark.req("SEED-42")
def test_one_proposal_waits_at_a_time_and_a_refused_one_keeps_its_number(people):
    row = proposed(people)
    with pytest.raises(
        Refused, match=r"Version 2, proposed by Beatriz Moura, still waits: approve or refuse it first\."
    ):
        proposed(people, by=people.manager)
    with pytest.raises(Refused, match="The reason is empty"):
        actions.refuse(pk=row.pk, by=people.manager, reason=" ", now=NOW)
    actions.refuse(pk=row.pk, by=people.manager, reason="Developers are too few.", now=NOW)
    with pytest.raises(Refused, match="settled"):
        actions.approve(pk=row.pk, by=people.manager, now=NOW)

    second = in_force(people)

    assert second.number == 3
    told = LedgerEntry.objects.filter(stream__key="system", event__startswith="policy.version").order_by("seq")
    assert [(each.event, each.actor.username) for each in told] == [
        ("policy.version_proposed", "beatriz"),
        ("policy.version_refused", "ingrid"),
        ("policy.version_proposed", "beatriz"),
        ("policy.version_approved", "ingrid"),
    ]
    assert verify().findings == []
    PolicyVersion.objects.bulk_create(
        [
            PolicyVersion(
                kind="rr", category="minor", number=2, reason="Ours.", proposed_at=NOW, proposed_by=people.manager
            )
        ]
    )
    assert any("no line of the ledger tells" in found.text for found in verify().findings)


@pytest.mark.req("SEED-43", "EXT-09")
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"places": {OPERATIONS: LOOKS_ON}}, "Operations and support signs, as the catalogue asks"),
        ({"places": {OPERATIONS: NOT_ASKED}, "quorum": {OPERATIONS: 0}}, "Choose signs"),
        ({"category": "major", "places": {AUDITORS: NOT_ASKED}}, "Auditors takes part, as the catalogue asks"),
        ({"places": {AUDITORS: SIGNS}}, "Auditors never signs: choose looks on or not asked"),
        ({"places": {DEVELOPERS: "chairs"}}, "Developers: choose signs, looks on or not asked"),
        ({"places": {"PPA-P77": SIGNS}}, "There is no group PPA-P77"),
        ({"quorum": {OPERATIONS: 10}}, "Quorum, Operations and support: write a number from 0 to 9"),
        ({"quorum": {DEVELOPERS: 1}}, "Quorum, Developers: the group is not asked"),
        ({"kind": "rr", "days": 91}, "Days that a go holds: write a number from 1 to 90"),
        ({"kind": "rr", "days": 0}, "Days that a go holds: write a number from 1 to 90"),
        ({"kind": "rr", "category": "emergency", "days": 8}, "from 1 to 7"),
        ({"quorum": {}, "days": 60}, "This holds already"),
        ({"category": "tiny"}, "Choose the review"),
    ],
)
def test_the_floor_is_not_lowered_and_a_refusal_says_what_to_do(people, changes, says):
    own = {"kind": "ppa", "category": "minor"} if changes.get("category") == "tiny" else {}
    given = {**rules(**{**changes, **own}), **{key: changes[key] for key in changes if key == "category"}}
    with pytest.raises(Refused, match=says):
        actions.propose(by=people.process_owner, on=1, reason="Faster.", now=NOW, **given)
    assert not PolicyVersion.objects.exists()


@pytest.mark.req("SEED-43")
def test_what_was_typed_before_another_version_held_is_not_put_over_it(people):
    typed = {f"place_{code}": terms.delivered("ppa", "minor").place_of(code) for code in terms.group_names("ppa")}
    typed |= {f"quorum_{code}": 1 for code in terms.group_names("ppa") if typed[f"place_{code}"]}
    typed |= {f"quorum_{code}": 0 for code in terms.group_names("ppa") if not typed[f"place_{code}"]}
    second = in_force(people)

    late = client_of(people.manager).post(f"{URL}new/", {**typed, "on": 1, "reason": "Typed since the morning."})

    assert late.status_code == 422
    assert "Version 2 is in force by now, and this was written on version 1" in text_of(late)
    assert "Typed since the morning." in late.content.decode()
    assert list(PolicyVersion.objects.all()) == [second]


def test_a_version_needs_a_reason(people):
    with pytest.raises(Refused, match="The reason is empty: say why the rules change"):
        proposed(people, reason=" ", places={DEVELOPERS: SIGNS})


@pytest.mark.req("SEED-43")
def test_a_row_written_past_the_action_lowers_nothing(people):
    row = PolicyVersion(kind="rr", category="minor", number=2, quorum={"RR-P1": 0}, validity_days=400)
    own = terms.delivered("rr", "minor")
    held = terms.of_version(row)
    assert (held.signer_groups, held.quorum, held.validity_days) == (own.signer_groups, own.quorum, 90)


@pytest.mark.req("EXT-09")
def test_a_meeting_decides_once_as_many_took_part_as_the_rules_say(people):
    in_force(people, quorum={OPERATIONS: 2})
    review = opened(people)
    rounds.set_facts(
        review_id=review.pk,
        by=people.manager,
        chair=people.manager,
        mode=Mode.MEETING,
        scheduled_for=None,
        candidate="",
        now=NOW,
    )
    for person in review.participants.filter(group=OPERATIONS).exclude(user=people.operations):
        rounds.remove_participant(review_id=review.pk, participant_id=person.pk, by=people.program, now=NOW)
    [text] = lacking(review)
    assert text == "Operations and support: the quorum asks for 2 people, and 1 is named."
    rounds.name_participant(
        review_id=review.pk, by=people.program, group=OPERATIONS, person=people.support, signs=False, now=NOW
    )
    assert lacking(review) == []
    world.answer_all(world.convene(signing.load(review.pk), people), people)
    world.request_sign_offs(review, people)
    there(review, people, people.support, "absent")
    world.sign_all(review)

    with pytest.raises(Blocked) as refused:
        world.decide(review)

    assert [found.text for found in refused.value.blockers] == [
        "No quorum: it is not recorded that these took part: Operations and support (1 of 2)."
    ]
    assert "Operations and support (1 of 2)" in text_of(client_of(people.manager).get(address("review", review)))
    there(review, people, people.support, "remote")
    assert world.decide(review).is_go


def there(review, people, person, how):
    record_attendance(review_id=review.pk, by=people.manager, attended=[Attended(person=person, how=how)], now=NOW)


@pytest.mark.req("EXT-09")
def test_without_a_meeting_as_many_sign_as_the_quorum_asks(people):
    in_force(people, quorum={OPERATIONS: 2})
    review = opened(people)
    assert {each.user for each in review.participants.all() if each.group == OPERATIONS and each.signs} == {
        people.operations,
        people.support,
    }
    second = review.participants.get(user=people.support)
    rounds.remove_participant(review_id=review.pk, participant_id=second.pk, by=people.program, now=NOW)
    assert lacking(review) == ["Operations and support: the quorum asks for 2 who sign, and 1 does."]
    with pytest.raises(Blocked):
        world.convene(review, people)


@pytest.mark.req("SEED-43")
def test_who_looked_on_in_the_last_round_signs_the_next_when_the_rules_ask_for_it(people):
    first = opened(people)
    rounds.withdraw(review_id=first.pk, by=people.program, reason="Too early.", now=NOW)
    in_force(people, places={DEVELOPERS: SIGNS, AUDITORS: LOOKS_ON})

    second = opened(people, first.project)

    signers = {each.user for each in second.participants.all() if each.signs}
    assert signers == {*(each.user for each in first.participants.all() if each.signs), people.developer}
    assert lacking(second) == ["Nobody is named for Auditors."]


@pytest.mark.req("EXT-14", "SEED-42")
def test_a_go_of_a_release_holds_as_long_as_its_rules_say(people):
    in_force(people, kind="rr", days=10)
    project = world.to_stabilize(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.RR, people)
    in_force(people, kind="rr", days=60)  # while the round runs
    world.sign_all(review)
    world.decide(review)
    assert GatePass.objects.get(gate="release").valid_until == NOW + timedelta(days=10)


@pytest.mark.req("SEED-42", "SEED-43")
def test_it_is_previewed_proposed_and_approved_on_the_pages(people):
    running, waiting = opened(people), world.register(people)
    typed = {f"place_{code}": terms.delivered("ppa", "minor").place_of(code) for code in terms.group_names("ppa")}
    typed |= {
        f"quorum_{code}": terms.delivered("ppa", "minor").quorum.get(code, 0) for code in terms.group_names("ppa")
    }
    typed |= {f"place_{AUDITORS}": LOOKS_ON, f"quorum_{OPERATIONS}": 2, "on": 1, "reason": "An audit finding."}
    client = client_of(people.process_owner)

    early = client.post(f"{URL}new/", {**typed, "reason": "", "preview": "yes"})
    assert "What would change" in text_of(early), "the reason may come after the look"
    odd = client.post(f"{URL}new/", {**typed, f"quorum_{OPERATIONS}": 0})
    assert "How many of Operations and support must have taken part : Ensure" in text_of(odd)
    seen = client.post(f"{URL}new/", {**typed, "preview": "yes"})

    told = text_of(seen)
    assert "Auditors: looks on (now: not asked)" in told
    assert "Quorum: Operations and support: 2 (now: 1)" in told
    assert f"Open rounds keep the rules they began with {running.project.code} PPA-1" in told
    assert f"Projects whose next round begins under it {waiting.code}" in told
    assert f"Nobody to ask for Auditors {waiting.code}" in told
    assert "Fewer than" not in told, "two people hold a role of operations"
    assert "An audit finding." in seen.content.decode()
    assert not PolicyVersion.objects.exists()
    lower = client.post(f"{URL}new/", {**typed, f"place_{OPERATIONS}": LOOKS_ON, f"quorum_{OPERATIONS}": 0})
    assert lower.status_code == 422
    assert "An audit finding." in lower.content.decode()
    assert client.post(f"{URL}new/", {**typed, "reason": ""}).status_code == 422

    assert "It is proposed." in text_of(client.post(f"{URL}new/", typed, follow=True))
    row = PolicyVersion.objects.get()
    assert "A proposal waits" in text_of(client.get("/policy/"))
    assert "Approve version 2" not in text_of(client.get(URL))
    assert client.post(f"/policy/versions/{row.pk}/approve/").status_code == 403
    second = client_of(people.manager)
    assert "Auditors: looks on (now: not asked)" in text_of(second.get(URL))
    unsaid = second.post(f"/policy/versions/{row.pk}/refuse/", {"reason": ""})
    assert unsaid.status_code == 422
    page = text_of(second.post(f"/policy/versions/{row.pk}/approve/", follow=True))
    assert "In force: version 2" in page
    assert "Proposed by Beatriz Moura" in page
    assert "An audit finding." in text_of(client_of(people.outsider).get(URL))
    again = second.post(f"/policy/versions/{row.pk}/refuse/", {"reason": "Too late."})
    assert again.status_code == 422
    assert "Version 2 is settled" in text_of(again)
    assert client_of(people.outsider).get("/policy/rules/ppa/tiny/").status_code == 404


@pytest.mark.req("SEED-42")
def test_a_proposal_is_refused_on_the_page_with_its_reason(people):
    row = proposed(people)
    page = client_of(people.manager).post(f"/policy/versions/{row.pk}/refuse/", {"reason": "Too few."}, follow=True)
    assert "refused by Ingrid Solheim" in text_of(page)
    assert "Too few." in text_of(page)
    assert "In force: version 1" in text_of(page)


def test_the_form_of_a_new_project_says_how_its_reviews_are_held_now(people):
    in_force(people, kind="rr", days=12)
    page = client_of(people.manager).get("/projects/new/rigor/", {"category": "minor"})
    assert "a go holds 12 days" in text_of(page)


@pytest.mark.parametrize(("url", "expected"), [(URL, 12), ("/policy/", 8)])
def test_a_page_asks_the_same_with_three_and_with_three_hundred_versions(people, url, expected):
    client = client_of(people.manager)
    versions(people, range(2, 5))
    few = queries(client, url)
    versions(people, range(5, 302))
    assert (few, queries(client, url)) == (expected, expected)


def versions(people, numbers):
    """Approved one after another, the newest left as a proposal."""
    PolicyVersion.objects.waiting().update(approved_by=people.manager, approved_at=NOW)
    for number in numbers:
        PolicyVersion.objects.waiting().update(approved_by=people.manager, approved_at=NOW)
        PolicyVersion.objects.create(
            kind="ppa",
            category="minor",
            number=number,
            quorum={OPERATIONS: 2 + number % 3},
            reason="Ours.",
            proposed_by=people.process_owner,
            proposed_at=NOW,
        )


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.req("SEED-42", "AUD-08")
def test_the_database_keeps_versions_and_what_a_round_was_opened_under(people):
    first, project = in_force(people), planning(people)
    review = opened(people, project)
    waiting = proposed(people, places={DEVELOPERS: SIGNS, AUDITORS: LOOKS_ON})
    for change in ({"quorum": {}}, {"reason": "Else."}, {"approved_at": None, "approved_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyVersion.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk=first.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(
            kind="rr",
            category="minor",
            number=2,
            reason="Ours.",
            proposed_by=people.process_owner,
            proposed_at=NOW,
            approved_by=people.manager,
            approved_at=NOW,
        )
    for policy in (None, waiting):
        with pytest.raises(IntegrityError, match="keeps the rules"), transaction.atomic():
            type(review).objects.filter(pk=review.pk).update(policy=policy)
    for unfit in (waiting, in_force(people, kind="rr", days=10)):
        with pytest.raises(IntegrityError, match="approved rules of its own"), transaction.atomic():
            type(review).objects.create(
                project=project,
                kind="ppa",
                round=9,
                catalog_version="1",
                category="minor",
                policy=unfit,
                chair=people.manager,
                created_at=NOW,
                created_by=people.manager,
            )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_propose_at_once_one_is_refused(people):
    def by(who):
        return lambda: proposed(people, by=who)

    told = at_once(by(people.process_owner), by(people.manager))

    assert sorted(type(each).__name__ for each in told) == ["PolicyVersion", "Refused"]
    assert PolicyVersion.objects.waiting().count() == 1
    assert LedgerEntry.objects.filter(event="policy.version_proposed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_both_look_before_either_writes_and_the_database_stops_the_second(people):
    looked = threading.Barrier(2)

    def write():
        assert not PolicyVersion.objects.waiting().exists()
        looked.wait(timeout=60)
        return PolicyVersion.objects.create(
            kind="ppa", category="minor", number=2, reason="Ours.", proposed_by=people.manager, proposed_at=NOW
        )

    told = at_once(write, write)
    assert sorted(type(each).__name__ for each in told) == ["IntegrityError", "PolicyVersion"]


@pytest.mark.req("SEED-43")
@pytest.mark.parametrize("settle", ["approve", "refuse"])
def test_who_can_approve_a_version_is_told_until_it_is_settled(people, settle):
    row = proposed(people)
    notice = Notice.objects.get(kind="policy.proposed")
    assert (notice.recipient, notice.state) == (people.manager, "pending")
    assert "Two outages came from unread plans." in notice.body
    if settle == "approve":
        actions.approve(pk=row.pk, by=people.manager, now=NOW)
    else:
        actions.refuse(pk=row.pk, by=people.manager, reason="Too many signers.", now=NOW)
    notice.refresh_from_db()
    assert notice.state == "cancelled"
