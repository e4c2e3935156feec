"""The Deliver Phase as data: complete, consistent with itself and with the columns that store its codes."""

from itertools import combinations, pairwise, product

import pytest

from projects.catalog import segregation
from projects.catalog.artifacts import ARTIFACT_KINDS, GATES, PREPARATION_DOCUMENTS, artifact_name
from projects.catalog.categories import PROFILES, required_artifacts
from projects.catalog.controls import CONTROLS, FOCI
from projects.catalog.disciplines import DISCIPLINES, discipline_name
from projects.catalog.roles import ALL_ROLES, CAPACITIES, ROLE_TYPES, TEAM_ROLES, role_name
from projects.catalog.stages import GOALS, STAGES
from projects.models import Artifact, Category, OutcomeConfirmation, Project, RoleAssignment, Stage

IN_ORDER = ["standard", "minor", "significant", "major"]
FLAGS = list(product([False, True], repeat=2))


def everything_required(category, *, conversion_applies=False, role_segregation=False):
    flags = {"conversion_applies": conversion_applies, "role_segregation": role_segregation}
    return {kind for gate in GATES for kind in required_artifacts(category, gate, **flags)}


# --- Stages, goals (Table 1) ---------------------------------------------------------------------------------------


@pytest.mark.req("SEED-17")
def test_each_stage_names_deliverable_purpose_and_the_outcomes_of_table_1():
    assert list(STAGES) == [Stage.ENVISION, Stage.PLANNING, Stage.BUILD, Stage.STABILIZE, Stage.DEPLOY]
    assert [stage.number for stage in STAGES.values()] == [1, 2, 3, 4, 5]
    assert [len(stage.outcomes) for stage in STAGES.values()] == [3, 2, 2, 2, 3]
    for stage in STAGES.values():
        assert stage.deliverable
        assert stage.purpose
        assert all(outcome.text and outcome.source for outcome in stage.outcomes)


def test_outcome_codes_are_distinct_and_fit_their_column():
    codes = [outcome.code for stage in STAGES.values() for outcome in stage.outcomes]

    assert len(set(codes)) == 12
    assert max(map(len, codes)) <= OutcomeConfirmation._meta.get_field("outcome").max_length


@pytest.mark.req("SEED-17")
def test_a_stage_deliverable_is_an_artifact_made_in_that_stage_and_asked_for_at_its_exit():
    for stage, gate in zip(STAGES.values(), GATES, strict=True):
        kind = ARTIFACT_KINDS[stage.deliverable_kind]
        assert kind.stage == stage.key
        assert kind.at[gate] == "required"


@pytest.mark.req("SEED-15")
def test_the_seven_goals_cover_all_five_stages():
    assert [goal.code for goal in GOALS] == [f"GOAL-{n}" for n in range(1, 8)]
    assert {stage for goal in GOALS for stage in goal.stages} == set(STAGES)


# --- Roles (Table 6) -----------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-112")
def test_the_nine_role_types_come_with_responsibilities_and_goal():
    assert [role.name for role in ROLE_TYPES.values()] == [
        "Solution Manager",
        "Program Manager",
        "Developer",
        "Tester",
        "Product Manager",
        "User Experience",
        "Release Management",
        "Operations Experience",
        "Test Manager",
    ]
    assert all(role.responsibilities and role.goal for role in ALL_ROLES.values())


@pytest.mark.req("SEED-113")
def test_only_the_solution_manager_is_accountable_and_only_two_roles_span_projects():
    assert [role.code for role in ALL_ROLES.values() if role.accountable] == ["R-SM"]
    assert {role.code for role in ALL_ROLES.values() if role.scope == "cross-project"} == {"R-SM", "R-TM"}
    assert {role.code for role in ALL_ROLES.values() if role.key} == {"R-PGM", "R-PDM", "R-DEV"}


def test_roles_and_capacities_do_not_share_codes_and_fit_their_column():
    assert not set(ROLE_TYPES) & set(CAPACITIES)
    assert all(code == role.code for code, role in ALL_ROLES.items())
    assert max(map(len, ALL_ROLES)) <= RoleAssignment._meta.get_field("role").max_length


def test_the_delivering_team_holds_neither_the_accountable_nor_the_accepting_side():
    assert set(ALL_ROLES) >= TEAM_ROLES
    assert not TEAM_ROLES & {"R-SM", "P-CUST", "P-USER", "P-OPS", "P-SPONSOR", "P-AUD"}


