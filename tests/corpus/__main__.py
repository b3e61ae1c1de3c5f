"""Prints how real edits of maintainers files come out: `python -m tests.corpus [--diff] [FORMAT ...]`."""

from __future__ import annotations

import difflib
import sys

from tests.corpus.replay import Replayed, cases, replay, table


def main(arguments: list[str]) -> int:
    """The report; 1 if an edit is wrong, 0 where the corpus is absent too."""
    with_diff = "--diff" in arguments
    wanted = {each for each in arguments if not each.startswith("-")}
    found = [replay(case) for case in cases() if not wanted or case["format"] in wanted]
    if not found:
        sys.stdout.write("No corpus: set FOLKMOOT_CORPUS to roster-edits.jsonl or its folder." + "\n")
        return 0
    sys.stdout.write("\n".join(table(found)) + "\n")
    for each in found:
        if each.verdict not in {"exact", "position"}:
            sys.stdout.write(f"\n{each.verdict}: {each.label}" + (f"\n  {each.reason}" if each.reason else "") + "\n")
            if with_diff and each.after:
                sys.stdout.write("\n".join(_diff(each)) + "\n")
    return 1 if any(each.verdict == "wrong" for each in found) else 0


def _diff(each: Replayed) -> list[str]:
    """From what people made of the file to what came out."""
    sides = (each.case["after"].split("\n"), each.after.split("\n"))
    return list(difflib.unified_diff(*sides, "people", "folkmoot", n=1, lineterm=""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
