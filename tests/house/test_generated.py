"""What is drawn from the code, or holds over all of it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader

from reviews.management.commands import draw_machines
from tests import requirements_report

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)


def test_import_contracts_hold():
    linted = run(str(Path(sys.executable).with_name("lint-imports")), "--no-logo")
    assert linted.returncode == 0, linted.stdout


def test_the_steps_that_were_squashed_come_to_the_same():
    """A database that stands between two of them goes on along them."""
    loader = MigrationLoader(None, replace_migrations=False)
    for app in ("projects", "reviews"):
        (squashed,) = [(name, number) for name, number in loader.graph.nodes if name == app and "squashed" in number]
        steps = loader.disk_migrations[squashed].replaces
        first, second = (loader.project_state(node) for node in (squashed, steps[-1]))
        models = [key for key in first.models if key[0] == app]
        assert {key for key in second.models if key[0] == app} == set(models)
        for key in models:
            assert described(first.models[key]) == described(second.models[key]), key


def described(model):
    """What a migration makes of this model, in no order."""
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    rules = {
        kind: {repr(rule.deconstruct()) for rule in model.options.get(kind, [])} for kind in ("constraints", "indexes")
    }
    return fields, rules


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_state_machine_diagrams_are_fresh():
    call_command("draw_machines", check=True)


def test_a_stale_diagram_is_refused(monkeypatch, tmp_path, settings):
    settings.BASE_DIR = tmp_path
    call_command("draw_machines")
    call_command("draw_machines", check=True)
    file = tmp_path / draw_machines.PATH
    file.write_text(file.read_text().replace("planning --> build", "planning --> deploy"))
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_machines", check=True)


def test_every_static_file_that_a_template_names_exists():
    named = {
        (template.relative_to(ROOT), name)
        for template in ROOT.glob("templates/**/*.html")
        for name in re.findall(r"""\{%\s*static\s+["']([^"']+)["']""", template.read_text())
    }
    assert named
    assert [(template, name) for template, name in sorted(named) if not finders.find(name)] == []


def item(*ids: str) -> SimpleNamespace:
    return SimpleNamespace(nodeid="tests/test_x.py::test_y[one]", iter_markers=lambda name: [SimpleNamespace(args=ids)])


def test_a_behaviour_that_does_not_exist_is_refused():
    requirements_report.refuse_unknown_ids([item("SEED-01", "SEED-130", "EXT-26", "AUD-20")])
    for wrong in ("SEED-131", "SEED-1", "EXT-27", "AUD-00", "FOO-01"):
        with pytest.raises(pytest.UsageError, match=wrong):
            requirements_report.refuse_unknown_ids([item("SEED-01", wrong)])


def test_the_report_names_each_behaviour_and_its_tests():
    report = requirements_report.as_markdown([item("SEED-09"), item("SEED-09", "AUD-03")])
    assert "| SEED-09 | `tests/test_x.py::test_y` |" in report
    assert "| SEED-10 | - |" in report
    assert "(1 of 20)" in report
    assert len(re.findall(r"^\| [A-Z]+-\d+ ", report, re.MULTILINE)) == 176


@pytest.mark.parametrize(("ci", "exit_code"), [("1", 1), ("", 0)])
def test_ci_refuses_skips(tmp_path, ci, exit_code):
    (tmp_path / "test_skips.py").write_text(
        "import pytest\n\ndef test_runs(): pass\n\n@pytest.mark.skip(reason='no such part')\ndef test_skips(): pass\n"
    )
    ran = run(
        *(sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", "pyproject.toml", "--rootdir", "."),
        *("-p", "no:cacheprovider", str(tmp_path)),
        DELIVEROPS_CI=ci,
    )
    assert ran.returncode == exit_code, ran.stdout + ran.stderr
    assert ("a skipped test is a failure" in ran.stdout) == bool(ci)
    assert "1 passed, 1 skipped" in ran.stdout.splitlines()[-1]
