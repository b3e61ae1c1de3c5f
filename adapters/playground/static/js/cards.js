// Draws the bot's cards by their shape. What a member typed is quoted as plain text.

import { copy, h } from "./dom.js";
import { hasForm } from "./forms.js";
import { line, paragraph } from "./spans.js";
import { stageBadge } from "./stages.js";
import { tally } from "./tally.js";
import { BALLOTS } from "./world.js";

const TONES = { done: ["✓", "Done"], refused: ["!", "Not done"], failed: ["✕", "Failed"], info: ["i", "For you"] };
const LONG = 480;

function quote(text) {
  if (!text) return null;
  const body = h("blockquote", { dir: "auto" }, text);
  if (text.length <= LONG && text.split("\n").length <= 8) return body;
  body.classList.add("folded");
  const more = h("button", { type: "button", class: "link", "data-key": "more", "aria-expanded": "false" }, "Show all of it");
  more.addEventListener("click", () => {
    const folded = body.classList.toggle("folded");
    more.textContent = folded ? "Show all of it" : "Show less";
    more.setAttribute("aria-expanded", String(!folded));
  });
  return [body, more];
}

function code(text) {
  if (!text) return null;
  return h(
    "div",
    { class: "code" },
    h("pre", { tabindex: "0", role: "group", "aria-label": "Text to copy" }, text),
    h("button", { type: "button", class: "small", onclick: () => copy(text) }, "Copy"),
  );
}

function buttons(card, act) {
  if (!card.buttons?.length) return null;
  const form = (button) => button.form && hasForm(button.verb);
  const made = card.buttons.map((button) =>
    h(
      "button",
      {
        type: "button",
        class: `${button.style} verb-${button.verb}`,
        "data-key": `press-${button.verb}`,
        "data-verb": button.verb,
        "aria-haspopup": form(button) ? "dialog" : null,
        onclick: (event) => (form(button) ? act.form(button.verb, card.motion) : act.press(button.verb, event.currentTarget)),
      },
      BALLOTS.includes(button.verb) && h("span", { class: `cell ${button.verb}`, "aria-hidden": "true" }, h("i")),
      form(button) ? `${button.label.replace(/…$/, "")}…` : button.label,
    ),
  );
  const choices = BALLOTS.filter((verb) => card.buttons.some((button) => button.verb === verb));
  if (choices.includes("yes") && choices.includes("no")) {
    const reason = () => act.form("ballot", card.motion, choices);
    made.push(h("button", { type: "button", class: "quiet", "data-key": "reason", "aria-haspopup": "dialog", onclick: reason },
      "Vote with a reason…"));
  }
  return h("div", { class: "buttons", role: "group", "aria-label": "Answers" }, made);
}

function poll(card, act) {
  return [
    stageBadge(card.stage),
    h("h2", { class: "heading" }, line(card.heading)),
    paragraph(card.byline, "byline"),
    quote(card.quote),
    card.notes.length ? h("ul", { class: "notes" }, card.notes.map((note) => h("li", {}, line(note)))) : null,
    tally(card.bar, card.tally.length > 0),
    paragraph(card.tally, "count"),
    paragraph(card.arithmetic, "arithmetic"),
    paragraph(card.closes, "closes"),
    paragraph(card.following, "following"),
    buttons(card, act),
  ];
}

const lines = (card) => card.lines.map((spans) => paragraph(spans));

const DRAW = {
  Poll: poll,
  Notice: (card, act) => [lines(card), quote(card.quote), buttons(card, act)],
  Note: (card, act) => [lines(card), code(card.code), buttons(card, act)],
  Reply: (card, act) => [lines(card), buttons(card, act)],
  Listing: (card, act) => [
    h("h2", { class: "heading" }, line(card.heading)),
    h("ul", { class: "rows" }, card.rows.map((row) => h("li", {}, line(row)))),
    paragraph(card.footer, "footer"),
    buttons(card, act),
  ],
};

/** The word and sign that a private reply is marked with. */
export const toneOf = (card) => (card._ === "Reply" ? [card.tone, ...TONES[card.tone]] : ["info", ...TONES.info]);

/** A card. `act` has press(verb, button) and form(verb, motion, choices). */
export function drawCard(card, act) {
  const name = card._.toLowerCase();
  return h("div", { class: `card ${name} ${card.stage ?? ""}`, "data-motion": card.motion || null }, DRAW[card._](card, act));
}
