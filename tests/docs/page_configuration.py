"""docs/reference/configuration.md: the settings from the models, their meaning from config.example.toml."""

from __future__ import annotations

from tests.docs.files import EXAMPLE
from tests.docs.markdown import code, page, sentence, table
from tests.docs.settings import Setting, Table, settings
from tests.docs.tomlnotes import Notes, notes

_HEAD = ("Key", "Type", "Default", "Meaning")


def meaning(setting: Setting, said: Notes) -> str:
    """What the example says about this key, or about its table where the key has no words of its own."""
    return said.keys.get(setting.path) or said.tables.get(setting.table, "")


def configuration() -> str:
    """The page."""
    said = notes(EXAMPLE.read_text(encoding="utf-8"))
    found = settings()
    tables = {each.path: each for each in found if isinstance(each, Table)}
    parts = []
    for path in dict.fromkeys(each.table for each in found if isinstance(each, Setting)):
        rows = [_row(each, said) for each in found if isinstance(each, Setting) and each.table == path]
        known = tables.get(path) or Table(path=path, several=False, required=False, docstring="")
        about = sentence(said.tables.get(path, "") or known.docstring)
        parts.append("\n\n".join(filter(None, [f"## {code(known.header)}", about, table(_HEAD, rows)])))
    return page(
        "Configuration",
        "bot/config.py and config.example.toml",
        "One TOML file for the operator. [config.example.toml](../../config.example.toml) shows every setting; copy it "
        "to `config.toml` and check it with `folkmoot config check --config config.toml`. Paths are relative to the "
        "file. An unknown setting is an error; every mistake is shown with its file, its line and what to write. The "
        "rules of the votes are in [the policy](policy.md).",
        *parts,
    )


def _row(setting: Setting, said: Notes) -> tuple[str, str, str, str]:
    default = "required" if setting.required else setting.default
    return code(setting.key), setting.kind, default, sentence(meaning(setting, said))
