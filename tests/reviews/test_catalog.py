"""Both management reviews as data: complete after Tables 2, 3 and 4, and answerable in every category."""

from collections import Counter
from itertools import pairwise

import pytest

from projects.catalog.artifacts import ARTIFACT_KINDS, GATES, PREPARATION_DOCUMENTS
from projects.catalog.categories import PROFILES, required_artifacts
from projects.catalog.controls import CONTROLS
from projects.catalog.roles import ALL_ROLES, TEAM_ROLES
from projects.catalog.stages import STAGES
from projects.models import Gate
from reviews import terms
from reviews.catalog import (
    READY,
    REVIEW_TYPES,
    VERSION,
    items_for,
    rigor,
)
from reviews.models import Participant, Review, ReviewItem, ReviewKind, Section

PPA, RR = REVIEW_TYPES["ppa"], REVIEW_TYPES["rr"]
IN_ORDER = ["standard", "minor", "significant", "major"]
BOTH = pytest.mark.parametrize("kind", REVIEW_TYPES)
EVERY_CATEGORY = pytest.mark.parametrize("category", PROFILES)


def sections(items):
    return Counter(item.section for item in items)


def codes(items):
    return [item.code for item in items]


# --- Tables 2, 3 and 4 ---------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-57")
@pytest.mark.req("SEED-61")
@pytest.mark.req("SEED-63")
def test_the_plan_review_asks_all_of_table_2():
    assert sections(PPA.items) == {"input": 7, "analysis": 5, "decision": 6, "output": 7}


@pytest.mark.req("SEED-74")
@pytest.mark.req("SEED-82")
@pytest.mark.req("SEED-85")
def test_the_release_review_asks_all_of_table_3_and_the_four_aspects():
    found = sections(RR.items)
    assert (found["input"], found["analysis"], found["decision"], found["output"]) == (7, 6, 2, 4)
    assert found["aspect"] == 4


@pytest.mark.req("SEED-92")
def test_the_release_review_asks_18_distinct_indicators_under_three_elements():
    indicators = [item for item in RR.items if item.section in {"go", "no_go"}]

    assert len(set(codes(indicators))) == len({item.text for item in indicators}) == 18
    assert Counter((item.element, item.section) for item in indicators) == {
        (element, section): 3
        for element in ("Release", "Production environment", "Release strategy plans")
        for section in ("go", "no_go")
    }
    assert all(item.must for item in indicators)


@pytest.mark.req("SEED-93")
def test_go_indicators_are_confirmed_and_no_go_indicators_are_clear():
    for item in RR.items:
        choices = ReviewItem(code=item.code, section=item.section, may_be_na=item.may_be_na).choices
        if item.code.startswith("G-"):
            assert choices == ["confirmed", "not_confirmed"], item.code
        if item.code.startswith("N-"):
            assert choices == ["clear", "present"], item.code


@BOTH
def test_every_question_says_how_to_find_the_answer_and_what_a_good_one_needs(kind):
    for item in REVIEW_TYPES[kind].items:
        assert item.text, item.code
        assert item.verification, item.code
        assert item.pass_criterion, item.code
        assert item.source, item.code


@BOTH
def test_codes_and_texts_fit_the_columns_that_freeze_them(kind):
    review_type = REVIEW_TYPES[kind]
    for column in ("code", "section", "element", "source"):
        longest = max(len(getattr(item, column)) for item in review_type.items)
        assert longest <= ReviewItem._meta.get_field(column).max_length, column
    assert {item.section for item in review_type.items} <= set(Section.values)
    assert len(set(codes(review_type.items))) == len(review_type.items)
    assert max(len(group.code) for group in review_type.groups) <= Participant._meta.get_field("group").max_length
    assert len(VERSION) <= Review._meta.get_field("catalog_version").max_length


def test_each_review_stands_where_the_phase_puts_it():
    assert set(REVIEW_TYPES) == set(ReviewKind.values)
    assert (PPA.stage, PPA.gate, PPA.no_go_returns_to) == ("planning", Gate.PLAN, "planning")
    assert (RR.stage, RR.gate, RR.no_go_returns_to) == ("stabilize", Gate.RELEASE, "stabilize")
    for review_type in REVIEW_TYPES.values():
        assert review_type.name == STAGES[review_type.stage].exit_milestone


@pytest.mark.req("SEED-75")
def test_who_signs_a_release_signs_the_definition_of_ready():
    assert READY in RR.statement
    assert READY not in PPA.statement


