// A button beside a doubt corrects the text in the editor. The server says how, for the text as it stands at that moment.
export function startFixing(form, text, beside, words) {
  const said = document.querySelector("[data-said]");
  let isAsking = false;

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=fix]");
    if (!button) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    button.setAttribute("aria-busy", "true");
    try {
      await correct(button);
    } catch {
      tell(document.documentElement.dataset.offline);
      button.removeAttribute("aria-busy");
    } finally {
      isAsking = false;
    }
  });

  async function correct(button) {
    const before = text.read();
    const body = new FormData(form);
    body.set("source", before);
    body.set("fix", button.value);
    const answer = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
    const reply = await answer.json();
    if (text.read() !== before) return correct(button); // typed on meanwhile: asked again
    if (answer.ok) text.write(reply.source, { isShown: true });
    tell(reply.message, answer.ok);
    const place = buttons().indexOf(button);
    await beside.refresh();
    buttons().at(Math.min(place, buttons().length - 1))?.focus({ preventScroll: true });
  }

  function buttons() {
    return [...document.querySelectorAll("#beside button[name=fix]")];
  }

  function tell(sentence, isUndoable = false) {
    said.replaceChildren(sentence);
    if (!isUndoable) return;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "lnk";
    undo.textContent = words.undo;
    undo.addEventListener("click", () => {
      text.undo();
      said.replaceChildren();
    });
    said.append(" ", undo);
  }
}
