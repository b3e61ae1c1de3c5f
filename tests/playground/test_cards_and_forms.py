"""Cards, forms and the start menu in a real browser: drawn by their shape, filled in, walked by keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from adapters.playground.room import Room
from bot.core.cards import Button
from bot.core.menu import BY_NAME, FORMS, Field
from bot.ports import Filled, Pressed
from tests.contract.test_platform import STAGES, blinded, informed, poll
from tests.playground.hands import nominated, say
from tests.playground.scene import BALLOTS, CHANNEL, ScriptedDesk

pytestmark = pytest.mark.browser


# --------------------------------------------------------------------------- cards


async def test_a_ballot_with_a_reason_is_a_form(page: Page, desk: ScriptedDesk) -> None:
    await nominated(page)
    await page.get_by_role("button", name="Vote with a reason…").click()
    await page.get_by_role("radio", name="no", exact=True).check()
    await page.get_by_role("textbox", name="Reason").fill("Too soon.")
    await page.get_by_role("button", name="Cast the ballot").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator(".poll .count")).to_contain_text("○ 1 no")
    assert desk.ballots == {"ada": "no"}


async def test_a_poll_whose_count_is_hidden_has_words_and_no_drawing(
    page: Page, room: Room, desk: ScriptedDesk
) -> None:
    await room.post(channel=CHANNEL, card=replace(blinded(), buttons=BALLOTS), key="m1:poll")
    await expect(page.locator(".poll .count")).to_have_text("3 of 12 have voted")
    await expect(page.locator("#pins")).to_contain_text("3 of 12 have voted")
    await expect(page.locator(".tally, .chip")).to_have_count(0)
    await page.get_by_label("Add a reaction").click()
    await expect(page.get_by_title("thumbs up: no ballot")).to_be_visible()
    await page.get_by_role("button", name="thumbs up").click()
    await expect(page.locator(".chip")).to_have_attribute("aria-label", "thumbs up, 1: Ada Lovelace")
    assert desk.asked == []


async def test_every_stage_has_a_word_and_a_sign_of_its_own(page: Page, room: Room) -> None:
    for stage in STAGES:
        await room.post(channel=CHANNEL, card=poll(stage=stage), key=f"m1:{stage}")
    badges = page.locator(".stage")
    await expect(badges).to_have_count(len(STAGES))
    assert len(set(await badges.all_inner_texts())) == len(STAGES)
    signs = [await sign.inner_html() for sign in await page.locator(".stage-sign").all()]
    assert len(set(signs)) == len(STAGES)
    await expect(page.locator(".stage.seconding")).to_have_text("Needs seconds")
    await expect(page.locator("#pins")).to_contain_text("Needs seconds")


async def test_only_the_ballots_that_a_poll_has_buttons_for_are_suggested(page: Page, room: Room) -> None:
    await room.post(channel=CHANNEL, card=replace(poll(), buttons=BALLOTS[:2]), key="m1:poll")
    await expect(page.locator(".chip")).to_have_count(2)
    await page.get_by_role("button", name="Vote with a reason…").click()
    await expect(page.get_by_role("dialog").get_by_role("radio")).to_have_count(2)


async def test_a_notice_that_is_edited_is_drawn_anew_in_its_place(page: Page, room: Room, desk: ScriptedDesk) -> None:
    delivery = await room.post(channel=CHANNEL, card=informed(), key="m2:poll")
    await say(page, "Thank you!")
    hand_over = page.get_by_role("button", name="Hand over…")
    await hand_over.focus()
    await room.edit(channel=CHANNEL, ref=delivery.ref, card=informed("The storage drivers"))
    await expect(page.locator(".notice")).to_contain_text("☐ The storage drivers")
    await expect(page.locator(".message").first).to_contain_text("edited")
    await expect(hand_over).to_be_focused()
    await page.get_by_role("combobox", name="Message").fill("/moot confirm ")
    await expect(page.get_by_role("option")).to_have_text("2Motion 2 · @ada steps down.")
    await page.get_by_role("combobox", name="Message").fill("")
    await page.get_by_role("button", name="Make the draft now").click()
    await expect(page.locator(".secret")).to_contain_text("Noted.")
    assert desk.asked[-1].act == Pressed(verb="confirm", motion=2, key="m2:poll")


async def test_a_button_whose_verb_is_no_form_is_just_pressed(page: Page, room: Room, desk: ScriptedDesk) -> None:
    odd = Button(verb="status", label="Where it stands", form=True)
    await room.post(channel=CHANNEL, card=replace(poll(), buttons=(odd,)), key="m1:poll")
    await page.get_by_role("button", name="Where it stands").click()
    await expect(page.locator(".secret")).to_contain_text("Noted.")
    assert desk.asked[-1].act == Pressed(verb="status", motion=1, key="m1:poll")


@pytest.mark.parametrize("verb", FORMS)
async def test_every_form_of_the_menu_is_filled_in_and_sent(
    page: Page, room: Room, desk: ScriptedDesk, verb: str
) -> None:
    button = Button(verb=verb, label="Open the form", form=True)
    await room.post(channel=CHANNEL, card=replace(poll(), buttons=(button,)), key="m1:poll")
    await page.get_by_role("button", name="Open the form").click()
    dialog = page.get_by_role("dialog")
    fields = BY_NAME[verb].fields
    given = {field.name: field.choices[-1] if field.choices else _typed(field) for field in fields}
    for field in fields:
        control = dialog.locator(f"[name={field.name}]")
        await (control.select_option if field.choices else control.fill)(given[field.name])
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    assert desk.asked[-1].act == Filled(verb=verb, motion=1, values=given)


def _typed(field: Field) -> str:
    """Something of the field's kind, as long as it may be where that matters."""
    match field.kind:
        case "number":
            return "7"
        case "person":
            return "grace"
        case "long":
            return ("Long words.\n" * field.limit)[: field.limit - 1] + "."
        case _:
            return "x" * min(field.limit, 6)


