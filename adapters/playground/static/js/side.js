// The left side: places to talk in, and the people one can act as.

import { $, h, refill } from "./dom.js";
import { avatar } from "./messages.js";
import { hasMail, person, unread, world } from "./world.js";

const GROUPS = [["maintainer", "Maintainers"], ["reviewer", "Reviewers"], ["outsider", "Others"]];
const dot = (words) => h("span", { class: "dot" }, h("span", { class: "vh" }, words));

export const titleOf = (place) => (place === "direct" ? "Folkmoot" : place);

export function drawPlaces(go) {
  const entry = (place) => {
    const fresh = place !== world.place && unread(place);
    return h("li", {}, h(
      "button",
      { type: "button", class: `place-link${fresh ? " unread" : ""}`, "data-key": `place-${place}`, "data-place": place,
        "aria-current": place === world.place ? "page" : null, onclick: () => go(place) },
      h("span", { class: "hash", "aria-hidden": "true" }, place === "direct" ? "✉" : "#"),
      place === "direct" ? "Direct messages" : place,
      fresh && dot("unread"),
    ));
  };
  refill($("places"), [...world.channels, "direct"].map(entry));
}

function choice(member, act) {
  const input = h("input", { type: "radio", name: "acting", value: member.login, "data-key": `act-${member.login}`,
    onchange: () => act(member.login) });
  input.checked = member.login === world.me;
  return h(
    "label",
    { class: "person", "data-sought": `${member.name} ${member.login} ${member.role}`.toLowerCase() },
    input,
    avatar(member.login),
    h("span", { class: "names" }, h("b", {}, member.name), h("small", {}, `@${member.login}`)),
    hasMail(member.login) && dot("has a new direct message"),
  );
}

export function drawPeople(act) {
  const box = $("people");
  const top = box.scrollTop;
  refill(box, GROUPS.map(([kind, label]) => {
    const members = world.members.filter((member) => member.kind === kind);
    if (!members.length) return null;
    return h("fieldset", {}, h("legend", {}, label, h("span", {}, ` ${members.length}`)), members.map((m) => choice(m, act)));
  }));
  box.scrollTop = top;
  sift();
}

/** Shows only the people that the search box asks for. */
export function sift() {
  const sought = $("find").value.trim().toLowerCase();
  for (const label of $("people").querySelectorAll("label")) label.hidden = !label.dataset.sought.includes(sought);
  for (const group of $("people").querySelectorAll("fieldset")) group.hidden = !group.querySelector("label:not([hidden])");
}

export function drawMe() {
  const me = person(world.me);
  const name = me?.name ?? world.me;
  refill($("me"), avatar(world.me), h("span", {}, name));
  $("me").setAttribute("aria-label", `Acting as ${name}. Change`);
  $("title").textContent = titleOf(world.place);
  $("title").className = world.place === "direct" ? "" : "hash-title";
  const audience = world.public ? "public channel" : "private channel";
  const people = `${world.members.length} people`;
  $("subtitle").textContent = world.place === "direct" ? "only you and the bot" : `${audience} · ${people}`;
}
