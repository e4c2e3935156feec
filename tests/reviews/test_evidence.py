"""Evidence packs: what is in them, that they verify, and that nothing in them can change."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from projects.actions import features
from projects.models import Project
from reviews.evidence import keys, pack
from reviews.evidence.verify import verify
from reviews.models import ReviewKind, SignOff
from tests import world
from tests.kept import kept

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).resolve().parents[2] / "docs/auditor/verify_pack.sh"


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.SEAL_KEY_FILE = tmp_path / "seal_key.pem"
    settings.MEDIA_ROOT = tmp_path / "media"


def scene() -> tuple[world.People, Project]:
    """A project whose plan review was a go."""
    people = world.People()
    project = world.register(people)
    world.to_planning(project, people)
    world.pass_gate(project, ReviewKind.PPA, people)
    return people, world.fresh(project)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene) -> world.People:
    return scene[0]


@pytest.fixture
def project(scene) -> Project:
    return scene[1]


@pytest.fixture
def public(tmp_path) -> Path:
    path = tmp_path / "public.pem"
    path.write_text(keys.public_pem())
    return path


def made(project: Project, path: Path) -> Path:
    with path.open("w+b") as out:
        pack.build(project, out)
    return path


def by_script(path: Path, public: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["sh", str(SCRIPT), str(path), str(public)], capture_output=True, text=True, check=False)


def resealed(source: Path, target: Path, *, change) -> Path:
    """A pack whose container was written anew after `change(entries)`, signed over the whole again by an insider
    who has the key, but whose manifest and seal are as they were."""
    with zipfile.ZipFile(source) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    entries = change(entries)
    with target.open("w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for info, content in entries:
                archive.writestr(info, content)
            archive.comment = b" " * pack.COMMENT_LENGTH
        pack._sign_file(out)
    return target


@pytest.mark.req("AUD-09")
@pytest.mark.req("SEED-55")
def test_a_pack_verifies_in_both_verifiers(project, tmp_path, public):
    path = made(project, tmp_path / "pack.zip")

    verdict = verify(path, public.read_bytes())
    script = by_script(path, public)

    assert verdict.faults == []
    assert script.returncode == 0, script.stdout
    assert verdict.facts["ledger-head"] in script.stdout
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(path).extractall(unpacked)
    subprocess.run(["sha256sum", "--quiet", "-c", "manifest.txt"], cwd=unpacked, check=True)


def test_the_same_record_gives_the_same_bytes(project, tmp_path):
    first, second = made(project, tmp_path / "a.zip"), made(project, tmp_path / "b.zip")

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.req("AUD-01")
def test_signatures_print_name_time_meaning_and_method(project, tmp_path):
    path = made(project, tmp_path / "pack.zip")

    table = zipfile.ZipFile(path).read("06_reviews/PPA-1/signatures.csv").decode()

    for sign in SignOff.objects.all():
        assert sign.printed_name in table
        assert sign.signed_at.strftime("%Y-%m-%dT%H:%M:%S") in table
    assert ",approval," in table
    assert ",ok\r\n" in table


def test_one_changed_byte_anywhere_fails_both_verifiers(project, tmp_path, public):
    whole = made(project, tmp_path / "pack.zip").read_bytes()
    mutant = tmp_path / "mutant.zip"
    places = [*range(0, len(whole), 397), *range(len(whole) - 120, len(whole))]

    survived = []
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 7)
        mutant.write_bytes(changed)
        if verify(mutant, public.read_bytes()).holds:
            survived.append(place)

    assert survived == []
    for place in places[:: max(1, len(places) // 20)]:
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 7)
        mutant.write_bytes(changed)
        assert by_script(mutant, public).returncode == 1


def _changed_file(entries):
    return [(info, content + b" " if info.filename == "03_roles.csv" else content) for info, content in entries]


def _extra_file(entries):
    return [*entries, (zipfile.ZipInfo("extra.txt"), b"more")]


def _missing_file(entries):
    return [entry for entry in entries if entry[0].filename != "03_roles.csv"]


def _twice(entries):
    return [*entries, next(entry for entry in entries if entry[0].filename == "03_roles.csv")]


def _climbing_name(entries):
    return [*entries, (zipfile.ZipInfo("../x"), b"x")]


def _link(entries):
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return [*entries, (info, b"/etc/passwd")]


def _shortened_ledger(entries):
    return [
        (info, content.rsplit(b"\n", 2)[0] + b"\n" if info.filename == "ledger.jsonl" else content)
        for info, content in entries
    ]


def _other_seal(entries):
    return [(info, b"checkpoint" + content if info.filename == "seal.txt" else content) for info, content in entries]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "change",
    [_changed_file, _extra_file, _missing_file, _twice, _climbing_name, _link, _shortened_ledger, _other_seal],
)
def test_an_insider_who_repacks_is_found_by_both(project, tmp_path, public, change):
    mutant = resealed(made(project, tmp_path / "pack.zip"), tmp_path / "mutant.zip", change=change)

    assert not verify(mutant, public.read_bytes()).holds
    assert by_script(mutant, public).returncode == 1


def test_repacking_without_a_change_verifies(project, tmp_path, public):
    """The negative control of the mutants: what finds them is the change, not the repacking."""
    same = resealed(made(project, tmp_path / "pack.zip"), tmp_path / "same.zip", change=lambda entries: entries)

    assert verify(same, public.read_bytes()).holds
    assert by_script(same, public).returncode == 0


def test_another_key_verifies_nothing(project, tmp_path, settings):
    path = made(project, tmp_path / "pack.zip")
    settings.SEAL_KEY_FILE = tmp_path / "other.pem"
    other = tmp_path / "other_public.pem"
    other.write_text(keys.public_pem())

    assert not verify(path, other.read_bytes()).holds
    assert by_script(path, other).returncode == 1


@pytest.mark.req("SEED-25")
def test_the_matrix_of_requirements_and_features_is_in_the_pack(people, tmp_path):
    project = world.to_planning(world.register(people), people)
    features.add(
        project_id=project.pk,
        by=people.product,
        name="Sign-in",
        owner=people.developer,
        requirements=project.requirements.all(),
        now=world.NOW,
    )
    archive = zipfile.ZipFile(made(project, tmp_path / "pack.zip"))
    lines = archive.read("05_requirements_traceability.csv").decode().splitlines()
    assert lines[0] == "requirement,kind,text,feature,name,owner,status,test,result"
    assert lines[1] == "R-001,business,Visitors are known to the depot.,F-001,Sign-in,Ravi Menon,planned,,"
    assert "R-001" in archive.read("registers/features.csv").decode()


def test_cells_cannot_become_formulas(people, tmp_path):
    project = world.register(people, title="=HYPERLINK(1)", category_nature="@SUM(A1)")
    world.move(project, "start_envision", people)
    world.approved_artifact(project, "ART-01", people, text="=1+1")
    path = made(world.fresh(project), tmp_path / "pack.zip")

    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        if name.endswith(".csv"):
            for line in archive.read(name).decode().splitlines():
                for text in line.split(","):
                    assert not text.lstrip('"').startswith(("=", "+", "@")), (name, text)


def test_the_packet_files_are_the_signed_bytes(project, tmp_path):
    archive = zipfile.ZipFile(made(project, tmp_path / "pack.zip"))
    sign = SignOff.objects.select_related("packet").first()

    body = archive.read(f"06_reviews/PPA-1/packets/{sign.packet.digest}.jsonl")

    assert body.decode() == sign.packet.body
