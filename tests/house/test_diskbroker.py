"""The broker on disk: each message once, whole, oldest first."""

import json
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

from deliverops import celery, diskbroker

assert celery.app  # registers disk://


def channel(folder: Path):
    return Connection("disk://localhost/", transport_options={"folder": str(folder)}).default_channel


def kombus_own_channel(folder: Path):
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "c")}
    return Connection("filesystem://localhost/", transport_options=options).default_channel


def test_oldest_first_and_then_empty(tmp_path):
    here = channel(tmp_path)
    for number in range(20):
        here._put("mail", {"number": number})
    here._put("other", {"number": 99})
    assert [here._get("mail")["number"] for _ in range(20)] == list(range(20))
    with pytest.raises(Empty):
        here._get("mail")
    assert here._size("other") == 1


@pytest.mark.parametrize(
    ("make", "module", "seen"),
    [(channel, diskbroker, Empty), (kombus_own_channel, filesystem, json.JSONDecodeError)],
    ids=["ours", "kombu's, which hands out half a message"],
)
def test_a_message_is_not_seen_before_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable, module, seen
):
    """The reader comes while the writer is at work. The second case shows that the test can see the race."""
    folder = tmp_path / "q"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reader, outcomes, whole = make(folder), [], module.dumps

    def serialise_while_a_reader_looks(message):
        try:
            outcomes.append(reader._get("mail"))
        except (Empty, json.JSONDecodeError) as error:
            outcomes.append(type(error))
        return whole(message)

    monkeypatch.setattr(module, "dumps", serialise_while_a_reader_looks)
    monkeypatch.setattr(diskbroker.Path, "write_text", write_after_a_look(reader, outcomes))
    make(folder)._put("mail", {"number": 1})
    assert set(outcomes) == {seen}


def write_after_a_look(reader, outcomes):
    """`Path.write_text`, with a reader that looks when the file is there and still empty."""

    def write_text(path: Path, text: str) -> None:
        with path.open("w") as file:
            try:
                outcomes.append(reader._get("mail"))
            except Empty:
                outcomes.append(Empty)
            file.write(text)

    return write_text


def take_all(folder: Path, taken) -> None:
    here, mine = channel(folder), []
    while True:
        try:
            mine.append(here._get("mail")["number"])
        except Empty:
            break
    taken.put(mine)


def test_three_readers_share_without_doubles_or_losses(tmp_path):
    here = channel(tmp_path)
    for number in range(300):
        here._put("mail", {"number": number})
    forked = get_context("fork")
    taken = forked.Queue()
    readers = [forked.Process(target=take_all, args=(tmp_path, taken)) for _ in range(3)]
    for reader in readers:
        reader.start()
    numbers = [number for _ in readers for number in taken.get(timeout=30)]
    for reader in readers:
        reader.join(timeout=30)
    assert sorted(numbers) == list(range(300))
    assert list(tmp_path.glob("*.*")) == []
