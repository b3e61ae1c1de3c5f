// The side panel: the clock that can be moved, and the draft pull requests.

import { Failed, post } from "./api.js";
import { $, copy, h, refill, toast } from "./dom.js";
import { markdown } from "./markdown.js";
import { utc } from "./spans.js";
import { world } from "./world.js";

const MOVES = [["hour", "+1 hour"], ["day", "+1 day"], ["deadline", "Next deadline"]];
const STATES = { open: "Draft", merged: "Merged", gone: "Gone" };
const opened = new Map();

async function run(button, path, body) {
  button.setAttribute("aria-busy", "true");
  try {
    const { what } = await post(path, { as: world.me, ...body });
    toast(what || "Done.");
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    toast(error.message, "failed");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

export function drawClock() {
  const now = new Date(world.clock);
  const move = ([how, label]) =>
    h("button", { type: "button", "data-key": `clock-${how}`, "data-move": how,
      onclick: (event) => run(event.currentTarget, "/clock", { move: how }) }, label);
  refill(
    $("clock"),
    h("p", { class: "now" }, h("time", { datetime: world.clock }, utc(now))),
    world.movable
      ? h("div", { class: "buttons", role: "group", "aria-label": "Move the clock" }, MOVES.map(move))
      : h("p", { class: "hint" }, "This clock cannot be moved: it is the real time."),
  );
}

function diff(text) {
  const kind = (row) => {
    if (/^(diff |index |--- |\+\+\+ |new file|deleted file)/.test(row)) return "meta";
    if (row.startsWith("@@")) return "hunk";
    return row.startsWith("+") ? "add" : row.startsWith("-") ? "del" : "same";
  };
  const rows = text.replace(/\n$/, "").split("\n").map((row) => h("span", { class: kind(row) }, `${row}\n`));
  return h("pre", { class: "diff", tabindex: "0", role: "group", "aria-label": "Changes" }, rows);
}

function fold(draft, name, label, open, content) {
  const key = `${draft.branch} ${name}`;
  const details = h("details", { open: opened.get(key) ?? open }, h("summary", { "data-key": key }, label), content);
  details.addEventListener("toggle", () => opened.set(key, details.open));
  return details;
}

function ending(draft) {
  if (draft.state !== "open") return null;
  if (draft.mergeable) {
    return h("button", { type: "button", class: "primary", "data-key": `merge-${draft.branch}`,
      onclick: (event) => run(event.currentTarget, "/merge", { branch: draft.branch }) }, "Merge");
  }
  if (!draft.command) return null;
  return h("div", { class: "code" },
    h("pre", { tabindex: "0", role: "group", "aria-label": "Command that merges it" }, draft.command),
    h("button", { type: "button", class: "small", onclick: () => copy(draft.command) }, "Copy"));
}

function drawDraft(draft) {
  return h(
    "article",
    { class: `draft ${draft.state}`, "data-branch": draft.branch },
    h("p", { class: "draft-state" }, h("b", {}, STATES[draft.state]), ` #${draft.number}`),
    h("h3", { dir: "auto" }, draft.title),
    h("p", { class: "branch" }, h("code", {}, draft.branch)),
    fold(draft, "body", "Description", false, markdown(draft.body)),
    fold(draft, "diff", "Changes", draft.state === "open", diff(draft.diff)),
    ending(draft),
  );
}

let shown = "";
export function drawDrafts() {
  const now = JSON.stringify(world.drafts);
  if (now === shown) return;
  shown = now;
  const list = [...world.drafts].reverse().map(drawDraft);
  const none = h("p", { class: "hint" },
    "None yet. What the maintainers decide appears here as a draft: a change of their file, or the record of a decision.");
  refill($("drafts"), list.length ? list : none);
}
