// Talks to the server. Every request has an id of its own: sending it again never does it twice.

const PAUSE = 400;

export class Failed extends Error {}

export const requestId = () => crypto.randomUUID();

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function answerOf(response) {
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failed(data.error ?? `The server said ${response.status}.`);
  return data;
}

/** Posts a request; a lost connection is tried again with the same id. Throws Failed with a sentence. */
export async function post(path, body, request = requestId()) {
  const init = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, request }),
  };
  for (let attempt = 0; ; attempt += 1) {
    let response;
    try {
      response = await fetch(path, init);
    } catch {
      if (attempt < 2) {
        await pause(PAUSE * (attempt + 1));
        continue;
      }
      throw new Failed("Folkmoot cannot be reached. I do not know whether this arrived; sending it again is safe.");
    }
    return answerOf(response);
  }
}

export async function state(login) {
  const query = login ? `?as=${encodeURIComponent(login)}` : "";
  return answerOf(await fetch(`/state${query}`));
}

/** Listens to changes for one member until closed. `since` is the position that the page has seen. */
export function listen(login, since, { change, reset, lost, found, shut }) {
  let source;
  let closed = false;
  let last = since;
  let again;
  const open = () => {
    source = new EventSource(`/events?as=${encodeURIComponent(login)}&since=${encodeURIComponent(last)}`);
    source.onopen = found;
    source.addEventListener("change", (event) => {
      last = event.lastEventId;
      change(JSON.parse(event.data));
    });
    source.addEventListener("reset", reset);
    source.onerror = () => {
      if (closed) return;
      lost();
      if (source.readyState !== EventSource.CLOSED) return;
      again = setTimeout(retry, 1500);
    };
  };
  const retry = async () => {
    const response = await fetch(`/state?as=${encodeURIComponent(login)}`).catch(() => null);
    if (closed) return;
    if (response?.status === 403) shut();
    else open();
  };
  open();
  return () => {
    closed = true;
    clearTimeout(again);
    source.close();
  };
}
