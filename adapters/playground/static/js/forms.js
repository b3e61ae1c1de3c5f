// Forms made of the menu's fields, in a dialog. They check only what helps to type; the rules are the bot's.

import { Failed, post, requestId } from "./api.js";
import { $, h } from "./dom.js";
import { BALLOTS, motions, verbOf, world } from "./world.js";

const length = (text) => [...text].length;

/** The fixed values that a field can have, as [value, label], or null where anything can be typed. */
function options(field) {
  if (field.choices.length) return field.choices.map((choice) => [choice, choice]);
  if (field.kind === "motion") return motions().map(({ number, title }) => [String(number), title]);
  if (field.kind === "verb") return world.menu.verbs.map((verb) => [verb.name, verb.name]);
  return null;
}

function control(field, id) {
  const common = { id, name: field.name, "aria-describedby": `${id}-hint`, required: field.required };
  const fixed = options(field);
  if (fixed) {
    const none = field.default ? [] : [["", field.required ? "Choose…" : "–"]];
    return h("select", common, [...none, ...fixed].map(([value, label]) =>
      h("option", { value, selected: value === field.default }, label)));
  }
  if (field.kind === "long") return h("textarea", { ...common, rows: field.limit > 1000 ? 5 : 3, spellcheck: "true" });
  if (field.kind === "number") return h("input", { ...common, type: "number", min: 0, inputmode: "numeric", value: field.default });
  const list = field.kind === "person" ? "logins" : null;
  return h("input", { ...common, type: "text", list, autocomplete: "off", spellcheck: "false", value: field.default });
}

function counted(field, input, hint) {
  const limited = field.kind === "long" || field.kind === "text" || field.kind === "person";
  if (!limited) return;
  const show = () => {
    const used = length(input.value);
    const over = used > field.limit;
    const count = field.kind === "long" || over ? `${used.toLocaleString("en")} of ${field.limit.toLocaleString("en")} characters` : "";
    hint.textContent = [field.hint, count].filter(Boolean).join(" · ");
    hint.classList.toggle("over", over);
    input.setCustomValidity(over ? `Too long by ${used - field.limit} characters.` : "");
  };
  input.addEventListener("input", show);
  show();
}

function row(field) {
  const id = `field-${field.name}`;
  const input = control(field, id);
  const hint = h("p", { class: "hint", id: `${id}-hint` }, field.hint);
  counted(field, input, hint);
  const mark = field.required ? h("span", { class: "required" }, "required") : h("span", { class: "optional" }, "optional");
  return h("div", { class: "field" }, h("label", { for: id }, field.label, " ", mark), input, hint);
}

function motionField() {
  const label = h("label", { for: "field-motion" }, "Motion ", h("span", { class: "required" }, "required"));
  const known = motions().map(({ number, title }) => h("option", { value: number }, title));
  return h("div", { class: "field" }, label, h("select", { id: "field-motion", name: "motion", required: true }, known));
}

function ballots(choices) {
  return h(
    "fieldset",
    { class: "choices" },
    h("legend", {}, "Your ballot"),
    choices.map((choice, i) =>
      h("label", {}, h("input", { type: "radio", name: "choice", value: choice, required: true, checked: i === 0 }),
        h("span", { class: `cell ${choice}`, "aria-hidden": "true" }, h("i")), choice)),
  );
}

function logins() {
  return h("datalist", { id: "logins" }, world.members.map((m) => h("option", { value: m.login }, `${m.name}, ${m.role}`)));
}

function read(form, fields) {
  const data = new FormData(form);
  const values = {};
  for (const field of fields) {
    const value = String(data.get(field.name) ?? "");
    if (value.trim()) values[field.name] = value;
  }
  return { choice: data.get("choice"), motion: data.get("motion"), values };
}

/** Whether a verb is offered as a form. */
export const hasForm = (name) => verbOf(name) !== undefined && (world.menu.forms.includes(name) || BALLOTS.includes(name));

/** Opens the form of a verb; "ballot" is that of these choices with a reason. `motion` 0 where it is asked for. */
export function openForm(name, motion = 0, choices = BALLOTS) {
  const ballot = name === "ballot";
  const verb = verbOf(ballot ? "yes" : name);
  if (!verb) return;
  const dialog = $("dialog");
  const request = requestId();
  const place = world.place;
  const as = world.me;
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const submit = h("button", { type: "submit", class: "primary" }, ballot ? "Cast the ballot" : "Send");
  const title = (ballot ? "Vote with a reason" : verb.summary) + (motion ? ` (motion ${motion})` : "");
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "dialog-title" }, title),
    h("p", { class: "help" }, ballot ? "A reason is kept with the ballot. You can change both until the close." : verb.help),
    ballot && ballots(choices),
    !motion && verb.about === "motion" && motionField(),
    verb.fields.map(row),
    logins(),
    problem,
    h("div", { class: "buttons" }, submit, cancel),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = read(form, verb.fields);
    const body = { as, place, verb: ballot ? given.choice : name, motion: motion || Number(given.motion ?? 0), values: given.values };
    submit.disabled = true;
    try {
      await post("/form", body, request);
      dialog.close();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  form.querySelector("input, select, textarea")?.focus();
}
