// Draws the numbers of a tally: a shape for each ballot and a mark where enough is reached. Never colour alone.

import { h } from "./dom.js";

const KINDS = [["yes", "yes"], ["no", "no"], ["abstain", "abstain"], ["not_voted", "not voted"]];
const SINGLE = 40;

/** The drawing, or null where the count is hidden; `words` says whether the counts stand beside it as a sentence. */
export function tally(bar, words) {
  if (!bar) return null;
  const total = KINDS.reduce((sum, [kind]) => sum + bar[kind], 0);
  const counts = KINDS.map(([kind, word]) => `${bar[kind]} ${word}`).join(", ");
  const label = `${counts}; ${bar.needed} yes needed of ${total}`;
  if (!total) return null;
  return h(
    "div",
    { class: "tally", role: "img", "aria-label": label },
    h("div", { class: "track" }, total <= SINGLE ? cells(bar) : segments(bar, total), mark(bar, total)),
    words ? null : legend(bar),
  );
}

function cells(bar) {
  const row = h("div", { class: "cells" });
  for (const [kind] of KINDS) {
    for (let i = 0; i < bar[kind]; i += 1) row.append(h("span", { class: `cell ${kind}` }, h("i")));
  }
  return row;
}

function segments(bar, total) {
  const row = h("div", { class: "segments" });
  for (const [kind] of KINDS) {
    if (!bar[kind]) continue;
    const part = h("span", { class: `segment ${kind}` });
    part.style.flexGrow = String(bar[kind] / total);
    row.append(part);
  }
  return row;
}

function mark(bar, total) {
  if (bar.needed > total) return null;
  const node = h("span", { class: `needed${bar.yes >= bar.needed ? " met" : ""}` }, h("b", {}, `${bar.needed} needed`));
  node.style.setProperty("--at", String(bar.needed / total));
  if (bar.needed / total < 0.2) node.classList.add("early");
  return node;
}

function legend(bar) {
  return h(
    "div",
    { class: "legend" },
    KINDS.map(([kind, word]) => h("span", {}, h("span", { class: `cell ${kind}` }, h("i")), `${bar[kind]} ${word}`)),
  );
}
