"""Which signatures stand: both verifiers find out for themselves, whoever holds the key."""

import hashlib
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from projects import guards, ledger
from projects.models import Project
from reviews import packets, signing
from reviews.actions import answers
from reviews.evidence import collect, keys, pack
from reviews.evidence.verify import verify
from reviews.models import Packet, Review, ReviewKind, SignOff
from tests import world
from tests.kept import kept

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).resolve().parents[2] / "docs/auditor/verify_pack.sh"
FOLDER = "06_reviews/RR-1"


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.SEAL_KEY_FILE = tmp_path / "seal_key.pem"
    settings.MEDIA_ROOT = tmp_path / "media"


def scene() -> Project:
    """A release that went ahead on signatures of two packets: support signed again what had changed."""
    people = world.People()
    project = world.to_stabilize(world.register(people), people)
    review = world.sign_all(world.ready_to_sign(project, ReviewKind.RR, people))
    later = world.NOW + timedelta(hours=1)
    answers.answer(
        review_id=review.pk, code="G-ENV-2", by=people.sponsor, value="confirmed", evidence="Twice.", now=later
    )
    world.sign_all(review, now=later)
    world.decide(review, now=later)
    return world.fresh(project)


_scene_once, _scene = kept(scene)


@pytest.fixture
def project(scene) -> Project:
    return scene


@pytest.fixture
def review(project) -> Review:
    return project.reviews.get(kind="rr")


def faults_of(project: Project, folder: Path) -> tuple[list[str], str]:
    """What the one verifier finds in a pack made now, and what the other says; the pack is sealed with the true key."""
    path, public = folder / "pack.zip", folder / "public.pem"
    with path.open("w+b") as out:
        pack.build(project, out)
    public.write_text(keys.public_pem())
    script = subprocess.run(["sh", str(SCRIPT), str(path), str(public)], capture_output=True, text=True, check=False)
    assert script.returncode in (0, 1), script.stderr
    assert (script.returncode == 0) == script.stdout.startswith("OK")
    return verify(path, public.read_bytes()).faults, script.stdout


def changing(monkeypatch, *changes) -> None:
    """Whoever makes the pack puts something else into it: each change gets and gives the files as names and bytes."""
    real = collect.files

    def files(project: Project):
        made = {file.name: b"".join(file.chunks()) for file in real(project)}
        for change in changes:
            made = change(made)
        yield from (collect.PackFile(name, lambda content=content: iter([content])) for name, content in made.items())

    monkeypatch.setattr(collect, "files", files)


def in_list(old: str, new: str):
    def change(files):
        told = files[f"{FOLDER}/standing.txt"].decode()
        assert old in told
        return {**files, f"{FOLDER}/standing.txt": told.replace(old, new, 1).encode()}

    return change


def line_of(state: str) -> str:
    """The first line of the list with this state."""
    review = Review.objects.get(kind="rr")
    content = signing.content(review)
    sign = next(
        each
        for each in SignOff.objects.filter(participant__review=review).select_related("participant", "packet")
        if signing.is_current(each, content) == (state == "current")
    )
    words = sign.pk, sign.participant.user_id, sign.participant.group, sign.packet.digest, sign.part_digest, state
    return " ".join(map(str, ("signature", *words)))


@pytest.mark.req("AUD-09", "EXT-10")
def test_a_go_on_signatures_of_two_packets_verifies_in_both(project, review, tmp_path):
    faults, told = faults_of(project, tmp_path)
    assert faults == []
    assert told.startswith("OK")
    assert review.packets.count() == 2
    assert {line_of("current"), line_of("superseded")}


def forged(change):
    """Another content in the place of what was decided on, under its own true digest everywhere."""

    def files_with(files):
        review = Review.objects.get(kind="rr")
        old = review.decision_digest
        body = change(files[f"{FOLDER}/packets/{old}.jsonl"].decode()).encode()
        new = hashlib.sha256(body).hexdigest()
        assert new != old
        made = {}
        for name, content in files.items():
            if name in (f"{FOLDER}/review.json", f"{FOLDER}/standing.txt"):
                head, sep, rest = content.partition(b"signature ")
                made[name] = head.replace(old.encode(), new.encode()) + sep + rest
            else:
                made[name] = content
        return {**made, f"{FOLDER}/packets/{new}.jsonl": body}

    return files_with


def unsigned_line(body: str) -> str:
    return body + body.splitlines()[-1].replace('{"for":["all"]', '{"for":["RR-P7"]') + "\n"


def narrowed_line(body: str) -> str:
    lines = body.splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if '"code":"D1"' in line)
    lines[at] = lines[at].replace('{"for":["all"]', '{"for":["RR-P4"]')
    return "".join(lines)


