// Makes elements. Data only ever becomes text or attributes here, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
export const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

/** Replaces what a node holds, and gives the focus back to the same control (data-key) if it was inside. */
export function refill(node, ...children) {
  const key = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  node.replaceChildren();
  fill(node, null, children);
  if (key) refocus(node, key);
  return node;
}

/** Replaces a node by a newer one, keeping the focus. */
export function swap(old, fresh) {
  const key = old.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  old.replaceWith(fresh);
  if (key) refocus(fresh, key);
}

function refocus(node, key) {
  const control = node.querySelector(`[data-key="${CSS.escape(key)}"]`);
  control?.focus({ preventScroll: true });
}

let quiet;
/** Says something at the foot of the page, for eyes and screen readers. */
export function toast(text, tone = "done") {
  const node = $("toast");
  node.replaceChildren(h("p", { class: tone }, text));
  clearTimeout(quiet);
  quiet = setTimeout(() => node.replaceChildren(), Math.max(5000, text.length * 60));
}

export async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("Copied.");
}
