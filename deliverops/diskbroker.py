"""The broker of the embedded mode: a folder, one file a message.

Kombu's filesystem transport with two steps made atomic. Its writer opens the file under its final name and fills it
afterwards, so that a reader can take it empty and die of it (seen: once in 3,000 messages); and it moves what it
reads to the system's shared temporary folder. Here a message appears whole and is claimed by one rename.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    @property
    def data_folder_in(self) -> str:
        folder = Path(self.transport_options["folder"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return str(folder)

    @property
    def data_folder_out(self) -> str:
        return self.data_folder_in

    @property
    def control_folder(self) -> Path:
        return Path(self.data_folder_in) / "control"

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # its bases disagree
        """The message stands in the queue, whole. Names sort by time, so that the oldest is taken first."""
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}"
        unfinished = folder / f"{name}.new"
        unfinished.write_text(dumps(payload))
        unfinished.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message is taken out of the queue; no other process gets it. Raises: Empty."""
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = folder / f"{name.partition('.')[0]}.taken"
            try:
                (folder / name).rename(claimed)
            except FileNotFoundError:  # another worker was first
                continue
            text = claimed.read_text()
            claimed.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
    driver_name = "disk"
