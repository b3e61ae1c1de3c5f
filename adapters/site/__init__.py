"""The governance record as web pages: read-only, the same files from the bot's own process or from a folder."""

from adapters.site.files import Written, write_site
from adapters.site.pages import Pages
from adapters.site.source import Source
from adapters.site.web import Served, serve

__all__ = ["Pages", "Served", "Source", "Written", "serve", "write_site"]