def test_a_name_is_given_for_known_codes_and_the_code_itself_for_foreign_ones():
    assert role_name("R-REL") == "Release Management"
    assert role_name("X-OLD") == "X-OLD"
    assert artifact_name("ART-05") == "Functional specification"
    assert artifact_name("DOC-7") == "DOC-7"


# --- Artifacts -----------------------------------------------------------------------------------------------------


def test_there_are_53_artifact_kinds_of_known_stage_owner_and_gate():
    assert list(ARTIFACT_KINDS) == [f"ART-{n:02}" for n in range(1, 54)]
    for kind in ARTIFACT_KINDS.values():
        assert kind.stage in STAGES, kind.code
        assert kind.owner_role in ALL_ROLES, kind.code
        assert set(kind.at) <= set(GATES), kind.code
        assert kind.purpose, kind.code
        assert kind.source, kind.code


def test_no_gate_asks_for_an_artifact_before_the_stage_that_makes_it():
    for kind in ARTIFACT_KINDS.values():
        made = STAGES[kind.stage].number
        assert all(GATES.index(gate) + 1 >= made for gate in kind.at), kind.code


def test_names_are_distinct_and_codes_fit_their_column():
    assert len({kind.name for kind in ARTIFACT_KINDS.values()}) == len(ARTIFACT_KINDS)
    assert max(map(len, ARTIFACT_KINDS)) <= Artifact._meta.get_field("kind").max_length


def test_a_kind_is_conditional_at_a_gate_exactly_when_it_names_its_flag():
    for kind in ARTIFACT_KINDS.values():
        assert ("conditional" in kind.at.values()) == bool(kind.conditional), kind.code


@pytest.mark.req("SEED-46")
def test_the_twelve_preparation_documents_belong_to_the_plan_review():
    assert len(set(PREPARATION_DOCUMENTS)) == 12
    assert all("plan" in ARTIFACT_KINDS[code].at for code in PREPARATION_DOCUMENTS)


# --- Rigor ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-03")
def test_every_category_a_project_can_have_has_a_profile_and_only_emergency_is_an_extension():
    assert set(PROFILES) == set(Category.values)
    assert [profile.category for profile in PROFILES.values() if profile.extension] == ["emergency"]


@pytest.mark.req("SEED-06")
def test_signers_rise_with_the_category_in_each_review():
    for review in ("ppa", "rr"):
        groups = [set(getattr(PROFILES[category], review).signer_groups) for category in IN_ORDER]
        assert len(groups[0]) < len(groups[1])
        assert all(lower <= higher for lower, higher in pairwise(groups))


@pytest.mark.req("SEED-06")
@pytest.mark.parametrize(("conversion", "segregation"), FLAGS)
def test_a_heavier_category_asks_for_all_that_a_lighter_one_does(conversion, segregation):
    required = [
        everything_required(category, conversion_applies=conversion, role_segregation=segregation)
        for category in IN_ORDER
    ]
    assert all(lower <= higher for lower, higher in pairwise(required))


@pytest.mark.req("SEED-04")
def test_a_minor_change_needs_six_documents_before_deployment():
    before_deploy = {kind for gate, kinds in PROFILES["minor"].artifacts.items() if gate != "close" for kind in kinds}
    assert before_deploy == {"ART-01", "ART-05", "ART-11", "ART-15", "ART-35", "ART-36"}


@pytest.mark.req("SEED-47")
@pytest.mark.parametrize("category", PROFILES)
def test_conversion_makes_plan_and_results_mandatory_and_an_unanswered_question_counts_as_yes(category):
    def asked(gate, kind, answer):
        return kind in required_artifacts(category, gate, conversion_applies=answer, role_segregation=False)

    for answer in (True, None):
        assert asked("plan", "ART-18", answer)
        assert asked("release", "ART-40", answer)
    assert not asked("plan", "ART-18", False)
    assert not asked("release", "ART-40", False)


@pytest.mark.req("SEED-51")
@pytest.mark.parametrize("category", PROFILES)
def test_declared_role_segregation_asks_for_its_approach(category):
    for declared in (True, False):
        kinds = required_artifacts(category, "plan", conversion_applies=False, role_segregation=declared)
        assert ("ART-22" in kinds) is declared


@pytest.mark.req("SEED-04")
@pytest.mark.parametrize("category", PROFILES)
def test_every_artifact_a_category_leaves_out_is_explained_and_nothing_required_is(category):
    explained = {code for code, why in PROFILES[category].dropped if code.startswith("ART-") and why}

    assert explained == everything_required("major") - everything_required(category)


