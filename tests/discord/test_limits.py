"""The longest that members may type, through the real client to a server that refuses what is too long."""

from __future__ import annotations

import pytest

from bot.core.prose import REASON_LIMIT, TEXT_LIMIT
from tests.discord.world import Town
from tests.fakes.discord.reading import read
from tests.world import logins

ANN, BEN = logins()[:2]


@pytest.mark.parametrize("char", ["x", "文", "*", "_ ", "é\n"])
async def test_the_longest_nomination_is_posted_and_edited(town: Town, char: str) -> None:
    text = (char * TEXT_LIMIT)[: TEXT_LIMIT - 1] + "."
    opened = await town.slash(ANN, "nominate", login="newperson", months=7)
    await town.submit(ANN, opened, evidence=text, text=text)
    assert town.motion().closes_at is not None, "it is posted"
    await town.press(BEN, town.poll(), "Yes")
    shown = read(town.poll())
    assert "● 1 yes" in shown
    if char in "x文":
        assert text in shown, "the proposal itself is whole"


async def test_the_longest_reasons_and_texts_are_taken(town: Town) -> None:
    await town.nominate()
    reason = "r" * REASON_LIMIT
    form = await town.press(BEN, town.poll(), "Object…")
    await town.submit(BEN, form, reason=reason)
    assert reason in town.thread()[0]
    form = await town.slash(ANN, "correct", motion=1)
    await town.submit(ANN, form, text="c" * TEXT_LIMIT)
    assert "c" * TEXT_LIMIT in read(town.poll())


async def test_a_long_text_that_is_refused_comes_back_as_a_file(town: Town) -> None:
    await town.nominate()
    form = await town.slash(BEN, "resolve", title="T", link="nonsense")
    sent = await town.submit(BEN, form, text="d" * TEXT_LIMIT)
    assert "d" * TEXT_LIMIT in sent.text
    assert "Open the form again" in sent.buttons


async def test_a_refusal_is_told_also_where_no_file_is_taken(town: Town) -> None:
    form = await town.slash(BEN, "resolve", title="T", link="nonsense")
    town.fake.fail("POST", r"/interactions/\d+/.*", status=403, code=50013)
    sent = await town.submit(BEN, form, text="d" * TEXT_LIMIT)
    assert sent.text
    assert "Open the form again" in sent.buttons


async def test_the_longest_answers_fit(town: Town) -> None:
    for number in range(5):
        opened = await town.slash(logins()[number], "nominate", login=f"somebody-{number}", months=7)
        await town.submit(logins()[number], opened, evidence="e" * TEXT_LIMIT, text="t" * TEXT_LIMIT)
    for path in ("list", "mine", "help", "more candidates", "more review"):
        assert (await town.slash(ANN, path)).text
    assert (await town.slash(ANN, "status", motion=1)).text
