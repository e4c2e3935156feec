"""Icons, pills, people, times, digests and plots: the words they say."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db.models import TextChoices
from django.template import Context, Template
from django.utils import timezone, translation

from projects.looks import ANSWERS, LOOKS, NOT_APPLICABLE, RAIL_WORDS, look
from projects.models import (
    ArtifactStatus,
    Category,
    Deployment,
    Feature,
    Gate,
    Incident,
    IntentResult,
    Issue,
    Pilot,
    ProjectConflict,
    Risk,
    Stage,
    Status,
)
from projects.templatetags import ui, ui_plots
from reviews.models import Answer, Decision, Position, ReviewState

NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template("{% load ui ui_plots %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("stage", Stage),
        ("status", Status),
        ("category", Category),
        ("artifact", ArtifactStatus),
        ("answer", Answer),
        ("review", ReviewState),
        ("decision", Decision),
        ("position", Position),
        ("feature", Feature.Status),
        ("proof", Feature.Result),
        ("issue", Issue.State),
        ("pilot", Pilot.Result),
        ("risk", Risk.State),
        ("deployment", Deployment.State),
        ("conflict", ProjectConflict.Kind),
        ("priority", Incident.Priority),
        ("intent", IntentResult.Result),
    ],
)
def test_every_choice_has_a_look(kind: str, choices: type[TextChoices]):
    assert set(choices.values) <= set(LOOKS[kind])


def test_a_look_has_an_icon_that_is_there():
    tokens = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    for kind, looks in LOOKS.items():
        for value, (tone, shape) in looks.items():
            assert "<svg" in ui.icon(shape), (kind, value)
            assert f".tone-{tone} " in tokens


def test_an_unknown_value_is_never_green():
    assert {look(kind, "of a later version").tone for kind in LOOKS} == {"quiet"}


def test_good_and_bad_differ_in_shape_and_not_only_in_colour():
    for kind, looks in LOOKS.items():
        good = {shape for tone, shape in looks.values() if tone == "good"}
        bad = {shape for tone, shape in looks.values() if tone == "bad"}
        assert not good & bad, kind


@pytest.mark.req("SEED-93")
def test_the_answers_offered_are_the_two_polarities_of_the_reviews():
    assert [value for value, _ in ANSWERS["confirm"]] == [Answer.CONFIRMED, Answer.NOT_CONFIRMED]
    assert [value for value, _ in ANSWERS["clear"]] == [Answer.CLEAR, Answer.PRESENT]
    for value, label in [*ANSWERS["confirm"], *ANSWERS["clear"], NOT_APPLICABLE]:
        assert str(label) == str(Answer(value).label)


def test_not_applicable_is_offered_only_where_it_is_allowed():
    offered = [answer["value"] for answer in ui.ui_answers("clear", False)]
    assert offered == ["clear", "present"]
    assert [answer["value"] for answer in ui.ui_answers("clear", True)][-1] == "not_applicable"


def test_the_rail_has_words_for_every_state_it_can_draw():
    assert set(RAIL_WORDS["stage"]) == set(LOOKS["stage_state"])
    assert set(RAIL_WORDS["gate"]) == set(LOOKS["gate"])
    assert set(Gate.values) == {"plan", "release"}


def test_a_label_from_a_person_is_escaped():
    assert "&lt;b&gt;" in ui.ui_pill("status", "active", "<b>")
    assert "&lt;b&gt;" in ui.ui_person("<b>", "<i>")


# --- Time ------------------------------------------------------------------------------------------------------------
def test_a_moment_is_shown_in_the_current_zone_with_its_name():
    with timezone.override("Europe/Stockholm"):
        shown = render("{% ui_time at %}", at=NOW)
    assert "23 Nov 2026, 23:30" in shown
    assert "CET" in shown
    assert 'datetime="2026-11-23T23:30:00+01:00"' in shown
    assert "Europe/Stockholm, UTC+01:00" in shown


def test_a_zone_without_letters_is_said_as_an_offset():
    shown = render("{% ui_time_in at 'America/Sao_Paulo' %}", at=NOW)
    assert "23 Nov 2026, 19:30" in shown
    assert "UTC-03:00" in shown


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=70), "2 months ago"),
        (timedelta(days=1100), "3 years ago"),
        (timedelta(days=-3), "in 3 days"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_ages_are_said_in_one_unit(away: timedelta, words: str):
    assert words in ui.ui_ago(NOW - away)


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (date(2026, 11, 22), "1 day overdue", "bad"),
        (date(2026, 11, 14), "9 days overdue", "bad"),
        (date(2026, 11, 23), "due today", "warn"),
        (date(2026, 11, 24), "due tomorrow", "warn"),
        (date(2026, 11, 30), "due in 7 days", "warn"),
        (date(2026, 12, 1), "due 1 Dec 2026", "quiet"),
        (None, "no due date", ""),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_due_date_says_how_near_it_is(due: date | None, words: str, tone: str):
    chip = ui.ui_due(due)
    assert words in chip
    assert not tone or f"tone-{tone}" in chip


@time_machine.travel(NOW, tick=False)
def test_today_is_the_readers_today():
    with timezone.override("Asia/Tokyo"):  # there it is the 24th already
        assert "1 day overdue" in ui.ui_due(date(2026, 11, 23))


@pytest.mark.parametrize("tag", ["ui_time None", "ui_ago None", "ui_date None", "ui_due None", "ui_person None"])
def test_nothing_is_said_in_words(tag: str):
    assert 'class="none"' in render("{% " + tag + " %}")


# --- People, digests, plots ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada", "A"), ("Ada King", "AK"), ("Jan-Willem van den Bergh", "JB"), ("  ", ""), ("(Ext.) Mei Tanaka", "MT")],
)
def test_initials(name: str, letters: str):
    assert ui.initials(name) == letters


def test_a_digest_is_short_and_whole_on_demand():
    digest = "0123456789abcdef" * 4
    shown = ui.ui_digest(digest)
    assert "<code>0123456789ab</code>" in shown
    assert "01234567 89abcdef 01234567" in shown


def test_bars_share_one_scale_that_begins_at_nothing():
    drawn = ui_plots.ui_bars("Time in stage", [{"label": "A", "value": 5}, {"label": "B", "value": 20}], "days")
    assert [bar["width"] for bar in drawn["bars"]] == ["25.00", "100.00"]
    assert drawn["bars"][0]["text"] == "5 days"


@pytest.mark.parametrize("rows", [[], [{"label": "A", "value": 0}]])
def test_bars_of_nothing_are_no_error(rows: list[dict[str, object]]):
    assert all(bar["width"] == "0.00" for bar in ui_plots.ui_bars("x", rows, "days")["bars"])


def test_a_line_has_its_table_and_its_sentence():
    drawn = ui_plots.ui_spark("Latency", [("Oct", 4), ("Nov", 2)], "days")
    assert drawn["points"] == [{"label": "Oct", "text": "4 days"}, {"label": "Nov", "text": "2 days"}]
    assert drawn["summary"] == "Latency: from 4 days (Oct) to 2 days (Nov)"
    assert drawn["path"] == "M2.0 4.0 L122.0 16.0"


def test_a_line_of_one_point_is_a_point():
    assert ui_plots.ui_spark("Latency", [("Nov", 0)])["path"] == "M2.0 28.0"


def test_two_texts_give_back_both_when_read_by_kind():
    old, new = "Orders until 17:00  on each day.\nNo more.", "Orders until 18:30 on each day.\nNo more, ever."
    runs = ui_plots.runs_of(old, new)
    assert "".join(run["text"] for run in runs if run["kind"] != "ins") == old
    assert "".join(run["text"] for run in runs if run["kind"] != "del") == new
    assert {"kind": "same", "text": "Orders until "}.items() <= runs[0].items() or runs[0]["kind"] == "same"


def test_very_long_texts_are_shown_whole():
    old, new = "a " * ui_plots.DIFF_LIMIT, "b " * ui_plots.DIFF_LIMIT
    assert [run["kind"] for run in ui_plots.runs_of(old, new)] == ["del", "ins"]


def test_a_table_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        ui.alongside([1, 2], [1])


def test_a_fixed_part_of_the_frame_is_made_once_per_language(settings):
    ui.fixed.cache_clear()
    with translation.override("en-gb"):
        first = ui.ui_fixed("components/footer.html")
        assert ui.ui_fixed("components/footer.html") is first
    with translation.override("de"):
        ui.ui_fixed("components/footer.html")
    assert ui.fixed.cache_info().misses == 2
    settings.DEBUG = True  # while somebody writes a template, it is read anew
    assert ui.ui_fixed("components/footer.html") is not first
