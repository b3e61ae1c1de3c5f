// Draws the spans that make a line: text, names, instants in two zones, things to type.

import { h } from "./dom.js";
import { person, world } from "./world.js";

const DAY = { weekday: "short", day: "numeric", month: "short" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const formats = new Map();

function format(instant, options, zone) {
  const key = JSON.stringify([options, zone]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }));
  return formats.get(key).format(instant);
}

const year = (instant) => instant.getUTCFullYear();
const withYear = (instant) =>
  world.clock && year(instant) !== year(new Date(world.clock)) ? { ...DAY, year: "numeric" } : DAY;

export const utc = (instant) => `${format(instant, { ...withYear(instant), ...TIME }, "UTC")} UTC`;
export const localDay = (instant) => format(instant, { ...withYear(instant), weekday: "long", month: "long" });
export const localDate = (instant) => format(instant, { year: "numeric", month: "2-digit", day: "2-digit" });
export const localTime = (instant) => format(instant, TIME);

function localBeside(instant) {
  const sameDay = format(instant, DAY) === format(instant, DAY, "UTC");
  const time = localTime(instant);
  if (sameDay && time === format(instant, TIME, "UTC")) return null;
  return sameDay ? time : `${format(instant, { weekday: "short" })} ${time}`;
}

/** An instant in UTC, with the reader's own time beside it where that differs. */
export function moment(iso) {
  const instant = new Date(iso);
  const beside = localBeside(instant);
  return h("time", { class: "moment", datetime: iso }, h("span", {}, utc(instant)),
    beside && [" ", h("span", { class: "beside" }, `(${beside} your time)`)]);
}

/** When a message came: local time, with UTC on hover and focus. */
export function stamp(iso) {
  const instant = new Date(iso);
  return h(
    "time",
    { class: "stamp", datetime: iso, tabindex: "0", "data-utc": utc(instant) },
    localTime(instant),
    h("span", { class: "vh" }, `, ${utc(instant)}`),
  );
}

export function mention(login) {
  const known = person(login);
  const mine = login === world.me ? " mine" : "";
  return h("span", { class: `mention${mine}`, title: known ? `${known.name}, ${known.role}` : null }, `@${login}`);
}

function link(span) {
  if (!/^https?:\/\//i.test(span.url)) return h("code", {}, span.text);
  return h("a", { href: span.url, rel: "noopener noreferrer", target: "_blank" }, span.text);
}

const DRAW = {
  Plain: (span) => span.text,
  Strong: (span) => h("strong", {}, span.text),
  Mention: (span) => mention(span.login),
  Moment: (span) => moment(span.at),
  Code: (span) => h("code", {}, span.text),
  Link: link,
};

export const line = (spans) => spans.map((span) => DRAW[span._](span));

/** A line as a paragraph, or nothing where the line is empty. */
export const paragraph = (spans, name = null) => (spans?.length ? h("p", { class: name }, line(spans)) : null);