@pytest.mark.req("SEED-124")
def test_each_review_controls_an_objective():
    assert {row.control for row in CONTROLS.values()} == set(REVIEW_TYPES)


# --- What holds a go up --------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-03")
def test_what_nobody_can_waive_in_the_release_review():
    before_the_decision = {item.code for item in RR.items if item.protected and not item.after_go}
    assert before_the_decision == {"G-REL-3", "N-REL-3", "I6", "I7", "D1"}


@BOTH
def test_outputs_and_only_outputs_come_after_the_decision(kind):
    for item in REVIEW_TYPES[kind].items:
        assert item.after_go == (item.section == "output"), item.code


def test_only_what_belongs_to_a_no_go_is_no_must():
    assert [(kind, item.code) for kind in REVIEW_TYPES for item in REVIEW_TYPES[kind].items if not item.must] == [
        ("rr", "D2"),
        ("rr", "O4"),
    ]


# --- Evidence ------------------------------------------------------------------------------------------------------


@BOTH
def test_every_input_can_be_shown_by_a_known_artifact(kind):
    for item in REVIEW_TYPES[kind].items:
        assert set(item.artifacts) <= set(ARTIFACT_KINDS), item.code
        if item.section == "input":
            assert item.artifacts, item.code


@BOTH
def test_the_first_artifact_of_an_input_is_one_that_the_catalogue_asks_for_at_this_gate(kind):
    review_type = REVIEW_TYPES[kind]
    for item in review_type.items:
        if item.section == "input":
            assert review_type.gate in ARTIFACT_KINDS[item.artifacts[0]].at, item.code


@BOTH
@EVERY_CATEGORY
@pytest.mark.parametrize("conversion", [True, False, None])
def test_whoever_is_asked_for_an_input_is_also_required_to_have_it(kind, category, conversion):
    passed = GATES[: GATES.index(REVIEW_TYPES[kind].gate) + 1]
    required = {
        artifact
        for gate in passed
        for artifact in required_artifacts(category, gate, conversion_applies=conversion, role_segregation=False)
    }

    for item in items_for(kind, category, conversion_applies=conversion):
        if item.section == "input" and item.artifacts:
            assert required & set(item.artifacts), item.code


@EVERY_CATEGORY
def test_every_review_stands_on_at_least_one_pinned_document(category):
    for kind in REVIEW_TYPES:
        asked = items_for(kind, category, conversion_applies=False)
        assert any(item.section == "input" and item.artifacts for item in asked)


def test_the_risk_plan_is_used_by_both_reviews():
    """SEED-52."""
    for review_type in REVIEW_TYPES.values():
        assert any("ART-23" in item.artifacts for item in review_type.items if item.section == "input")
    assert "ART-23" in PREPARATION_DOCUMENTS


# --- Categories ----------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.req("SEED-06")
def test_a_heavier_category_asks_all_that_a_lighter_one_does(kind):
    asked = [set(codes(items_for(kind, category, conversion_applies=False))) for category in IN_ORDER]
    assert all(lower <= higher for lower, higher in pairwise(asked))


@pytest.mark.req("SEED-92")
@pytest.mark.parametrize("category", ["minor", "significant", "major"])
def test_all_indicators_are_asked_of_everything_that_is_not_from_a_template(category):
    found = sections(items_for("rr", category, conversion_applies=False))
    assert (found["go"], found["no_go"]) == (9, 9)


def test_a_standard_change_answers_eight_indicators():
    asked = items_for("rr", "standard", conversion_applies=False)
    assert {item.code for item in asked if item.element} == {
        "G-REL-1",
        "G-REL-2",
        "N-REL-3",
        "G-ENV-1",
        "N-ENV-1",
        "G-STR-2",
        "G-STR-3",
        "N-STR-1",
    }


@pytest.mark.parametrize(
    ("kind", "category", "asked"),
    [
        ("ppa", "standard", "I2 D1 O7"),
        ("ppa", "minor", "I1 I2 I3 A1 A2 A3 A4 D1 D2 D3 D6 O1 O2 O4 O7"),
        ("ppa", "emergency", "I2 A2 D1 D3 O7"),
        ("rr", "emergency", "I2 A6 G-REL-3 G-STR-1 N-REL-3 N-ENV-3 D1 O1 O3"),
    ],
)
def test_the_short_lists_ask_just_this(kind, category, asked):
    assert codes(items_for(kind, category, conversion_applies=False)) == asked.split()


@EVERY_CATEGORY
def test_the_agreement_itself_is_never_left_out(category):
    for kind in REVIEW_TYPES:
        assert "D1" in codes(items_for(kind, category, conversion_applies=False))


