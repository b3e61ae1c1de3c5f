// The list of messages: keeps to the foot while one reads there, and never moves what one reads.

import { $, h, refill, swap } from "./dom.js";
import { announcement, divider, drawMessage } from "./messages.js";
import { stageWord } from "./stages.js";
import { here, markRead, polls, textOf, world } from "./world.js";

const NEAR = 80;
const EXAMPLES = [
  ["Nominate somebody", '/moot nominate @newperson --role maintainer --months 7 --evidence "40 reviews since May" Reviews with care, triages every week.'],
  ["See what can be done", "/moot help"],
];

export function talk(act, fill) {
  const scroll = $("scroll");
  const list = $("messages");
  const atFoot = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
  const toFoot = () => { scroll.scrollTop = scroll.scrollHeight; $("newer").hidden = true; };

  function empty() {
    const nothing = !list.querySelector(".message");
    $("empty").hidden = !nothing;
    if (!nothing) return;
    if (world.place === "direct") {
      refill($("empty"), h("p", { class: "big" }, "No direct messages yet"),
        h("p", {}, "Folkmoot writes here when a vote is about to close and you have not voted, or when it has a letter for you."));
      return;
    }
    refill($("empty"), h("p", { class: "big" }, "Nothing has been said yet"),
      h("p", {}, "This is the maintainers' channel. Propose somebody, vote as several people, move the clock, and watch what follows."),
      h("div", { class: "examples" }, EXAMPLES.map(([label, text]) =>
        h("button", { type: "button", class: "example", onclick: () => fill(text) }, h("b", {}, label), h("code", {}, text)))));
  }

  function append(message) {
    const node = drawMessage(message, act);
    if (!node) return;
    const all = here();
    const before = all[all.indexOf(message) - 1];
    list.append(...[divider(before, message), node].filter(Boolean));
  }

  /** How an open poll stands, in a few words: the count, or the turnout where the count is hidden. */
  function standing({ stage, bar, tally }) {
    if (stage !== "open") return stageWord(stage);
    return bar ? `${bar.yes} of ${bar.needed} needed` : textOf(tally.slice(0, 1));
  }

  function pins() {
    const open = world.place === "direct" ? [] : polls({ open: true }).filter((m) => m.place === world.place);
    $("pins").hidden = !open.length;
    refill($("pins"), open.map(({ id, card }) =>
      h("button", { type: "button", class: "pin", "data-key": `pin-${id}`, onclick: () => jump(id) },
        h("b", {}, textOf(card.heading)), h("span", {}, standing(card)))));
  }

  function jump(id) {
    const node = $(`m-${id}`);
    node?.scrollIntoView({ block: "start" });
    node?.querySelector("button")?.focus({ preventScroll: true });
  }

  function whole() {
    list.replaceChildren();
    for (const message of here()) append(message);
    empty();
    pins();
    toFoot();
    markRead();
  }

  function change(fresh) {
    const foot = atFoot();
    const told = [];
    let added = false;
    for (const { message, known } of fresh.filter(({ message: m }) => m.place === world.place)) {
      const old = $(`m-${message.id}`);
      const node = old && drawMessage(message, act);
      if (node) swap(old, node);
      else if (old) old.remove();
      else if (!known) {
        append(message);
        added = true;
      }
      if (!known) told.push(announcement(message));
    }
    empty();
    pins();
    if (foot) toFoot();
    else if (added) $("newer").hidden = false;
    markRead();
    const words = told.filter(Boolean).join(". ");
    if (words) $("live").textContent = words;
  }

  $("newer").addEventListener("click", toFoot);
  scroll.addEventListener("scroll", () => { if (atFoot()) $("newer").hidden = true; }, { passive: true });
  return { whole, change, toFoot };
}
