"""Makes the sample repository: an invented project and its history. Must never touch another one."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dulwich.objects import Blob, ObjectID, Tree
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from adapters.localgit.changes import make_commit
from adapters.localgit.merging import SAMPLE, is_sample
from adapters.localgit.repository import opened
from bot.ports import ForgeError

BRANCH: Final = "main"
MAINTAINERS: Final = (
    ("amara-okafor", "Amara Okafor"),
    ("bjornlund", "Björn Lundqvist"),
    ("chidi-e", "Chidi Eze"),
    ("daniela-rv", "Daniela Rodríguez Vega"),
    ("eunji", "김은지"),
    ("fatimaz", "Fatima Zahra El Idrissi"),
    ("gkowalczyk", "Grzegorz Kowalczyk"),
    ("hiroto-s", "佐藤 大翔"),
    ("iwalewa", "Ìwàlẹ̀wà Adéyemí"),
    ("jlacroix", "Jeanne Lacroix"),
    ("kavyarao", "Kavya Rao"),
    ("liamoreilly", "Liam O'Reilly"),
)
REVIEWERS: Final = (
    ("marketab", "Markéta Brázdilová"),
    ("nguyen-anh", "Nguyễn Thị Ánh"),
    ("oleksandrk", "Олександр Коваль"),
    ("paula-tee", "Paula Teixeira"),
)
_README: Final = """# Lantern

A small registry for the harbour's lamps: an invented project, here to try Folkmoot on.

Who decides is in [MAINTAINERS](MAINTAINERS), how is in [GOVERNANCE.md](GOVERNANCE.md).
"""
_GOVERNANCE: Final = """# Governance

- New maintainers are proposed to the maintainers, who have five business days to vote. At least 66% of the
  current maintainers must approve. Reviewers need 33%.
- Whoever steps down tells the other maintainers and opens a pull request.
- Maintainers who are no longer active can be removed by the same vote.
- A technical dispute can be put to a resolution vote; it needs two thirds of the maintainers.
"""
_CODE: Final = '''"""Lights the lamps of the harbour."""


def light(lamps: list[str]) -> list[str]:
    """Every lamp's name, lit."""
    return [f"{lamp}: lit" for lamp in sorted(lamps)]
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    days: int
    who: tuple[str, str]
    message: str
    files: dict[str, str]


def create_sample(path: Path, *, at: datetime) -> None:
    """Make a bare sample repository whose last commit lies a day before `at`; leave a sample there as it is.

    The same `at` gives the same commits. Raises ForgeError if anything else is in that place.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        _require_sample(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        _fill(making, at)
        making.rename(path)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _fill(path: Path, at: datetime) -> None:
    with Repo.init_bare(str(path), default_branch=BRANCH.encode()) as repo:
        repo.refs.set_symbolic_ref(HEADREF, Ref(b"refs/heads/" + BRANCH.encode()))
        head = _history(repo, at.astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0))
        config = repo.get_config()
        config.set(*SAMPLE, True)
        config.write_to_path()
        repo.refs.add_if_new(
            Ref(b"refs/heads/" + BRANCH.encode()),
            head,
            committer=b"Folkmoot <folkmoot@localhost>",
            timestamp=int(at.timestamp()),
            timezone=0,
            message=b"folkmoot: sample",
        )


def maintainers_file(maintainers: int = len(MAINTAINERS), reviewers: int = len(REVIEWERS)) -> str:
    """The sample's MAINTAINERS, as distribution/distribution writes it, with the first so many people."""
    columns = "# GitHub ID, Name, Email address"
    return "\n".join(
        (
            "# Lantern project maintainers & reviewers",
            "#",
            "# See GOVERNANCE.md for maintainer versus reviewer roles",
            "#",
            "# MAINTAINERS (lantern-maintainers@lists.example.org)",
            columns,
            *_rows(MAINTAINERS[:maintainers], ","),
            "#",
            "# REVIEWERS",
            columns,
            *_rows(REVIEWERS[:reviewers], ", "),
            "",
        )
    )


def _rows(people: tuple[tuple[str, str], ...], gap: str) -> list[str]:
    return [gap.join((f'"{login}"', f'"{name}"', f'"{login}@example.org"')) for login, name in people]


def _steps() -> tuple[_Step, ...]:
    m, r = MAINTAINERS, REVIEWERS
    return (
        _Step(
            days=212,
            who=m[0],
            message="Start the lantern",
            files={"README.md": _README, "MAINTAINERS": maintainers_file(8, 2)},
        ),
        _Step(days=190, who=m[3], message="Say how we decide", files={"GOVERNANCE.md": _GOVERNANCE}),
        _Step(days=151, who=m[6], message="Light the lamps", files={"lantern/lamps.py": _CODE}),
        _Step(days=118, who=m[1], message="Add three maintainers", files={"MAINTAINERS": maintainers_file(11, 2)}),
        _Step(days=64, who=r[0], message="Add two reviewers", files={"MAINTAINERS": maintainers_file(11, 4)}),
        _Step(days=23, who=m[11], message="Add Liam O'Reilly", files={"MAINTAINERS": maintainers_file(12, 4)}),
        _Step(days=1, who=m[10], message="Ignore build output", files={".gitignore": "__pycache__/\ndist/\n"}),
    )


def _history(repo: Repo, at: datetime) -> ObjectID:
    files: dict[str, str] = {}
    parents: list[ObjectID] = []
    for step in _steps():
        files |= step.files
        login, name = step.who
        commit = make_commit(
            tree=_tree(repo, files),
            parents=parents,
            message=step.message,
            who=f"{name} <{login}@example.org>",
            at=at - timedelta(days=step.days),
        )
        repo.object_store.add_object(commit)
        parents = [commit.id]
    return parents[0]


def _tree(repo: Repo, files: dict[str, str]) -> ObjectID:
    tree, below = Tree(), dict[str, dict[str, str]]()
    for path, text in files.items():
        name, _, rest = path.partition("/")
        if rest:
            below.setdefault(name, {})[rest] = text
            continue
        blob = Blob.from_string(text.encode())
        repo.object_store.add_object(blob)
        tree.add(name.encode(), 0o100644, blob.id)
    for name, inner in below.items():
        tree.add(name.encode(), 0o040000, _tree(repo, inner))
    repo.object_store.add_object(tree)
    return tree.id


def _require_sample(path: Path) -> None:
    problem = ForgeError(
        "there is something other than the sample repository in that place",
        remedy="choose an empty folder",
        retry=False,
    )
    if not path.is_dir():
        raise problem
    with opened(path) as repo:
        if not is_sample(repo):
            raise problem
