// The message box: completion as an ARIA combobox, history with the arrow keys, and a retry that is safe.

import { Failed, post, requestId } from "./api.js";
import { complete } from "./completion.js";
import { $, h } from "./dom.js";
import { motions, world } from "./world.js";

const HISTORY = "folkmoot-history";

export function composer() {
  const box = $("say");
  const list = $("suggest");
  let found = { items: [] };
  let active = -1;
  let back = 0;
  let pending = null;

  const history = () => JSON.parse(sessionStorage.getItem(HISTORY) ?? "[]");
  const context = () => ({
    menu: world.menu,
    members: world.members,
    motions: motions(),
  });

  function close() {
    found = { ...found, items: [] };
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function show() {
    found = complete(box.value, box.selectionStart ?? box.value.length, context());
    $("usage").textContent = found.usage || $("usage").dataset.idle;
    found.items = found.items.slice(0, 40);
    if (!found.items.length) return close();
    active = -1;
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    list.replaceChildren(...found.items.map((entry, i) =>
      h("li", { role: "option", id: `suggest-${i}`, "aria-selected": "false",
        onpointerdown: (event) => event.preventDefault(), onclick: () => take(i) },
        h("b", {}, entry.label), h("span", {}, entry.detail))));
    list.scrollTop = 0;
    return mark(-1);
  }

  function mark(next) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = next;
    const option = list.children[active];
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return box.setAttribute("aria-activedescendant", option.id);
  }

  function take(i) {
    const entry = found.items[i];
    const after = box.value.slice(box.selectionStart);
    const head = box.value.slice(0, found.start) + entry.insert;
    box.value = head + after.trimStart();
    box.setSelectionRange(head.length, head.length);
    box.focus();
    show();
  }

  function recall(step) {
    const past = history();
    const next = Math.min(Math.max(back + step, 0), past.length);
    if (next === back) return;
    back = next;
    box.value = back ? past[past.length - back] : "";
    close();
  }

  function onKey(event) {
    const open = found.items.length > 0;
    const count = found.items.length;
    if (event.key === "ArrowDown" && open) mark((active + 1) % count);
    else if (event.key === "ArrowUp" && open) mark((active - 1 + count) % count);
    else if (event.key === "Tab" && open && !event.shiftKey) take(Math.max(active, 0));
    else if (event.key === "Enter" && active >= 0) take(active);
    else if (event.key === "Escape" && open) close();
    else if (event.key === "ArrowUp" && (box.value === "" || back)) recall(1);
    else if (event.key === "ArrowDown" && back) recall(-1);
    else return;
    event.preventDefault();
  }

  async function send(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    const asked = JSON.stringify([world.me, world.place, text]);
    if (pending?.asked !== asked) pending = { asked, request: requestId() };
    close();
    $("problem").hidden = true;
    try {
      await post("/say", { as: world.me, place: world.place, text }, pending.request);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      $("problem").textContent = error.message;
      $("problem").hidden = false;
      return;
    }
    pending = null;
    back = 0;
    sessionStorage.setItem(HISTORY, JSON.stringify([...history().filter((past) => past !== text), text].slice(-50)));
    if (box.value.trim() === text) box.value = "";
    $("usage").textContent = $("usage").dataset.idle;
  }

  $("usage").textContent = $("usage").dataset.idle;
  box.addEventListener("input", () => { back = 0; show(); });
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", close);
  $("composer").addEventListener("submit", send);
  return {
    fill(text) {
      box.value = text;
      box.focus();
      box.setSelectionRange(text.length, text.length);
      show();
    },
  };
}

