"""Runs `git rev-list`, the plumbing under `git log`, where nothing in the repository can make it run something else.

Rev-list has no pager, alias, signature check, mailmap, text conversion or log setting. What is left is closed here: no
configuration but the repository's own, no hook, no protocol, no lazy fetch of missing objects, no replacement, no
graft. The repository is named by `--git-dir`, so none is searched for and its owner does not matter. Must never be
given anything that a person typed: only a path of the configuration and a commit id.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.git.commits import MAX_RECORD
from bot.ports import ForgeError

_CHUNK: Final = 1 << 20
_ERRORS: Final = 2_000
_LOOK: Final = 0.2
_USAGE: Final = 129
_SLOW: Final = "git took too long over the history"
_SHORTER: Final = "ask for a shorter window"
_SETTINGS: Final = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.alternateRefsCommand=",
    "core.commitGraph=false",  # it holds 34 bits of a date, and the commits are read anyway
    "core.pager=cat",
    "core.sshCommand=false",
    "diff.external=",
    "gpg.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
)


class NoProgram(Exception):
    """There is no git program that can do this: walk without it."""


def environment(home: str) -> dict[str, str]:
    """All that git sees of ours: nothing of the operator's environment, and an empty home."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "false",
        "SSH_ASKPASS": "false",
        "GIT_PAGER": "cat",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_GRAFT_FILE": f"{home}/no-grafts",
    }


def command(program: Path, folder: Path, head: str, since: int) -> list[str]:
    """The command line. `folder` is the git directory, `head` a full commit id."""
    if len(head) != 40 or set(head) - set("0123456789abcdef"):
        raise ValueError("a commit id is 40 hexadecimal digits")
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    options = ["--header", "--encoding=none", f"--max-age={since}", "--end-of-options", head, "--"]
    return [str(program), "--no-pager", f"--git-dir={folder.absolute()}", *settings, "rev-list", *options]


def records(
    program: Path, folder: Path, head: str, since: int, *, seconds: float, stopped: Callable[[], bool]
) -> Generator[bytes, None, None]:
    """The commits, newest first, some at a time, each as: NUL, id, newline, header, blank line, indented message.

    Raises NoProgram, or ForgeError if git fails, is stopped, or takes longer. No process outlives the iterator.
    """
    with tempfile.TemporaryDirectory(prefix="folkmoot-git-") as home:
        with _running(command(program, folder, head, since), home) as process:
            deadline = time.monotonic() + seconds
            errors, rest = bytearray(), _Rest()
            for chunk in _output(process, errors, deadline=deadline, stopped=stopped):
                yield rest.split(chunk)
            code = _ended(process, deadline)
        if code == _USAGE:
            raise NoProgram("this git lacks an option")
        if code or rest.kept:
            said = "".join(char for char in errors.decode("utf-8", "replace")[:200] if char.isprintable())
            raise ForgeError(
                f"git could not read the history ({code}): {said}",
                remedy="run `git fsck` in the repository; if it is a partial clone, fetch the rest",
                retry=False,
            )


@contextmanager
def _running(line: list[str], home: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process in a group of its own, which is killed and reaped in the end."""
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the words are ours, see `command`
            line,
            cwd=home,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pipesize=_CHUNK,
        )
    except OSError as error:
        raise NoProgram(str(error)) from error
    with process:
        try:
            yield process
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)


def _ended(process: subprocess.Popen[bytes], deadline: float) -> int:
    try:
        return process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise ForgeError(_SLOW, remedy=_SHORTER) from error


def _output(
    process: subprocess.Popen[bytes], errors: bytearray, *, deadline: float, stopped: Callable[[], bool]
) -> Iterator[bytes]:
    """What git prints, until it ends; the first of its complaints go to `errors`, the rest nowhere."""
    assert process.stdout is not None  # noqa: S101 - for the type checker
    assert process.stderr is not None  # noqa: S101
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ, True)
        waiting.register(process.stderr, selectors.EVENT_READ, False)
        while waiting.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise ForgeError(_SLOW, remedy=_SHORTER)
            if stopped():
                raise ForgeError("reading the history was stopped")
            for key, _ in waiting.select(min(left, _LOOK)):
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    waiting.unregister(key.fileobj)
                elif key.data:
                    yield chunk
                else:
                    errors += chunk[: max(0, _ERRORS - len(errors))]


class _Rest:
    """Cuts the stream after NUL bytes. Of a record that does not end, only the first MAX_RECORD bytes are kept."""

    def __init__(self) -> None:
        self.kept = b""

    def split(self, chunk: bytes) -> bytes:
        """The records that end in this chunk, each after a NUL instead of before it."""
        if len(self.kept) >= MAX_RECORD:
            chunk = chunk[max(0, chunk.find(b"\0")) :] if b"\0" in chunk else b""
        first, ended, others = chunk.partition(b"\0")
        head = (self.kept + first)[:MAX_RECORD]
        if not ended:
            self.kept = head
            return b""
        whole, more, rest = others.rpartition(b"\0")
        self.kept = rest[:MAX_RECORD]
        return b"\0" + head + (b"\0" + whole if more else b"")
