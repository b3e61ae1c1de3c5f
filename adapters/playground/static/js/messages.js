// Draws messages: who, when, what, and the reactions beneath.

import { drawCard, toneOf } from "./cards.js";
import { h } from "./dom.js";
import { emoji, NAMES } from "./emoji.js";
import { localDate, localDay, mention, stamp } from "./spans.js";
import { BALLOTS, nameOf, person, textOf, world } from "./world.js";

const BOT = "Folkmoot";

export function avatar(login) {
  if (!login) return h("img", { class: "avatar", src: "/static/moot.svg", alt: "", width: 38, height: 38 });
  const words = nameOf(login).split(/\s+/).filter(Boolean);
  const initials = (words.length > 1 ? [words[0], words.at(-1)] : words).map((word) => [...word][0]).join("");
  let hue = 0;
  for (const char of login) hue = (hue * 31 + char.codePointAt(0)) % 360;
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials.toUpperCase());
  node.style.setProperty("--hue", String(hue));
  return node;
}

function head(message) {
  const who = person(message.author);
  return h(
    "header",
    { class: "head" },
    h("strong", { class: "who" }, message.author ? nameOf(message.author) : BOT),
    message.author ? h("span", { class: "role" }, who?.role ?? "") : h("span", { class: "tag" }, "bot"),
    stamp(message.at),
    message.edited && h("span", { class: "edited" }, "edited"),
  );
}

/** A text that a member typed, with names picked out. */
function typed(text) {
  const parts = text.split(/(@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)/);
  return parts.map((part, i) => (i % 2 && person(part.slice(1)) ? mention(part.slice(1)) : part));
}

const takesReactions = ({ card }) => card?._ === "Poll" && card.reactions !== false;
const choiceOf = (message, char) => takesReactions(message) && world.emoji.find((known) => known.char === char)?.choice;

/** The reactions to suggest: one for each ballot that the poll has a button for. */
function suggested(message) {
  if (!takesReactions(message)) return [];
  const offered = BALLOTS.filter((verb) => message.card.buttons.some((button) => button.verb === verb));
  return offered.map((verb) => world.emoji.find(({ choice }) => choice === verb)?.char).filter(Boolean);
}

function chip(message, char, by, act) {
  const mine = by.includes(world.me);
  const choice = choiceOf(message, char);
  const names = by.map(nameOf).join(", ");
  const label = `${NAMES[char] ?? char}${choice ? ` (${choice})` : ""}, ${by.length}${names ? `: ${names}` : ""}`;
  return h(
    "button",
    {
      type: "button",
      class: "chip",
      "aria-pressed": String(mine),
      "aria-label": label,
      title: names || null,
      "data-key": `chip-${char}`,
      "data-emoji": char,
      onclick: () => act.react(message, char, !mine),
    },
    emoji(char),
    h("span", {}, by.length || ""),
  );
}

function reactions(message, act) {
  const given = new Map(message.reactions.map(({ char, by }) => [char, by]));
  for (const char of suggested(message)) if (!given.has(char)) given.set(char, []);
  const order = world.emoji.map(({ char }) => char);
  const chars = [...given.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const row = chars.map((char) => chip(message, char, given.get(char), act));
  const tools = [picker(message, act), more(message, act)];
  if (!row.length) return h("div", { class: "tools" }, tools);
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, row, tools);
}

function popup(key, label, sign, ...content) {
  const summary = h("summary", { "aria-label": label, title: label, "data-key": key }, sign);
  const details = h("details", { class: "popup" }, summary, h("div", { class: "popup-body" }, content));
  details.addEventListener("toggle", () => details.open && details.lastChild.scrollIntoView({ block: "nearest" }));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  return details;
}

function picker(message, act) {
  const choose = (event, char) => {
    event.currentTarget.closest("details").open = false;
    act.react(message, char, true);
  };
  const means = (char) => (message.card?._ === "Poll" ? `: ${choiceOf(message, char) || "no ballot"}` : "");
  const offer = world.emoji.map(({ char }) =>
    h("button", { type: "button", class: "icon", "data-emoji": char, title: NAMES[char] + means(char),
      "aria-label": NAMES[char], onclick: (event) => choose(event, char) }, emoji(char)));
  return popup("picker", "Add a reaction", "☺+", offer);
}

function more(message, act) {
  const remove = h("button", { type: "button", class: "danger small", onclick: () => act.remove(message) }, "Delete message");
  return popup("more", "More for this message", "⋯", remove, h("p", {}, "as an administrator of a chat could"));
}

function shared(message, act) {
  if (message.gone) return [avatar(message.author), h("div", { class: "body" }, h("p", { class: "gone" }, "This message was deleted."))];
  const content = message.card
    ? drawCard(message.card, acts(message, act))
    : h("p", { class: "said", dir: "auto" }, typed(message.text));
  const below = message.place === "direct" ? null : reactions(message, act);
  return [avatar(message.author), h("div", { class: "body" }, head(message), content, below)];
}

function secret(message, act) {
  const [tone, sign, word] = message.card ? toneOf(message.card) : ["typed", "›", "You typed"];
  const away = h("button", { type: "button", class: "icon dismiss", "data-key": "dismiss", "aria-label": "Dismiss", title: "Dismiss",
    onclick: () => act.dismiss(message) }, "✕");
  const content = message.card ? drawCard(message.card, acts(message, act)) : h("p", {}, h("code", { dir: "auto" }, message.text));
  return h(
    "div",
    { class: `secret ${tone}` },
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    h("div", { class: "body" }, content, h("p", { class: "only" }, `${word} · only you can see this · `, stamp(message.at))),
    away,
  );
}

const acts = (message, act) => ({ press: (verb, button) => act.press(message, verb, button), form: act.form });

/** One message as a list item, or null where nothing of it is left to show. */
export function drawMessage(message, act) {
  const hidden = message.kind === "private" || message.kind === "typed";
  if (hidden && message.gone) return null;
  const kind = hidden ? "whisper" : message.author ? "chat-line" : "from-bot";
  return h("li", { id: `m-${message.id}`, class: `message ${kind}`, "data-kind": message.kind },
    hidden ? secret(message, act) : shared(message, act));
}

/** The line between two days, or null where they are one. */
export function divider(before, message) {
  const at = new Date(message.at);
  if (before && localDate(new Date(before.at)) === localDate(at)) return null;
  return h("li", { class: "day", "data-day": localDate(at) }, h("span", {}, localDay(at)));
}

/** What a screen reader is told about a new message. */
export function announcement(message) {
  const from = message.author ? nameOf(message.author) : BOT;
  const card = message.card;
  const words = card ? textOf(card.heading ?? card.lines?.[0]) : message.text;
  const how = message.kind === "private" ? "Private reply" : message.place === "direct" ? `Direct message from ${from}` : from;
  return message.gone || message.kind === "typed" ? "" : `${how}: ${words}`;
}
