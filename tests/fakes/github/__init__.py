"""A fake GitHub: state that members act on, served over a loopback socket, held to GitHub's own description."""

from __future__ import annotations

from tests.fakes.github.clock import START, FakeTime
from tests.fakes.github.faults import Fault
from tests.fakes.github.server import serve
from tests.fakes.github.state import GitHub, Issue, Repository, User

__all__ = ["START", "FakeTime", "Fault", "GitHub", "Issue", "Repository", "User", "serve"]
