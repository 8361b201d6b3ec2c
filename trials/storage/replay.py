"""What a disk holds when the power fails: the writes of a trace, as far as they were synced.

Read from strace (`OPTIONS`). A write counts from the moment it was synced to the end; of those that
were not, any 4 KiB may have got to the disk or not. Simplification: what a folder lists (new files,
renames, removals) counts at once, so a missing sync of a folder is not seen.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    *("openat", "write", "pwrite64", "pwritev", "pwritev2", "ftruncate", "fallocate"),
    *("fsync", "fdatasync", "rename", "unlink"),
)
OPTIONS = (
    *("strace", "--follow-forks", "--seccomp-bpf", "-qqq", "-y", "-xx", "-s", "20000000"),
    *("-e", "signal=none", "-e", f"trace={','.join(CALLS)}"),
)
"""Arguments of strace before the command; `-o FILE` has to be added."""

BLOCK = 4096
NOT_KEPT = ("-shm", "-next", "-writer", "postmaster.pid")
"""Files that mean nothing after a restart of the machine."""

CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
UNFINISHED = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)")
FILE = re.compile(r"\d+<([^>]*)>")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class Write:
    offset: int
    data: bytes


@dataclass
class Cut:
    """Everything after this byte was dropped, or the file was made longer by zeros."""

    length: int


@dataclass
class DiskFile:
    """`durable`: what is on the disk for sure. `pending`: what was written since, in order."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Write | Cut] = field(default_factory=list)

    def sync(self, count: int) -> None:
        """The first `count` pending changes are on the disk now."""
        for change in self.pending[:count]:
            _apply(self.durable, change)
        del self.pending[:count]

    def after_power_cut(self, chance: random.Random | None) -> bytes:
        """What is found: nothing of what is pending, or by chance some of it."""
        content = bytearray(self.durable)
        if chance is not None:
            for change in self.pending:
                for part in _parts(change):
                    if chance.random() < 0.5:
                        _apply(content, part)
        return bytes(content)


