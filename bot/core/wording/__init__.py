"""Every sentence that members read, as cards. Nothing outside this package words anything for them."""

from bot.core.wording.activity import candidates_card, review_card, review_note
from bot.core.wording.answers import answer_card
from bot.core.wording.dco import dco_card, dco_help
from bot.core.wording.digest import digest_card
from bot.core.wording.linking import link_ended, linked_notice, unlinked_notice
from bot.core.wording.notes import note_card
from bot.core.wording.notices import notice_card
from bot.core.wording.pings import pings_card, pings_params
from bot.core.wording.places import open_again_notice, shut_notice
from bot.core.wording.poll import living_card, poll_card
from bot.core.wording.queries import (
    help_card,
    list_card,
    mine_card,
    status_card,
    whoami_card,
    why_card,
    why_nothing_card,
)
from bot.core.wording.spans import Names, Scene
from bot.core.wording.threads import comment_gone, thread_note, thread_result, thread_status

__all__ = [
    "Names",
    "Scene",
    "answer_card",
    "candidates_card",
    "comment_gone",
    "dco_card",
    "dco_help",
    "digest_card",
    "help_card",
    "link_ended",
    "linked_notice",
    "list_card",
    "living_card",
    "mine_card",
    "note_card",
    "notice_card",
    "open_again_notice",
    "pings_card",
    "pings_params",
    "poll_card",
    "review_card",
    "review_note",
    "shut_notice",
    "status_card",
    "thread_note",
    "thread_result",
    "thread_status",
    "unlinked_notice",
    "whoami_card",
    "why_card",
    "why_nothing_card",
]
