"""What of the policy waits for a second person: in whose inbox, with which link, until it is settled."""

import pytest

from projects import inbox
from reviews import policy_desk
from reviews.actions import policy, policy_versions, retirements
from reviews.models import ChecklistAddition, SignerAddition
from reviews.terms import SIGNS, delivered
from tests import world
from tests.pages import client_of
from tests.reviews.test_policy import NOW, in_force, people, proposed

pytestmark = pytest.mark.django_db
__all__ = ["people"]


def waits(user):
    return [(entry.kind, entry.url) for entry in policy_desk.inbox(user)]


def propose_version(people, *, quorum=2):
    return policy_versions.propose(
        by=people.process_owner,
        kind="ppa",
        category="minor",
        places=dict.fromkeys(delivered("ppa", "minor").signer_groups, SIGNS),
        quorum=dict.fromkeys(delivered("ppa", "minor").signer_groups, quorum),
        validity_days=0,
        on=1,
        reason="One was not enough.",
        now=NOW,
    )


@pytest.mark.req("SEED-42", "SEED-43")
def test_each_kind_of_proposal_waits_for_a_second_person_and_for_nobody_else(people, django_assert_num_queries):
    kept = in_force(people)
    question = proposed(people)
    signer = policy.propose_signer(
        by=people.process_owner, kind="ppa", categories=("minor",), role="P-SEC", origin="Policy 7.", now=NOW
    )
    version = propose_version(people)
    wanted = retirements.ask(
        what=ChecklistAddition, pk=kept.pk, by=people.process_owner, reason="The queue is gone.", now=NOW
    )

    with django_assert_num_queries(4):
        found = waits(people.manager)
    assert found == [
        ("policy", f"/policy/questions/{question.pk}/"),
        ("policy", "/policy/"),
        ("policy", "/policy/rules/ppa/minor/"),
        ("policy", f"/policy/questions/{kept.pk}/retirement/"),
    ]
    assert inbox.count(people.manager, NOW) == len(inbox.desk(people.manager, NOW).awaiting) == 4
    for other in (people.process_owner, people.program, people.auditor, people.sponsor):
        assert waits(other) == []

    client = client_of(people.manager)
    page = client.get("/").content.decode()
    for _kind, url in found:
        assert f'href="{url}"' in page
        assert client.get(url).status_code == 200

    policy.approve(what=ChecklistAddition, pk=question.pk, by=people.manager, now=NOW)
    policy.drop(what=SignerAddition, pk=signer.pk, by=people.manager, now=NOW)
    policy_versions.approve(pk=version.pk, by=people.manager, now=NOW)
    retirements.refuse(pk=wanted.pk, by=people.manager, reason="It is still there.", now=NOW)
    assert waits(people.manager) == []


@pytest.mark.req("SEED-42")
def test_where_there_is_another_process_owner_solution_managers_are_left_in_peace(people):
    second = world.person("wu", "Wu Lan", is_process_owner=True)
    proposed(people)
    assert len(waits(second)) == 1
    assert waits(people.manager) == []
    second.is_active = False
    second.save()
    assert len(waits(people.manager)) == 1
    assert waits(second) == []
