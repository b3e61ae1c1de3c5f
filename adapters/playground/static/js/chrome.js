// The frame around the talk: theme, drawers on narrow screens, the line that says the connection is lost.

import { $ } from "./dom.js";

const THEMES = ["auto", "light", "dark"];
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };
const WORDS = { auto: "as the system", light: "light", dark: "dark" };

export function theme() {
  const button = $("theme");
  const root = document.documentElement;
  const show = () => {
    const now = root.dataset.theme ?? "auto";
    button.textContent = SIGNS[now];
    button.setAttribute("aria-label", `Theme: ${WORDS[now]}. Change`);
    button.title = `Theme: ${WORDS[now]}`;
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("folkmoot-theme", next);
    } catch { /* it lasts for this visit */ }
    show();
  });
  show();
}

/** Drawers that slide over the talk where there is no room beside it. */
export function drawers() {
  const toggle = (name, open) => {
    $(name).classList.toggle("open", open);
    $("veil").hidden = !document.querySelector("#side.open, #panel.open");
    for (const button of document.querySelectorAll(`[data-open="${name}"]`)) {
      if (button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", String(open));
    }
  };
  const shut = () => ["side", "panel"].forEach((name) => toggle(name, false));
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const closer = event.target.closest("[data-close]");
    if (opener) {
      shut();
      toggle(opener.dataset.open, true);
      $(opener.dataset.open).querySelector("[data-close]")?.focus();
    }
    if (closer) {
      toggle(closer.dataset.close, false);
      document.querySelector(`[data-open="${closer.dataset.close}"]`)?.focus();
    }
    for (const popup of document.querySelectorAll("details.popup[open]")) {
      if (!popup.contains(event.target)) popup.open = false;
    }
  });
  $("veil").addEventListener("click", shut);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("dialog").open) shut();
  });
  return { shut };
}

export const connection = {
  lost() {
    $("lost").textContent = "Connection lost. Trying again…";
    $("lost").hidden = false;
  },
  found() {
    $("lost").hidden = true;
  },
  shut() {
    $("lost").textContent = "Folkmoot was started anew. Open the address that it printed in the terminal.";
    $("lost").hidden = false;
  },
};
