"""Every sentence that members read, as cards. Nothing outside this package words anything for them."""

from bot.core.wording.answers import answer_card
from bot.core.wording.notes import note_card
from bot.core.wording.notices import notice_card
from bot.core.wording.poll import poll_card
from bot.core.wording.queries import help_card, list_card, status_card
from bot.core.wording.spans import Names, Scene

__all__ = [
    "Names",
    "Scene",
    "answer_card",
    "help_card",
    "list_card",
    "note_card",
    "notice_card",
    "poll_card",
    "status_card",
]
