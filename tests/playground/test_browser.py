"""The page in a real browser: typing, pressing, reacting, forms, themes, live updates, and what must not happen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from adapters.playground.room import Room
from adapters.playground.web import Site, serve
from tests.contract.test_platform import CARDS
from tests.playground.hands import act_as, nominated, say
from tests.playground.scene import CHANNEL, ScriptedDesk, Stagehand, draft, members

pytestmark = pytest.mark.browser

ADA, GRACE = members()[:2]
HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{7*7}}'


# --------------------------------------------------------------------------- typing


async def test_a_command_is_completed_by_keyboard_alone(page: Page, desk: ScriptedDesk) -> None:
    box = page.get_by_role("combobox", name="Message")
    await box.focus()
    await page.keyboard.type("/mo")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/moot ")
    await expect(page.get_by_role("option")).not_to_have_count(0)
    await page.keyboard.type("no")
    await page.keyboard.press("ArrowDown")
    await expect(box).to_have_attribute("aria-activedescendant", "suggest-0")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/moot nominate ")
    await expect(page.locator("#usage")).to_contain_text("/moot nominate @login")
    await page.keyboard.type("@newp")
    await page.keyboard.press("Tab")
    await page.keyboard.type("--mo")
    await page.keyboard.press("Tab")
    await page.keyboard.type("7 --ro")
    await page.keyboard.press("Tab")
    await page.keyboard.type("rev")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/moot nominate @newperson --months 7 --role reviewer ")
    await page.keyboard.type("Careful.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".poll")).to_be_visible()
    assert len(desk.asked) == 1


async def test_escape_closes_the_suggestions_and_enter_sends_what_was_typed(page: Page, desk: ScriptedDesk) -> None:
    box = page.get_by_role("combobox", name="Message")
    await box.fill("/moot he")
    await expect(box).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Escape")
    await expect(box).to_have_attribute("aria-expanded", "false")
    await box.fill("/moot help ")
    await page.keyboard.press("Enter")
    await expect(page.locator(".listing")).to_contain_text("What you can type")
    assert len(desk.asked) == 1


async def test_the_numbers_of_motions_are_offered(page: Page) -> None:
    await nominated(page)
    await page.get_by_role("combobox", name="Message").fill("/moot yes ")
    await expect(page.get_by_role("option")).to_have_text(re.compile("^1Motion 1"))


async def test_arrow_up_brings_back_what_was_sent(page: Page) -> None:
    await say(page, "first")
    await say(page, "second")
    box = page.get_by_role("combobox", name="Message")
    await box.press("ArrowUp")
    await box.press("ArrowUp")
    await expect(box).to_have_value("first")
    await box.press("ArrowDown")
    await expect(box).to_have_value("second")


async def test_an_empty_channel_shows_how_to_begin(page: Page) -> None:
    await page.get_by_role("button", name="Nominate somebody").click()
    await expect(page.get_by_role("combobox", name="Message")).to_have_value(re.compile("^/moot nominate @newperson"))


# --------------------------------------------------------------------------- polls


async def test_a_press_counts_is_told_privately_and_keeps_the_focus(page: Page) -> None:
    await nominated(page)
    yes = page.locator(".poll").get_by_role("button", name="Yes")
    await yes.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".poll .count")).to_contain_text("1 of 8 needed")
    await expect(page.locator(".tally")).to_have_attribute(
        "aria-label", "1 yes, 0 no, 0 abstain, 11 not voted; 8 yes needed of 12"
    )
    await expect(page.locator(".secret.done").last).to_contain_text("Recorded: yes")
    await expect(yes).to_be_focused()
    await act_as(page, "grace")
    await expect(page.locator(".poll .count")).to_contain_text("1 of 8 needed")
    await expect(page.locator(".secret")).to_have_count(0)


async def test_a_reaction_is_toggled_and_the_one_that_counts_is_heard(page: Page, desk: ScriptedDesk) -> None:
    await nominated(page)
    up = page.locator(".reactions [data-emoji='👍']").first
    await up.click()
    await expect(up).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".poll .count")).to_contain_text("1 of 8 needed")
    await up.click()
    await expect(up).to_have_attribute("aria-pressed", "false")
    await expect(page.locator(".secret").last).to_contain_text("it stands")
    asked = len(desk.asked)
    await page.get_by_label("Add a reaction").last.click()
    await page.get_by_role("button", name="celebration").click()
    await expect(page.locator(".chip[data-emoji='🎉']")).to_have_attribute("aria-pressed", "true")
    assert len(desk.asked) == asked


async def test_a_deleted_poll_leaves_a_mark(page: Page) -> None:
    await nominated(page)
    await page.get_by_label("More for this message").click()
    await page.get_by_role("button", name="Delete message").click()
    await expect(page.locator(".poll")).to_have_count(0)
    await expect(page.locator(".gone")).to_contain_text("deleted")


async def test_a_private_reply_can_be_dismissed(page: Page) -> None:
    await say(page, "/moot help")
    await expect(page.locator(".secret")).to_have_count(2)
    await page.get_by_role("button", name="Dismiss").last.click()
    await expect(page.locator(".secret")).to_have_count(1)


# --------------------------------------------------------------------------- people, clock, drafts


async def test_the_search_narrows_the_people_and_the_arrows_walk_them(page: Page) -> None:
    await page.get_by_role("searchbox", name="Find a person").fill("liskov")
    await expect(page.locator("#people label:visible")).to_have_count(1)
    await page.get_by_role("searchbox").fill("")
    await page.locator("#people input:checked").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("body")).to_have_attribute("data-ready", "grace")
    await expect(page.locator("#people input:checked")).to_be_focused()


async def test_a_ping_marks_its_member_until_it_is_read(page: Page) -> None:
    await page.get_by_role("button", name="Next deadline").click()
    await expect(page.locator("#toast")).to_contain_text("UTC")
    grace = page.locator("label:has(input[value=grace])")
    await expect(grace).to_contain_text("has a new direct message")
    await act_as(page, "grace")
    await page.get_by_role("button", name="Direct messages").click()
    await expect(page.locator(".note")).to_contain_text("You have not voted")
    await page.get_by_role("button", name="maintainers", exact=False).first.click()
    await expect(grace).not_to_contain_text("has a new direct message")


async def test_the_clock_shows_and_moves(page: Page) -> None:
    await expect(page.locator("#clock .now")).to_have_text("Mon 30 Jun, 09:30 UTC")
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#clock .now")).to_have_text("Mon 30 Jun, 10:30 UTC")


async def test_a_draft_appears_shows_its_change_and_is_merged(page: Page, stage: Stagehand, room: Room) -> None:
    stage.panels = [draft()]
    room.stir()
    card = page.locator(".draft")
    await expect(card.locator(".diff .add")).to_contain_text('+"newperson"')
    await card.get_by_text("Description").click()
    await expect(card.locator(".markdown li").first).to_contain_text("8 of 12 needed")
    await card.get_by_role("button", name="Merge").click()
    await expect(page.locator(".draft.merged")).to_contain_text("Merged")
    await expect(page.get_by_role("button", name="Merge")).to_have_count(0)


# --------------------------------------------------------------------------- liveness


async def test_another_tab_sees_at_once_what_one_does(page: Page, site: Site) -> None:
    other = await page.context.new_page()
    await other.goto(f"http://127.0.0.1:{site.port}/")
    await other.wait_for_selector("body[data-ready]")
    await act_as(other, "grace")
    await nominated(page)
    await expect(other.locator(".poll")).to_be_visible()
    await expect(other.locator("#live")).to_contain_text("Motion 1")
    await expect(page.locator("body")).to_have_attribute("data-ready", "ada")


async def test_a_lost_connection_is_said_and_found_again(
    page: Page, site: Site, room: Room, desk: ScriptedDesk, stage: Stagehand
) -> None:
    await say(page, "before")
    await site.close()
    await expect(page.locator("#lost")).to_contain_text("Connection lost")
    room.say(GRACE, "meanwhile", place="maintainers", key="say:meanwhile")
    again = await serve(room, desk, stage, port=site.port, token=site.token)
    await expect(page.locator("#lost")).to_be_hidden(timeout=15_000)
    await expect(page.locator(".said").last).to_have_text("meanwhile")
    await say(page, "after")
    await expect(page.locator(".said").last).to_have_text("after")
    await page.context.close()
    await again.close()


async def test_a_server_with_another_token_asks_for_its_own_address(
    page: Page, site: Site, room: Room, desk: ScriptedDesk, stage: Stagehand
) -> None:
    await site.close()
    again = await serve(room, desk, stage, port=site.port)
    await expect(page.locator("#lost")).to_contain_text("started anew", timeout=15_000)
    await page.context.close()
    await again.close()


# --------------------------------------------------------------------------- safety and looks


async def test_hostile_text_is_shown_and_never_runs(page: Page, room: Room) -> None:
    await say(page, HOSTILE)
    await expect(page.locator(".said").last).to_have_text(HOSTILE)
    await say(page, f"/moot nominate @newperson {HOSTILE}")
    await expect(page.locator(".poll blockquote")).to_contain_text("onerror")
    assert await page.evaluate("window.hurt") is None
    assert await page.locator("#messages img:not(.avatar), #messages script").count() == 0


async def test_every_card_is_drawn(page: Page, room: Room) -> None:
    for number, card in enumerate(CARDS):
        await room.post(channel=CHANNEL, card=card, key=f"m1:{number}")
    await expect(page.locator(".from-bot")).to_have_count(len(CARDS))
    await page.reload()
    await expect(page.locator(".from-bot .card")).to_have_count(len(CARDS))


async def test_the_theme_is_chosen_and_remembered(page: Page) -> None:
    button = page.get_by_role("button", name="Theme")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(ground)
    await button.click()
    await button.click()
    await expect(button).to_have_attribute("aria-label", "Theme: dark. Change")
    dark = await page.evaluate(ground)
    assert dark != light
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    assert await page.evaluate(ground) == dark


async def test_on_a_narrow_screen_the_sides_are_drawers(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(page.locator("#side")).to_be_hidden()
    await page.locator("#me").click()
    await act_as(page, "grace")
    await page.keyboard.press("Escape")
    await expect(page.locator("#side")).to_be_hidden()
    await page.get_by_role("button", name="Clock and drafts", exact=True).click()
    await expect(page.get_by_role("button", name="+1 day")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