# --------------------------------------------------------------------------- the menu beside the message box


async def test_the_start_menu_is_walked_by_keyboard_alone(page: Page) -> None:
    opener = page.get_by_role("button", name="Start…")
    await opener.focus()
    await page.keyboard.press("Enter")
    items = page.get_by_role("menuitem")
    await expect(page.get_by_role("menu", name="Start…")).to_be_visible()
    assert [(await item.inner_text()).split("\n")[0] for item in await items.all()] == [
        *("Nominate…", "Propose…", "Resolve…", "Practice…", "Contact…", "Pings…"),
        "Step down",
    ]
    await expect(items.first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(items.last).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_be_focused()
    await page.keyboard.press("r")
    await expect(items.nth(2)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(items.first).to_be_hidden()
    await expect(opener).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("What is to be decided")
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Tab")
    await expect(items.first).to_be_hidden()


async def test_a_step_down_is_typed_so_that_nobody_does_it_by_a_slip(page: Page, desk: ScriptedDesk) -> None:
    await page.get_by_role("button", name="Start…").click()
    await page.get_by_role("menuitem", name="Step down").click()
    box = page.get_by_role("combobox", name="Message")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("/moot step-down ")
    await expect(page.get_by_role("menu")).to_have_count(0)
    assert desk.asked == []


async def test_the_start_menu_closes_when_one_goes_elsewhere(page: Page) -> None:
    opener = page.get_by_role("button", name="Start…")
    await opener.click()
    await page.get_by_role("combobox", name="Message").click()
    await expect(page.get_by_role("menu")).to_have_count(0)
    await opener.click()
    await opener.click()
    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(opener).to_have_attribute("aria-expanded", "false")


async def test_the_nomination_form_checks_counts_and_sends(page: Page, desk: ScriptedDesk) -> None:
    await page.get_by_role("button", name="Start…").click()
    await page.get_by_role("menuitem", name="Nominate…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Candidate's login")).to_be_focused()
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_visible()
    assert desk.asked == []
    await dialog.get_by_label("Candidate's login").fill("newperson")
    await dialog.get_by_label("Months of involvement").fill("7")
    await dialog.get_by_label("What shows the involvement").fill("x" * 3001)
    await expect(dialog.locator(".hint.over")).to_contain_text("3,001 of 3,000 characters")
    await dialog.get_by_label("What shows the involvement").fill("40 reviews")
    await dialog.get_by_label("Why this person").fill("Reviews with care.")
    await dialog.get_by_role("button", name="Send").click()
    await expect(page.locator(".poll blockquote")).to_have_text("Reviews with care.")
