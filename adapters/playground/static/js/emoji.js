// Reactions as small drawings, so that they look alike everywhere; others are shown as the character they are.

import { svg } from "./dom.js";

const SKIN = "#f2b632";
const EDGE = "#8a5a00";
const path = (d, props) => svg("path", { d, fill: SKIN, stroke: EDGE, "stroke-width": 1.2, "stroke-linejoin": "round", ...props });
const disc = (cx, cy, r, fill, props) => svg("circle", { cx, cy, r, fill, ...props });
const STROKE = { fill: "none", "stroke-width": 2.6, "stroke-linecap": "round" };

const thumb = (turn) =>
  svg("g", { transform: turn ? "rotate(180 12 12)" : null },
    path("M8.5 10.5 12.3 3.4c.6-1.2 3-.8 3 1.4V9h4.8a2 2 0 0 1 2 2.4l-1.5 7.2a2.6 2.6 0 0 1-2.5 2H8.5z"),
    svg("rect", { x: 2.4, y: 10.2, width: 4.6, height: 10.8, rx: 1.3, fill: "#3d7ab8", stroke: "#1f4a75", "stroke-width": 1 }));

const shrug = () => [
  path("M3 12.5v4q0 3.5 4 3.5h10q4 0 4-3.5v-4", { ...STROKE, stroke: SKIN, "stroke-linejoin": "round" }),
  path("M6.8 22c.3-4.5 2.2-6.2 5.2-6.2s4.9 1.7 5.2 6.2z", { fill: "#6b4fa3", stroke: "#3d2a6b" }),
  disc(12, 8.2, 5, SKIN, { stroke: EDGE, "stroke-width": 1.2 }),
  disc(10.2, 7.6, 0.8, "#4a3000"), disc(13.8, 7.6, 0.8, "#4a3000"),
  path("M10 10.7h4", { ...STROKE, stroke: "#4a3000", "stroke-width": 1.1 }),
];

const party = () => [
  path("M3 21.5 8 8.5l7.5 7.5z", { fill: "#f2b632" }),
  path("M6 14.5l3.5 4M4.7 17.8l2 2", { ...STROKE, stroke: "#c0392b", "stroke-width": 1.5 }),
  disc(13, 4.5, 1.5, "#c0392b"), disc(20, 7, 1.4, "#2f7dbd"), disc(20.5, 15.5, 1.5, "#6b4fa3"),
  path("M14.5 10.5c1-3 3-3 3-6M17 13c2-.5 3-2 5-1.5", { ...STROKE, stroke: "#2e8b57", "stroke-width": 1.5 }),
];

const tile = (fill) => svg("rect", { x: 2.5, y: 2.5, width: 19, height: 19, rx: 4, fill });

const DRAWINGS = {
  "👍": () => thumb(false),
  "👎": () => thumb(true),
  "🤷": shrug,
  "🎉": party,
  "✅": () => [tile("#2e8b57"), path("M7 12.5l3.5 3.5L17.5 8.5", { ...STROKE, stroke: "#fff" })],
  "❌": () => path("M5.5 5.5l13 13M18.5 5.5l-13 13", { ...STROKE, stroke: "#d23b3b", "stroke-width": 4 }),
  "⚪": () => disc(12, 12, 8.5, "#f4f4f4", { stroke: "#7d8582", "stroke-width": 1.5 }),
  "👀": () => [6.8, 17.2].map((cx) => [
    svg("ellipse", { cx, cy: 12, rx: 4.5, ry: 7, fill: "#fff", stroke: "#5a625e", "stroke-width": 1.2 }),
    disc(cx - 1.2, 13.5, 2.2, "#222")]),
  "❤️": () => path("M12 21C4 15 2.5 11.5 2.5 8.5a5 5 0 0 1 9.5-2 5 5 0 0 1 9.5 2c0 3-1.5 6.5-9.5 12.5z",
    { fill: "#d23b3b", stroke: "#8f1f1f" }),
};

export const NAMES = {
  "👍": "thumbs up", "👎": "thumbs down", "🤷": "shrug", "🎉": "celebration", "✅": "check mark", "❌": "cross",
  "⚪": "white circle", "👀": "eyes", "❤️": "heart",
};

/** A drawing of the emoji, or the character itself. Decorative: the control around it has the words. */
export function emoji(char) {
  const draw = DRAWINGS[char];
  if (!draw) return char;
  return svg("svg", { viewBox: "0 0 24 24", class: "emoji", "aria-hidden": "true", focusable: "false" }, draw());
}