def no_signer(body: str) -> str:
    return "".join(line for line in body.splitlines(keepends=True) if '"participant":' not in line)


def open_line(body: str) -> str:
    return body + '{"for":["all"],"more":1}'


@pytest.mark.req("AUD-09", "EXT-10")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: in_list(line_of("superseded"), line_of("superseded").replace("superseded", "current")), "is not"),
        (lambda: in_list(line_of("current"), line_of("current").replace("current", "superseded")), "is not"),
        (lambda: in_list(line_of("current"), line_of("current").replace(" current", " valid")), "is not valid"),
        (lambda: in_list(line_of("current"), line_of("superseded")), "without the current signature"),
        (lambda: in_list(line_of("current") + "\n", ""), "without the current signature"),
        (lambda: in_list(part_of("current"), "0" * 64), "was not given on the part"),
        (lambda: in_list(part_of("current"), part_of("superseded")), "was not given on the part"),
        (lambda: in_list("decision go", "decision none"), "another decision"),
        (lambda: in_list("decision go", "decision hold"), "another decision"),
        (lambda: in_list("deliverops-standing-1", "deliverops-standing-2"), "is no list"),
        (lambda: in_list("packet ", "packet 0"), "another packet"),
        (lambda: without("standing.txt"), "standing.txt is missing"),
        (lambda: altered_packet, "another digest than its name"),
        (lambda: forged(unsigned_line), "a line that no signature covers"),
        (lambda: forged(narrowed_line), "is not current"),
        (lambda: forged(no_signer), "is not current"),
        (lambda: forged(open_line), "does not end with a line"),
    ],
)
def test_whoever_holds_the_key_is_found_out_by_both(project, tmp_path, monkeypatch, change, why):
    """Files, digests, manifest and seal are right: what the list of signatures says is not."""
    changing(monkeypatch, change())

    faults, told = faults_of(project, tmp_path)

    assert len(faults) == 1
    assert why in faults[0]
    assert told.startswith("FAILED")
    assert why in told


def part_of(state: str) -> str:
    return line_of(state).split(" ")[5]


def without(name: str):
    return lambda files: {each: content for each, content in files.items() if each != f"{FOLDER}/{name}"}


def altered_packet(files):
    name = f"{FOLDER}/packets/{Review.objects.get(kind='rr').decision_digest}.jsonl"
    return {**files, name: files[name].replace(b"Twice.", b"Never.")}


def test_control_the_same_way_of_packing_changes_nothing_by_itself(project, tmp_path, monkeypatch):
    changing(monkeypatch, lambda files: files)
    faults, told = faults_of(project, tmp_path)
    assert faults == []
    assert told.startswith("OK")


@pytest.mark.req("AUD-03")
def test_a_round_decided_on_a_packet_of_the_first_type_verifies_in_both(project, review, tmp_path):
    """As a release left it that asked everybody again: the whole was everybody's part."""
    with guards.lifted():
        for packet in Packet.objects.filter(review=review):
            body = ledger.canonical({**packets.read(packet.body), "type": "deliverops/packet/1"})
            Packet.objects.filter(pk=packet.pk).update(body=body, digest=ledger.digest(body), parts={})
        newest = Packet.objects.filter(review=review).latest("pk")
        Review.objects.filter(pk=review.pk).update(decision_digest=newest.digest)
        SignOff.objects.filter(participant__review=review).exclude(packet__pk=newest.pk).filter(
            participant__sign_offs__packet=newest
        ).update(part_digest=review.packets.first().digest)
        given = SignOff.objects.filter(participant__review=review).exclude(part_digest=review.packets.first().digest)
        given.update(packet=newest, part_digest=newest.digest)

    faults, told = faults_of(project, tmp_path)

    assert faults == []
    assert told.startswith("OK")


@pytest.mark.req("AUD-09")
def test_of_the_first_type_too_a_go_needs_everybody(project, review, tmp_path):
    """Its content in one piece, as nobody signed it: the older form is no way around."""
    with guards.lifted():
        for packet in Packet.objects.filter(review=review):
            body = ledger.canonical({**packets.read(packet.body), "type": "deliverops/packet/1"})
            Packet.objects.filter(pk=packet.pk).update(body=body, digest=ledger.digest(body), parts={})
        Review.objects.filter(pk=review.pk).update(decision_digest=Packet.objects.filter(review=review).last().digest)
        for sign in SignOff.objects.filter(participant__review=review).select_related("packet"):
            SignOff.objects.filter(pk=sign.pk).update(part_digest=sign.packet.digest)

    faults, told = faults_of(project, tmp_path)

    assert len(faults) == 1
    assert "without the current signature" in faults[0]
    assert "without the current signature" in told