@BOTH
@EVERY_CATEGORY
def test_every_question_a_category_leaves_out_is_explained(kind, category):
    explained = {code for code, why in PROFILES[category].dropped if code.startswith(kind.upper()) and why}
    asked = codes(items_for(kind, category, conversion_applies=False))
    left_out = {f"{kind.upper()} {item.code}" for item in REVIEW_TYPES[kind].items if item.code not in asked}

    assert explained == left_out


@EVERY_CATEGORY
def test_no_category_leaves_out_a_question_that_does_not_exist(category):
    for kind in REVIEW_TYPES:
        assert set(rigor(kind, category).dropped_items) <= set(codes(REVIEW_TYPES[kind].items))


@pytest.mark.req("SEED-47")
@pytest.mark.req("SEED-85")
@EVERY_CATEGORY
def test_conversion_is_asked_about_whenever_it_applies_and_cannot_be_declared_away(category):
    for unanswered_or_yes in (True, None):
        asked = {item.code: item for item in items_for("rr", category, conversion_applies=unanswered_or_yes)}
        assert not asked["I4"].may_be_na
        assert not asked["A5"].may_be_na
        assert asked["I4"].artifacts == ("ART-40",)


@pytest.mark.req("SEED-85")
def test_without_conversion_its_questions_may_be_declared_not_applicable():
    asked = {item.code: item for item in items_for("rr", "significant", conversion_applies=False)}

    assert asked["I4"].may_be_na
    assert asked["I4"].artifacts == ()
    assert asked["A5"].may_be_na


# --- Participants --------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-56")
def test_the_plan_review_has_the_nine_groups_of_the_source():
    assert [group.code for group in PPA.groups] == [f"PPA-P{n}" for n in range(1, 10)]
    fed_by = {group.code: set(group.roles) for group in PPA.groups}
    assert fed_by["PPA-P8"] == {"P-AUD"}
    assert fed_by["PPA-P9"] == {"P-CUST", "P-USER"}
    assert fed_by["PPA-P6"] >= {"P-OWN", "P-ARCH", "P-SPONSOR", "P-FIN"}


@pytest.mark.req("SEED-80")
def test_the_release_review_has_four_sides_and_three_managements():
    assert [group.name for group in RR.groups] == [
        "Operations and support",
        "Project team",
        "Security team",
        "Business users",
        "Operations management",
        "Business management",
        "Project management",
    ]
    assert set(terms.delivered("rr", "significant").groups) == {group.code for group in RR.groups}


@BOTH
def test_a_role_feeds_one_group_of_a_review(kind):
    roles = [role for group in REVIEW_TYPES[kind].groups for role in group.roles]
    assert len(set(roles)) == len(roles)
    assert set(roles) <= set(ALL_ROLES)
    assert set(roles) >= TEAM_ROLES
    assert all(group.roles for group in REVIEW_TYPES[kind].groups)


@BOTH
def test_a_group_required_by_default_is_required_of_a_significant_change(kind):
    by_default = [group.code for group in REVIEW_TYPES[kind].groups if group.required_default]
    assert terms.delivered(kind, "significant").groups == by_default


@BOTH
@EVERY_CATEGORY
def test_required_groups_exist_and_can_be_filled(kind, category):
    held = rigor(kind, category)
    known = {group.code: group for group in REVIEW_TYPES[kind].groups}

    assert set(terms.delivered(kind, category).groups) == {*held.signer_groups, *held.observer_groups} <= set(known)
    assert held.signer_groups
    for role in held.signer_roles:
        assert any(role in known[code].roles for code in held.signer_groups), role


@EVERY_CATEGORY
def test_operations_signs_every_release(category):
    assert "RR-P1" in rigor("rr", category).signer_groups
    assert rigor("rr", category).validity_days > 0


@pytest.mark.req("SEED-43")
def test_a_major_change_brings_in_finance_audit_and_sponsor():
    assert rigor("ppa", "major").signer_roles == ("P-FIN",)
    assert rigor("ppa", "major").observer_groups == ("PPA-P8",)
    assert rigor("rr", "major").signer_roles == ("P-SPONSOR",)
    assert "PPA-P8" in terms.delivered("ppa", "major").groups


def test_an_unknown_review_or_category_is_refused():
    with pytest.raises(KeyError):
        rigor("board", "minor")
    with pytest.raises(KeyError):
        items_for("rr", "tiny", conversion_applies=False)
