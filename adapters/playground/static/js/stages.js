// Where a motion stands: a word and a drawn sign for each stage, so that colour is never the only difference.

import { h, svg } from "./dom.js";

const LINE = { fill: "none", stroke: "currentcolor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" };
const path = (d) => svg("path", { d, ...LINE });
const ring = (r, props) => svg("circle", { cx: 6, cy: 6, r, ...LINE, ...props });

const STAGES = {
  contact: ["In contact", () => path("M1.3 2.8h9.4v6.4H1.3zM1.5 3 6 6.6 10.5 3")],
  announcing: ["Announcing", () => path("M1.4 4.9v2.2H3l4.6 2.7V2.2L3 4.9zM10.4 4.4v3.2")],
  seconding: ["Needs seconds", () => [ring(4.8, { "stroke-dasharray": "2.2 2.8" }), path("M6 4.2v3.6M4.2 6h3.6")]],
  discussion: ["In discussion", () => path("M1.3 2h9.4v6H6L3.4 10.4V8H1.3z")],
  open: ["Open", () => [ring(4.7), ring(1.4, { fill: "currentcolor" })]],
  informed: ["Informed", () => [ring(4.8), path("M6 5.6v3M6 3.3v.1")]],
  carried: ["Carried", () => path("M1.8 6.4 4.7 9.3 10.3 3")],
  lost: ["Lost", () => path("M2.4 2.4l7.2 7.2M9.6 2.4 2.4 9.6")],
  withdrawn: ["Withdrawn", () => path("M4 1.8 1.4 4.4 4 7M1.6 4.4h5.8a2.9 2.9 0 0 1 0 5.8H4.4")],
  void: ["Void", () => [ring(4.7), path("M2.8 9.2 9.2 2.8")]],
};

/** The stage's word. */
export const stageWord = (stage) => STAGES[stage][0];

/** The badge of a stage: its sign and its word. */
export function stageBadge(stage) {
  const [word, draw] = STAGES[stage];
  const sign = svg("svg", { viewBox: "0 0 12 12", class: "stage-sign", "aria-hidden": "true", focusable: "false" }, draw());
  return h("p", { class: `stage ${stage}` }, sign, word);
}
