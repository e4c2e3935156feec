"""Every event has its words, and every value of a line is read as people say it."""

import ast
import re
from pathlib import Path

import pytest

from projects import lifecycle, sentences
from projects.models import LedgerEntry
from tests import world

ROOT = Path(__file__).resolve().parents[2]
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")


def events_in_code():
    """What stands after `event=` in both apps: a text, one of two texts, or the name of a step."""
    found = set()
    for path in [*ROOT.glob("projects/**/*.py"), *ROOT.glob("reviews/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "event":
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and EVENT.fullmatch(part.value):
                        found.add(part.value)
                if isinstance(node.value, ast.JoinedStr):
                    found |= {f"stage.{name}" for name in lifecycle.MOVES}
    return found


def test_every_event_that_the_code_records_is_worded():
    events = {event for event in events_in_code() if not event.startswith("account.")}  # those tell of no project
    assert len(events) > 40
    assert events - set(sentences.SENTENCES) == set()


def test_every_wording_belongs_to_an_event():
    assert set(sentences.SENTENCES) - events_in_code() == set()


@pytest.mark.django_db
def test_a_whole_life_is_told_without_a_gap():
    people = world.People()
    project = world.register(people)
    world.to_deploy(project, people)
    told = [
        (entry.event, sentences.tell(entry))
        for entry in LedgerEntry.objects.filter(stream__project=project).order_by("seq")
    ]
    assert all(each.who and each.sentence for _event, each in told)
    assert not [each.sentence for _event, each in told if "%" in each.sentence or each.sentence.startswith("did:")]
    for words in (
        "registered the project",
        "named Ravi Menon as Developer",
        "moved the project to Envision",
        "began passage 1 through Envision",
        "recorded requirement R-001",
        "added Vision document 1.0",
        "approved Vision document 1.0",
        "named Lucía Benítez for Management",
        "convened PPA-1",
        "answered A1 in PPA-1",
        "signed PPA-1: Agree",
        "decided PPA-1: Go",
        "opened the gate on the strength of RR-1",
        "moved the project to Deploy",
    ):
        assert words in {each.sentence for _event, each in told}, words
    decided = next(each for event, each in told if event == "review.decided")
    assert ("Decision", "", "Go") in {(change.field, change.old, change.new) for change in decided.changes}