class Disk:
    """The files below `folder`, which begin as `start` has them, all of it synced."""

    def __init__(self, folder: Path, start: Path) -> None:
        self._folder = folder
        self._start = start
        self.files: dict[Path, DiskFile] = {}
        self.gone: set[Path] = set()
        self._begun: dict[str, tuple[str, int]] = {}  # by process: arguments, changes pending then
        self._positions: dict[tuple[str, str], int] = {}

    def acknowledgements(self, trace: Path) -> Iterator[str]:
        """Go through the trace; yields what each "ACK" says, with the disk as it is then."""
        with trace.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                said = self._take(line)
                if said.startswith("ACK "):
                    yield said[4:].strip()

    def lay_out(self, target: Path, chance: random.Random | None) -> None:
        """Make the new folder `target` what is found after a power cut now."""
        subprocess.run(["cp", "-a", str(self._start), str(target)], check=True)
        for path in self.gone:
            (target / path.relative_to(self._folder)).unlink(missing_ok=True)
        for path, file in self.files.items():
            if path.name.endswith(NOT_KEPT):
                continue
            found = target / path.relative_to(self._folder)
            found.parent.mkdir(parents=True, exist_ok=True)
            found.write_bytes(file.after_power_cut(chance))
            owner = found.parent.stat()
            os.chown(found, owner.st_uid, owner.st_gid)

    def _take(self, line: str) -> str:
        """Carry out one line; → what it says on standard output."""
        if begun := UNFINISHED.match(line):
            process, name, arguments = begun.groups()
            self._begun[process] = (arguments, self._pending(name, arguments))
            return ""
        if resumed := RESUMED.match(line):
            process, name, rest, result = resumed.groups()
            arguments, pending = self._begun.pop(process, ("", 0))
            return self._call(process, name, arguments + rest, int(result), pending)
        if call := CALL.match(line):
            process, name, arguments, result = call.groups()
            pending = self._pending(name, arguments)
            return self._call(process, name, arguments, int(result), pending)
        return ""

    def _pending(self, name: str, arguments: str) -> int:
        """How many changes a sync that begins now is about."""
        path = self._path(arguments) if name in ("fsync", "fdatasync") else None
        return len(self._file(path).pending) if path else 0

    def _call(self, process: str, name: str, arguments: str, result: int, pending: int) -> str:
        if result < 0:
            return ""
        if name == "write" and arguments.startswith("1<"):
            return _bytes(arguments).decode("ascii", "replace")
        if name in ("rename", "unlink"):
            self._relist(name, arguments)
            return ""
        path = self._path(arguments)
        if name == "openat":
            self._opened(process, arguments, result)
        elif path is not None:
            self._change(process, name, path, arguments, result, pending)
        return ""

    def _change(
        self, process: str, name: str, path: Path, arguments: str, result: int, pending: int
    ) -> None:
        file = self._file(path)
        numbers = [int(n) for n in re.findall(r", (\d+)(?=,|$)", arguments)]
        if name == "pwrite64":
            file.pending.append(Write(numbers[-1], _bytes(arguments)[:result]))
        elif name in ("pwritev", "pwritev2"):
            offset = numbers[-1] if name == "pwritev" else numbers[-2]
            file.pending.append(Write(offset, _bytes(arguments)[:result]))
        elif name == "write":
            descriptor = (process, arguments.split("<", 1)[0])
            position = self._positions.get(descriptor, 0)
            file.pending.append(Write(position, _bytes(arguments)[:result]))
            self._positions[descriptor] = position + result
        elif name == "ftruncate":
            file.pending.append(Cut(numbers[-1]))
        elif name == "fallocate":
            size = max(_length(file), numbers[-2] + numbers[-1])
            file.pending.append(Cut(size))
        elif name in ("fsync", "fdatasync"):
            file.sync(pending)

    def _opened(self, process: str, arguments: str, descriptor: int) -> None:
        self._positions[process, str(descriptor)] = 0
        path = self._folder / _strings(arguments)[0].decode()
        if "O_TRUNC" in arguments and path.is_relative_to(self._folder):
            self._file(path).pending.append(Cut(0))

    def _relist(self, name: str, arguments: str) -> None:
        # PostgreSQL names its files as seen from its data folder.
        old, *new = (self._folder / word.decode() for word in _strings(arguments))
        if not old.is_relative_to(self._folder):
            return
        file = self._file(old)
        self.files.pop(old, None)
        self.gone.add(old)
        if name == "rename":
            self.files[new[0]] = file
            self.gone.discard(new[0])

    def _path(self, arguments: str) -> Path | None:
        found = FILE.match(arguments)
        if found is None:
            return None
        path = Path(_unescaped(found.group(1)).decode("utf-8", "replace"))
        is_ours = path.is_relative_to(self._folder)
        is_folder = is_ours and (self._start / path.relative_to(self._folder)).is_dir()
        return path if is_ours and not is_folder else None

    def _file(self, path: Path) -> DiskFile:
        if path not in self.files:
            before = self._start / path.relative_to(self._folder)
            is_old = path not in self.gone and before.is_file()
            self.files[path] = DiskFile(bytearray(before.read_bytes() if is_old else b""))
            self.gone.discard(path)
        return self.files[path]


def _apply(content: bytearray, change: Write | Cut) -> None:
    end = change.length if isinstance(change, Cut) else change.offset + len(change.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if isinstance(change, Cut):
        del content[end:]
    else:
        content[change.offset : end] = change.data


def _parts(change: Write | Cut) -> Iterator[Write | Cut]:
    """The pieces of a change that get to the disk, or not, each for itself."""
    if isinstance(change, Cut):
        yield change
        return
    at, end = change.offset, change.offset + len(change.data)
    while at < end:
        stop = min(at - at % BLOCK + BLOCK, end)
        yield Write(at, change.data[at - change.offset : stop - change.offset])
        at = stop


def _length(file: DiskFile) -> int:
    content = len(file.durable)
    for change in file.pending:
        if isinstance(change, Cut):
            content = change.length
        else:
            content = max(content, change.offset + len(change.data))
    return content


def _bytes(arguments: str) -> bytes:
    return b"".join(_strings(arguments))


def _strings(arguments: str) -> list[bytes]:
    return [_unescaped(text) for text in STRING.findall(arguments)]


def _unescaped(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()
