// What the page knows: the state as the server gave it, who is acting, and where one looks.

const MINE = "folkmoot-acting";
const RUNNING = ["announcing", "seconding", "discussion", "open"];

export const BALLOTS = ["yes", "no", "abstain"];

export const world = {
  me: "",
  place: "",
  epoch: "",
  revision: 0,
  channels: [],
  members: [],
  messages: new Map(),
  mail: {},
  drafts: [],
  clock: "",
  menu: { command: "/moot", verbs: [], forms: [] },
  emoji: [],
  summary: {},
  movable: false,
};

/** Takes over a whole state. */
export function begin(data) {
  const { messages, ...rest } = data;
  Object.assign(world, rest);
  world.messages = new Map(messages.map((message) => [message.id, message]));
  if (!world.channels.includes(world.place) && world.place !== "direct") [world.place] = world.channels;
  remember(sessionStorage, MINE, world.me);
}

/** Takes over a change; returns the messages that are new or different. */
export function apply(data) {
  const { messages, ...rest } = data;
  Object.assign(world, rest);
  const fresh = [];
  for (const message of messages) {
    const known = world.messages.has(message.id);
    world.messages.set(message.id, message);
    fresh.push({ message, known });
  }
  return fresh;
}

export const lastActing = () => recall(sessionStorage, MINE);
export const position = () => `${world.epoch}:${world.revision}`;
export const here = () => [...world.messages.values()].filter((message) => message.place === world.place);
export const person = (login) => world.members.find((member) => member.login === login);
export const nameOf = (login) => person(login)?.name ?? login;
export const verbOf = (name) => world.menu.verbs.find((verb) => verb.name === name);

/** The polls of all channels, newest first; only those that are not decided yet, if asked. */
export function polls({ open = false } = {}) {
  return [...world.messages.values()]
    .filter((message) => message.card?._ === "Poll" && message.kind === "card" && message.place !== "direct")
    .filter((message) => !open || RUNNING.includes(message.card.stage))
    .reverse();
}

/** The motions that the channels know of, newest first: {number, title}. Some, such as a step-down, have no poll. */
export function motions() {
  const found = new Map();
  for (const { card, kind, place } of world.messages.values()) {
    if (!card?.motion || kind !== "card" || place === "direct") continue;
    const title = card._ === "Poll" ? `${textOf(card.heading)} (${card.stage})` : textOf(card.heading ?? card.lines?.[0]);
    if (card._ === "Poll" || !found.has(card.motion)) found.set(card.motion, { number: card.motion, title });
  }
  return [...found.values()].sort((a, b) => b.number - a.number);
}

export const textOf = (line) => (line ?? []).map((span) => span.text ?? (span.login ? `@${span.login}` : "")).join("");

// ------------------------------------------------------------------ what has been read

const seenKey = (login, place) => `folkmoot-seen:${world.epoch}:${login}:${place}`;
const seen = (login, place) => Number(recall(localStorage, seenKey(login, place)) ?? 0);

export function markRead() {
  const last = here().at(-1)?.id ?? 0;
  if (last > seen(world.me, world.place)) remember(localStorage, seenKey(world.me, world.place), String(last));
}

export const hasMail = (login) => (world.mail[login] ?? 0) > seen(login, "direct");

export function unread(place) {
  if (place === "direct") return hasMail(world.me);
  const from = seen(world.me, place);
  return [...world.messages.values()].some((m) => m.place === place && m.id > from && m.author !== world.me && !m.gone);
}

function recall(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function remember(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch { /* without storage the page forgets, and works */ }
}
