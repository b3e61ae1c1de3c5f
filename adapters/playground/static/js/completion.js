// Finds what could be typed next, from the menu. Pure: text and caret in, suggestions out.

const TOKEN = /"[^"]*"?|\S+/g;

const item = (insert, label, detail) => ({ insert, label, detail });
const begins = (text, start) => text.toLowerCase().startsWith(start.toLowerCase());

function people(token, { members }) {
  const sought = token.replace(/^@/, "").toLowerCase();
  return members
    .filter((m) => begins(m.login, sought) || m.name.toLowerCase().split(/\s+/).some((word) => word.startsWith(sought)))
    .map((m) => item(`@${m.login} `, `@${m.login}`, `${m.name} · ${m.role}`));
}

function values(field, token, context) {
  const { menu, motions } = context;
  if (field.kind === "person") return people(token, context);
  if (field.kind === "role") return field.choices.filter((c) => begins(c, token)).map((c) => item(`${c} `, c, field.label));
  if (field.kind === "motion") {
    return motions.filter((m) => begins(String(m.number), token)).map((m) => item(`${m.number} `, String(m.number), m.title));
  }
  if (field.kind === "verb") return menu.verbs.filter((v) => begins(v.name, token)).map((v) => item(v.name, v.name, v.summary));
  return [];
}

const needs = (field) => (field.required ? "required" : field.default ? `otherwise ${field.default}` : "if you like");

/** Which positional words are there, which flags were used, and the flag whose value comes now. */
function parse(verb, words) {
  const used = new Set();
  const places = [];
  let waiting = null;
  for (const word of words) {
    if (waiting) waiting = null;
    else {
      const field = verb.fields.find((f) => f.place === "flag" && f.flag === word);
      if (field) {
        used.add(field.name);
        waiting = field;
      } else places.push(word);
    }
  }
  return { used, places, waiting };
}

function argument(verb, words, token, context) {
  const { used, places, waiting } = parse(verb, words);
  if (waiting) return values(waiting, token, context);
  const order = verb.fields.filter((f) => f.place === "first");
  if (verb.about === "motion") order.push({ kind: "motion" });
  if (places.length < order.length) return values(order[places.length], token, context);
  const rest = verb.fields.find((f) => f.place === "rest");
  if (rest?.kind === "verb" && places.length === order.length) return values(rest, token, context);
  if (token.startsWith("@")) return people(token, context);
  if (token !== "" && !token.startsWith("-")) return [];
  return verb.fields
    .filter((f) => f.place === "flag" && !used.has(f.name) && begins(f.flag, token))
    .map((f) => item(`${f.flag} `, f.flag, `${f.label} · ${needs(f)}`));
}

/** Suggestions for the word at the caret: {start, items, usage}. `start` is where the insertion begins. */
export function complete(text, caret, context) {
  const { command, verbs } = context.menu;
  const before = text.slice(0, caret);
  const none = { start: caret, items: [], usage: "" };
  if (!before.startsWith("/")) {
    const at = before.search(/(?:^|\s)@[\w-]*$/);
    if (at < 0) return none;
    const start = before.indexOf("@", at);
    return { ...none, start, items: people(before.slice(start), context) };
  }
  if (!/\s/.test(before)) {
    return { ...none, start: 0, items: begins(command, before) ? [item(`${command} `, command, "Governance votes")] : [] };
  }
  if (before.split(/\s/, 1)[0] !== command) return none;
  const tokens = [...before.slice(command.length).matchAll(TOKEN)].map((m) => ({ word: m[0], at: m.index + command.length }));
  const last = tokens.at(-1);
  const inside = last && last.at + last.word.length === before.length;
  const token = inside ? last.word : "";
  const start = inside ? last.at : caret;
  const words = (inside ? tokens.slice(0, -1) : tokens).map((t) => t.word);
  const verb = verbs.find((v) => v.name === words[0]);
  const usage = (verb ?? verbs.find((v) => v.name === token))?.usage ?? "";
  if (!words.length) {
    return { start, usage, items: verbs.filter((v) => begins(v.name, token)).map((v) => item(`${v.name} `, v.name, v.summary)) };
  }
  return { start, usage, items: verb ? argument(verb, words.slice(1), token, context) : [] };
}
