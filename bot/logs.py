"""Structured logs on standard error: text for people, JSON for machines. No text of a member goes in here.

What is about a motion carries its number as `motion`. Every secret that was read is taken out of every line (T40).
Tracebacks show lines of code and never local variables: those hold ballots, reasons and names (T49).
No value breaks out of its line: JSON escapes it, and so does the text form (T34).
"""

from __future__ import annotations

import io
import logging
import sys
from typing import Final, Literal, TextIO

import structlog

from bot.secrecy import redact

Form = Literal["text", "json"]
_frames: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure(form: Form, *, level: str = "info") -> None:
    """Set up logging for the process: our own lines, and those of the libraries from warnings on, in the same form."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_shared(form), _drawn(form), _redacted],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(form))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _shared(form: Form) -> list[structlog.typing.Processor]:
    last: structlog.typing.Processor = _frames if form == "json" else _one_line
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        last,
    ]


def _drawn(form: Form) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_indented)


def _indented(stream: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    """A traceback whose lines cannot be taken for lines of the log: an error's words may hold newlines."""
    drawn = io.StringIO()
    structlog.dev.plain_traceback(drawn, exc_info)
    stream.write("\n".join(f"    {printable(line)}" for line in drawn.getvalue().split("\n")))


def printable(text: str) -> str:
    """The text on one line, without what moves a terminal's cursor or hides: that is written as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _one_line(_: object, __: str, said: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """All values but tracebacks as text on one line."""
    return {key: printable(value) if isinstance(value, str) else value for key, value in said.items()}


def _redacted(_: object, __: str, line: object) -> str:
    """The last step: the whole line, as it would be written."""
    return redact(str(line))


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """A line of a library in the same form."""

    def __init__(self, form: Form) -> None:
        pre: list[structlog.typing.Processor] = [structlog.stdlib.add_logger_name, *_shared(form)]
        remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        super().__init__(foreign_pre_chain=pre, processors=[remove, _drawn(form), _redacted])
