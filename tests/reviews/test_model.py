"""Random walks of random people through the reviews of one project, against the small model in `walking.model`.

After every step the product's own list of what is missing must be the model's, signatures that count must be ones that
were seen given on this very content, the project must be able to take its next step exactly when the model has it so,
and stage, gates and rounds must be where the model has them. What must be refused is refused as the product refuses,
with nothing written; nothing else is ever raised. At the end the record is verified.

`HYPOTHESIS_PROFILE=thorough` walks thousands of times (docs/maintainer.md).
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from reviews import gates, outputs, packets
from tests.reviews.walking.base import Base, build, rolled_back
from tests.reviews.walking.signed import SignedWalk, Walk

pytestmark = pytest.mark.django_db
QUICK = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
PROFILES = {
    "": QUICK,
    "thorough": settings(
        QUICK, max_examples=3000, stateful_step_count=40, derandomize=False, phases=list(Phase), print_blob=True
    ),
}


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Built once; every walk begins there again."""
    with django_db_blocker.unblock(), rolled_back():
        Base.world = build()
        yield


def walk(machine: type[Walk], how: settings) -> None:
    run_state_machine_as_test(machine, settings=how)


@pytest.mark.req("SEED-41", "SEED-64", "SEED-70", "SEED-94", "EXT-02", "EXT-05", "EXT-10", "AUD-04")
def test_reviews_do_what_the_model_says(worlds: None) -> None:
    walk(Walk, PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "")])


def test_control_a_rule_that_is_silenced_is_found(worlds: None, monkeypatch: Any) -> None:
    """The same walks, with one rule of the product taken out: the model misses it."""
    monkeypatch.setattr(gates, "unanswered_blockers", lambda *_given: [])
    with pytest.raises(AssertionError):
        walk(Walk, settings(QUICK, max_examples=60))


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param((gates, "stage_blockers"), id="a review is held in its place"),
        pytest.param((outputs, "open_outputs"), id="build ends with the outputs of its plan"),
    ],
)
def test_control_what_a_review_ahead_and_a_plan_behind_ask_is_found(worlds: None, monkeypatch: Any, rule: Any) -> None:
    """In Build, with a release prepared: one rule of the product is taken out, and the model misses it at once."""
    machine = Walk()
    try:
        machine.begin(("standard", "build"), early=True, ahead=1)
        machine.all_is_as_the_model_has_it()
        machine.checked = None
        monkeypatch.setattr(*rule, lambda *_given: [])
        with pytest.raises(AssertionError):
            machine.all_is_as_the_model_has_it()
    finally:
        machine.teardown()


@pytest.mark.req("EXT-10")
def test_a_change_takes_the_signatures_that_the_model_says_and_no_others(worlds: None) -> None:
    how = PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "")]
    walk(SignedWalk, settings(how, max_examples=6) if how is QUICK else how)


TABLE = packets.concerned
TURNED = {
    "as it is": None,
    "too few": lambda kind, code: TABLE(kind, code) or ("RR-P1",),
    "too many": lambda _kind, _code: (),
}


@pytest.mark.parametrize("how", TURNED)
def test_control_a_signature_kept_or_lost_against_the_table_is_found(worlds: None, monkeypatch: Any, how: str) -> None:
    """Two steps of such a walk, with questions that concern one group instead of all, or all instead of three."""
    machine = SignedWalk()
    try:
        if TURNED[how]:
            monkeypatch.setattr(packets, "concerned", TURNED[how])
        machine.begin(also=False)
        machine.all_is_as_the_model_has_it()
        with pytest.raises(AssertionError) if TURNED[how] else nullcontext():
            for code in ("G-STR-1", "D1"):
                machine.see_what_is_of_some(code)
                machine.all_is_as_the_model_has_it()
    finally:
        machine.teardown()
