"""Before close: intents beside their results, and the project team released."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects import ledger_check
from projects.actions import closing
from projects.blocker import NotAllowed, Refused
from projects.checks import check_blockers
from projects.models import IntentResult
from tests import world

pytestmark = pytest.mark.django_db

NOW = world.NOW
TODAY = date(2026, 11, 23)
INTENTS = "- Know who is on a site.\n\n- An evacuation list that is right.\n"


@pytest.fixture
def people():
    return world.People()


def missing(project, code: str) -> list[str]:
    return [
        blocker.text for blocker in check_blockers(world.fresh(project), "close", NOW) if blocker.code.startswith(code)
    ]


def judged(project, people, intent, result="met"):
    return closing.judge_intent(
        project_id=project.pk, by=people.program, intent=intent, result=result, evidence="Roll call.", now=NOW
    )


def released(project, people, person=None, on=TODAY):
    return closing.release(project_id=project.pk, by=people.program, person=person, released_on=on, now=NOW)


@pytest.mark.req("SEED-53")
def test_each_intent_given_at_the_start_is_compared_with_its_result(client, people):
    project = world.register(people, category="significant", intents=INTENTS)
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "intent_results"])
    page = client.get(there)
    assert "Without a result: Know who is on a site.; An evacuation list that is right." in page.content.decode()
    assert [value for value, _ in page.context["form"].fields["intent"].choices] == [
        "",
        "Know who is on a site.",
        "An evacuation list that is right.",
    ]
    assert missing(project, "intent") == [
        "Not compared with its result: Know who is on a site.",
        "Not compared with its result: An evacuation list that is right.",
    ]

    client.post(there, {"intent": "Know who is on a site.", "result": "partly", "evidence": "Two gates have none."})
    assert missing(project, "intent") == ["Not compared with its result: An evacuation list that is right."]
    judged(project, people, "An evacuation list that is right.")

    assert missing(project, "intent") == []
    page = client.get(there).content.decode()
    assert "Partly met" in page
    assert "Without a result" not in page
    assert list(ledger_check.verify(project=project).findings) == []


@pytest.mark.req("SEED-53")
def test_an_intent_is_judged_as_it_stands_by_who_manages(people):
    project = world.register(people, category="significant", intents=INTENTS)
    with pytest.raises(Refused, match="none of the project's goals"):
        judged(project, people, "Something else.")
    with pytest.raises(NotAllowed):
        closing.judge_intent(
            project_id=project.pk,
            by=people.developer,
            intent="Know who is on a site.",
            result="met",
            evidence="Mine.",
            now=NOW,
        )
    assert IntentResult.objects.count() == 0


@pytest.mark.req("SEED-53")
def test_neither_a_minor_change_nor_one_without_intents_is_asked(people):
    assert missing(world.register(people, intents=INTENTS), "intent") == []
    assert missing(world.register(people, category="significant", intents=" \n"), "intent") == []


@pytest.mark.req("SEED-109")
def test_a_project_is_finalised_once_everybody_of_its_team_is_released(client, people):
    project = world.register(people, category="significant")
    assert missing(project, "team") == ["Not recorded as released from the project: Anneke de Wit, Ravi Menon."]
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "disengagements"])
    client.post(there, {"person": people.product.pk, "released_on": "2026-11-20", "goes_to": "The next product."})
    assert missing(project, "team") == ["Not recorded as released from the project: Ravi Menon."]
    released(project, people, people.developer)
    assert missing(project, "team") == []
    assert list(ledger_check.verify(project=project).findings) == []


@pytest.mark.req("SEED-109")
def test_the_whole_team_is_released_at_once_by_who_manages(client, people):
    project = world.register(people, category="major")
    with pytest.raises(NotAllowed):
        closing.release(project_id=project.pk, by=people.developer, released_on=TODAY, now=NOW)
    with pytest.raises(Refused, match="lies ahead"):
        released(project, people, on=TODAY + timedelta(days=1))
    assert len(missing(project, "team")) == 1
    released(project, people)
    assert missing(project, "team") == []
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "disengagements"])).content.decode()
    assert "The whole project team" in page


@pytest.mark.req("SEED-109")
def test_a_minor_change_releases_nobody(people):
    assert missing(world.register(people), "team") == []
