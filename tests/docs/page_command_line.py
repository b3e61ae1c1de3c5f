"""docs/reference/command-line.md: every `folkmoot` verb and option, from the command tree itself."""

from __future__ import annotations

from bot import cli_roster, cli_shared
from tests.docs.commandtree import HELP, PROGRAM, Command, Option, commands
from tests.docs.markdown import code, fence, page, prose, sentence, table


def command_line() -> str:
    """The page."""
    root, *verbs = commands()
    overview = [(f"[`{c.typed}`](#{'-'.join(c.path)})", _first(c.help)) for c in verbs if not c.group]
    return page(
        f"The command line: `{PROGRAM}`",
        "bot/cli.py",
        prose(root.help),
        f"Every verb has `{HELP}`.",
        table(("Verb", "What it does"), overview),
        f"## {PROGRAM}\n\n{fence(root.usage)}\n\n{_options(root)}",
        *(_section(command) for command in verbs),
        _codes(),
    )


def _first(text: str) -> str:
    """The first sentence of a help text."""
    words = prose(text).replace("\n\n", " ")
    end = words.find(". ")
    return words if end < 0 else words[: end + 1]


def _section(command: Command) -> str:
    parts = [f"## {command.typed}", fence(command.usage), prose(command.help)]
    arguments = [(code(o.metavar), sentence(_with_bounds(o))) for o in command.options if not o.names]
    if arguments:
        parts.append(table(("Argument", "Meaning"), arguments))
    if any(option.names for option in command.options):
        parts.append(_options(command))
    return "\n\n".join(parts)


def _options(command: Command) -> str:
    rows = [
        (code(o.typed), code(o.default), code(o.environment), sentence(_with_bounds(o)))
        for o in command.options
        if o.names
    ]
    return table(("Option", "Default", "Environment", "Meaning"), rows)


def _with_bounds(option: Option) -> str:
    needed = " Required." if option.required and option.names else ""
    bounds = f" ({option.bounds})" if option.bounds else ""
    stop = "." if option.help[-1:] in ".!?" else ""
    return f"{option.help.rstrip('.')}{bounds}{stop}{needed}"


def _codes() -> str:
    rows = [
        ("`0`", "Done; with a reading verb that checks: nothing differs."),
        (
            code(str(cli_shared.FAILED)),
            "It could not be done, or a check found something. The reason is on standard error.",
        ),
        (
            code(str(cli_shared.MISUSED)),
            "It was asked for in the wrong way: an unknown verb or option, or a mistake in the configuration or the "
            "policy, with file and line.",
        ),
        (
            code(str(cli_roster.REFUSED)),
            "`folkmoot roster`: the file cannot be read, or the edit is not certain. Nothing was changed.",
        ),
    ]
    return "## Exit codes\n\n" + table(("Code", "Meaning"), rows)
