// What can be started from beside the message box, as a menu: a form for most, a command to complete for the rest.

import { $, h, refill } from "./dom.js";
import { verbOf, world } from "./world.js";

const TYPED = ["step-down"];
const named = (verb) => `${verb.name[0].toUpperCase()}${verb.name.slice(1).replaceAll("-", " ")}`;

/** Draws button and menu anew. `act` has form(name) and fill(text). */
export function start(act) {
  const offered = world.menu.forms.map(verbOf).filter((verb) => verb?.about === "none");
  const typed = TYPED.map(verbOf).filter(Boolean);
  const item = (verb, mark, take) =>
    h("li", { role: "none" },
      h("button", { type: "button", role: "menuitem", tabindex: "-1", "data-form": verb.name, onclick: take },
        h("b", {}, named(verb), mark), h("span", {}, verb.summary)));
  const items = [
    ...offered.map((verb) => item(verb, "…", () => { close(true); act.form(verb.name); })),
    ...typed.map((verb) => item(verb, "", () => { close(); act.fill(`${world.menu.command} ${verb.name} `); })),
  ];
  const menu = h("ul", { id: "start-menu", class: "start-menu", role: "menu", "aria-labelledby": "start", hidden: true }, items);
  const opener = h("button", { type: "button", id: "start", class: "plain", "data-key": "start", "aria-haspopup": "menu",
    "aria-controls": "start-menu", "aria-expanded": "false" }, "Start…");
  const entries = items.map((entry) => entry.firstChild);

  function close(back = false) {
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (back) opener.focus();
  }

  function open(at) {
    menu.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    entries.at(at)?.focus();
  }

  function onKey(event) {
    const now = entries.indexOf(document.activeElement);
    const { key } = event;
    const letter = key.length === 1 ? entries.find((e) => e.textContent.toLowerCase().startsWith(key.toLowerCase())) : null;
    if (key === "ArrowDown") menu.hidden ? open(0) : entries[(now + 1) % entries.length].focus();
    else if (key === "ArrowUp") menu.hidden ? open(-1) : entries.at((now < 0 ? 0 : now) - 1).focus();
    else if (menu.hidden) return;
    else if (key === "Home") entries[0].focus();
    else if (key === "End") entries.at(-1).focus();
    else if (key === "Escape") close(true);
    else if (letter) letter.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  opener.addEventListener("click", () => (menu.hidden ? open(0) : close(true)));
  const whole = h("div", {
    class: "start",
    onkeydown: onKey,
    onfocusout: (event) => { if (!whole.contains(event.relatedTarget)) close(); },
    onpointerdown: (event) => event.preventDefault(), // the focus stays where the menu put it
  }, opener, menu);
  refill($("forms"), whole);
}