@pytest.mark.parametrize("category", PROFILES)
def test_a_profile_requires_known_kinds_once_per_gate(category):
    profile = PROFILES[category]
    assert set(profile.artifacts) == set(GATES)
    for kinds in profile.artifacts.values():
        assert len(set(kinds)) == len(kinds)
        assert set(kinds) <= set(ARTIFACT_KINDS)


@pytest.mark.req("SEED-18")
@pytest.mark.parametrize("category", PROFILES)
def test_the_deliverable_of_a_stage_is_required_at_its_exit_or_left_to_the_outcomes(category):
    profile = PROFILES[category]
    assert list(profile.deliverables) == list(STAGES)
    for gate, kind in zip(GATES, profile.deliverables.values(), strict=True):
        assert kind == "" or kind in profile.artifacts[gate]


@pytest.mark.req("SEED-18")
def test_large_changes_deliver_what_table_1_names():
    for category in ("significant", "major"):
        assert list(PROFILES[category].deliverables.values()) == [stage.deliverable_kind for stage in STAGES.values()]


def test_catalogue_rows_cannot_be_changed_at_run_time():
    with pytest.raises(TypeError):
        PROFILES["minor"].artifacts["plan"] = ()
    with pytest.raises(TypeError):
        ARTIFACT_KINDS["ART-05"].at["plan"] = "likely"
    with pytest.raises(AttributeError):
        PROFILES["major"].second_factor = False


# --- Controls, disciplines, segregation ----------------------------------------------------------------------------


@pytest.mark.req("SEED-124")
def test_the_three_objectives_carry_their_risks_and_their_control():
    assert [(code, row.control, len(row.risks)) for code, row in CONTROLS.items()] == [
        ("ORC-1", "ppa", 3),
        ("ORC-2", "ppa", 2),
        ("ORC-3", "rr", 2),
    ]
    assert len({risk.code for row in CONTROLS.values() for risk in row.risks}) == 7


@pytest.mark.req("SEED-125")
def test_the_manage_layer_has_three_functions_with_the_points_of_table_5():
    assert {code: len(focus.points) for code, focus in FOCI.items()} == {"GRC": 7, "CHG": 4, "TEAM": 4}


@pytest.mark.req("SEED-12")
def test_a_project_names_one_of_five_disciplines_or_its_own():
    assert list(DISCIPLINES) == ["msf", "agile", "cmmi", "scrum", "pmi"]
    assert discipline_name("Scrum") == "Scrum"
    assert discipline_name(" CMMI ") == "CMMI"
    assert discipline_name("Lean") == "Lean"
    longest = Project._meta.get_field("methodology").max_length
    assert all(len(row.name) <= longest for row in DISCIPLINES.values())


@pytest.mark.req("SEED-51")
@pytest.mark.parametrize(
    ("first", "second", "category", "verdict"),
    [
        ("R-PGM", "approver", "minor", "refuse"),
        ("R-DEV", "R-TST", "minor", "refuse"),
        ("R-DEV", "P-DEPLOY", "minor", "review"),
        ("R-DEV", "P-DEPLOY", "significant", "refuse"),
        ("R-DEV", "P-DEPLOY", "major", "refuse"),
        ("R-DEV", "P-OPS", "standard", "refuse"),
        ("author", "approver", "major", "refuse"),
        ("waiver_requester", "waiver_approver", "standard", "refuse"),
        ("approver", "ops_acceptor", "major", "review"),
        ("R-PDM", "R-UX", "major", None),
        ("R-TST", "R-TM", "major", None),
    ],
)
def test_conflicting_duties_are_found_in_either_order(first, second, category, verdict):
    assert segregation.conflicts(first, second, category) == verdict
    assert segregation.conflicts(second, first, category) == verdict


@pytest.mark.req("SEED-51")
def test_the_matrix_gives_one_verdict_to_each_pair_of_the_eight_duties():
    eight = [duty for duty in segregation.DUTIES if duty != "waiver_requester"]
    undecided = {pair for pair in combinations(eight, 2) if segregation.conflicts(*pair, "major") is None}

    assert undecided == {("ops_acceptor", "waiver_approver")}
    assert len(segregation.MATRIX) == len({frozenset({row.first, row.second}) for row in segregation.MATRIX}) == 28
    assert set(segregation.DUTY_OF_ROLE) <= set(ALL_ROLES)
    assert {row.first for row in segregation.MATRIX} | {row.second for row in segregation.MATRIX} == set(
        segregation.DUTIES
    )
