// Puts the page together: loads the state, listens for changes, and sends what members do.

import { Failed, listen, post, state } from "./api.js";
import { connection, drawers, theme } from "./chrome.js";
import { composer } from "./composer.js";
import { $, toast } from "./dom.js";
import { openForm } from "./forms.js";
import { drawClock, drawDrafts } from "./panel.js";
import { drawMe, drawPeople, drawPlaces, sift } from "./side.js";
import { start } from "./start.js";
import { talk } from "./talk.js";
import { apply, begin, lastActing, position, world } from "./world.js";

let stop = () => {};
let turn = 0;

/** Sends something; what fails is said, not thrown. */
async function send(path, body, button = null) {
  button?.setAttribute("aria-busy", "true");
  try {
    await post(path, { as: world.me, ...body });
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    toast(error.message, "failed");
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

const act = {
  press: (message, verb, button) => send("/press", { message: message.id, verb }, button),
  form: openForm,
  react: (message, char, added) => send("/react", { message: message.id, emoji: char, added }),
  remove: (message) => send("/delete", { message: message.id }),
  dismiss: (message) => send("/dismiss", { message: message.id }),
};

const box = composer();
const log = talk(act, (text) => box.fill(text));
const sheets = drawers();

function drawAround() {
  drawPlaces(go);
  drawPeople(become);
  drawMe();
  drawClock();
  drawDrafts();
}

function go(place) {
  world.place = place;
  log.whole();
  drawAround();
  sheets.shut();
}

function change(data) {
  const before = world.revision;
  const members = JSON.stringify([world.members, world.mail]);
  log.change(apply(data));
  drawClock();
  drawDrafts();
  if (before === world.revision && members === JSON.stringify([world.members, world.mail])) return;
  drawPlaces(go);
  drawPeople(become);
  drawMe();
}

/** Acts as another person from now on. */
async function become(login) {
  const mine = (turn += 1);
  stop();
  let data;
  try {
    data = await state(login).catch((error) => (login ? state(null) : Promise.reject(error)));
  } catch (error) {
    connection.lost();
    if (!(error instanceof Failed)) setTimeout(() => mine === turn && become(login), 1500);
    return;
  }
  if (mine !== turn) return;
  begin(data);
  start({ form: openForm, fill: box.fill });
  log.whole();
  drawAround();
  document.body.dataset.ready = world.me;
  stop = listen(world.me, position(), {
    change,
    reset: () => become(world.me),
    lost: connection.lost,
    found: connection.found,
    shut: connection.shut,
  });
}

theme();
$("find").addEventListener("input", sift);
become(lastActing());
