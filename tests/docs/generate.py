"""Writes docs/reference from the code: `python -m tests.docs.generate`. The pages depend on nothing but the code."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from tests.docs.files import REFERENCE, named
from tests.docs.page_command_line import command_line
from tests.docs.page_configuration import configuration
from tests.docs.page_data import data, data_schema
from tests.docs.page_events import events
from tests.docs.page_maintainers_files import maintainers_files
from tests.docs.page_messages import messages
from tests.docs.page_moot import moot
from tests.docs.page_policy import policies


def pages() -> Mapping[str, str]:
    """Each generated page's file name and text."""
    return {
        "moot.md": moot(),
        "command-line.md": command_line(),
        "configuration.md": configuration(),
        "policy.md": policies(),
        "maintainers-files.md": maintainers_files(),
        "messages.md": messages(),
        "events.md": events(),
        "data.md": data(),
    }


def main() -> None:
    """Write every page that differs, and name it."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in {**pages(), "data.schema.json": data_schema()}.items():
        path = REFERENCE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{named(path)}: written\n")


if __name__ == "__main__":
    main()
