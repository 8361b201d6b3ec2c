// Saves while typing. What the server has not confirmed is kept in this browser and sent again.
const PAUSE = 2500;
const LONGEST_WAIT = 15000;
const RETRY = 8000;

export function startSaving(form, text, words) {
  const versions = document.querySelectorAll("input[name=version]"); // the form that takes a file has one too
  // Another person at the same browser must not find it and save it as theirs.
  const place = `draft ${form.dataset.editor} ${form.getAttribute("action")}`;
  const state = form.querySelector("[data-state]");
  const notices = form.querySelector("[data-notices]");
  let saved = text.read();
  let unsavedSince = 0;
  let timer = 0;
  let isSending = false;
  let isStopped = false;

  offerKept();
  text.watch(() => {
    if (text.read() === saved) return settle();
    if (!unsavedSince) unsavedSince = Date.now();
    tell(words.editing);
    keep();
    wait(Math.min(PAUSE, Math.max(0, unsavedSince + LONGEST_WAIT - Date.now())));
  });
  window.addEventListener("online", () => unsavedSince && wait(0));
  window.addEventListener("beforeunload", (event) => unsavedSince && event.preventDefault());
  form.addEventListener("submit", () => {
    text.toField();
    settle();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (unsavedSince) wait(0);
  });

  function wait(time) {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(send, time);
  }

  async function send() {
    if (isSending) return wait(PAUSE);
    isSending = true;
    const sent = text.read();
    tell(words.saving);
    text.toField();
    try {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      await take(answer, sent);
    } catch {
      tell(words.offline, "failed");
      wait(RETRY);
    } finally {
      isSending = false;
    }
  }

  async function take(answer, sent) {
    if (answer.status === 503) throw new Error("away"); // as without a connection: tried again
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isOurs) return tell(words.refused, "failed");
    const reply = await answer.json();
    if (reply.conflict) return stop(reply.message);
    if (!answer.ok) return tell(`${words.refused} ${reply.message}`, "failed");
    if (reply.message) notice(reply.message);
    const isTypedOn = text.read() !== sent;
    // Typed on while a merge came back: stay on the old version, so that the next save is merged as well.
    if (!(isTypedOn && reply.source !== null)) setVersion(reply.version);
    if (isTypedOn) return wait(PAUSE);
    saved = reply.source === null ? sent : reply.source.replaceAll(/\r\n?/g, "\n");
    if (reply.source !== null) text.write(saved);
    settle();
    tell(reply.saved);
  }

  function setVersion(number) {
    for (const field of versions) field.value = number;
  }

  function settle() {
    clearTimeout(timer);
    unsavedSince = 0;
    forget();
  }

  function stop(message) {
    isStopped = true;
    tell(words.refused, "failed");
    notice(message, [[words.conflict, () => form.requestSubmit()]]);
  }

  function tell(sentence, is = "") {
    state.textContent = sentence;
    state.dataset.is = is;
  }

  function notice(sentence, actions = []) {
    const line = document.createElement("p");
    line.className = "notice notice-act";
    line.append(sentence);
    for (const [label, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = label;
      button.addEventListener("click", () => {
        line.remove();
        act();
      });
      line.append(" ", button);
    }
    line.setAttribute("role", "status");
    notices.replaceChildren(line);
  }

  function offerKept() {
    const kept = read();
    if (kept === null || kept === saved) return forget();
    notice(words.unsent, [
      [words.useKept, () => text.write(kept)],
      [words.dropKept, forget],
    ]);
  }

  function keep() {
    try {
      localStorage.setItem(place, text.read());
    } catch {
      // Storage may be shut or full: the page itself still holds the text.
    }
  }

  function read() {
    try {
      return localStorage.getItem(place);
    } catch {
      return null;
    }
  }

  function forget() {
    try {
      localStorage.removeItem(place);
    } catch {
      // As above.
    }
  }
}
