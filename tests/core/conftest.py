"""Property tests of the core have no deadline: a busy machine makes no example wrong."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("core", deadline=None)
settings.load_profile("core")
