// Draws a small, safe part of Markdown as elements. What it does not know stays plain text.

import { h } from "./dom.js";

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:\/\/[^\s)]+\))/;

function inline(text) {
  return text.split(INLINE).map((part, i) => {
    if (i % 2 === 0) return part;
    if (part.startsWith("`")) return h("code", {}, part.slice(1, -1));
    if (part.startsWith("**")) return h("strong", {}, part.slice(2, -2));
    const [, words, url] = part.match(/^\[([^\]]+)\]\((.+)\)$/);
    return h("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, words);
  });
}

function fence(lines) {
  const body = [];
  lines.shift();
  while (lines.length && !lines[0].startsWith("```")) body.push(lines.shift());
  lines.shift();
  return h("pre", { tabindex: "0", role: "group", "aria-label": "Code" }, body.join("\n"));
}

function run(lines, test, strip) {
  const taken = [];
  while (lines.length && test.test(lines[0])) taken.push(lines.shift().replace(strip, ""));
  return taken;
}

function table(lines) {
  const rows = run(lines, /^\|/, "").map((row) => row.replace(/^\||\|\s*$/g, "").split("|").map((cell) => cell.trim()));
  const body = rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  return h("table", {}, h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inline(cell)))))));
}

function block(lines) {
  const first = lines[0];
  if (first.startsWith("```")) return fence(lines);
  if (/^#{1,6} /.test(first)) return h("p", { class: "md-heading" }, inline(lines.shift().replace(/^#+ /, "")));
  if (/^\|/.test(first)) return table(lines);
  if (/^[-*] /.test(first)) return h("ul", {}, run(lines, /^[-*] /, /^[-*] /).map((text) => h("li", {}, inline(text))));
  if (/^> ?/.test(first)) return h("blockquote", {}, inline(run(lines, /^> ?/, /^> ?/).join("\n")));
  const words = [lines.shift()];
  while (lines.length && lines[0].trim() && !/^(```|#{1,6} |[-*] |>|\|)/.test(lines[0])) words.push(lines.shift());
  return h("p", {}, inline(words.join("\n")));
}

export function markdown(text) {
  const lines = text.split("\n");
  const made = h("div", { class: "markdown" });
  while (lines.length) {
    if (lines[0].trim()) made.append(block(lines));
    else lines.shift();
  }
  return made;
}
