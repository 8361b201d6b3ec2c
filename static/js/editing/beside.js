// The structure, its doubts and the preview follow the text while it is written; → how to have them follow at once.
const PAUSE = 900;

export function startBeside(form, text) {
  const tabs = document.querySelector("[data-sides]");
  let side = "structure";
  let timer = 0;
  let isWanted = false;
  let following = null;

  tabs.hidden = false;
  form.querySelectorAll("[data-no-script]").forEach((button) => (button.hidden = true));
  show();
  tabs.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-side]");
    if (!tab) return;
    side = tab.dataset.side;
    for (const other of tabs.children) other.setAttribute("aria-pressed", String(other === tab));
    show();
    refresh();
  });
  text.watch(() => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    text.goTo(Number(link.dataset.line));
  });
  return { refresh };

  /** Ask once what is under way is answered: the server works on to the end, whether anybody waits for it or not. */
  function refresh() {
    isWanted = true;
    following ??= follow().finally(() => (following = null));
    return following;
  }

  async function follow() {
    while (isWanted) {
      isWanted = false;
      await ask();
    }
  }

  async function ask() {
    const body = new FormData(form);
    body.set("source", text.read());
    body.set("with_preview", side === "preview" ? "1" : "");
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body, headers: { "X-Fragment": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("beside");
      if (isWanted || !fresh) return; // something newer is asked next
      const old = document.getElementById("beside");
      const scrolled = [...old.querySelectorAll("[data-pane]")].map((pane) => [pane.dataset.pane, pane.scrollTop]);
      old.replaceWith(fresh);
      show();
      for (const [name, top] of scrolled) {
        const pane = fresh.querySelector(`[data-pane="${name}"]`);
        if (pane) pane.scrollTop = top;
      }
    } catch {
      // No connection: what stands there is only a little old.
    }
  }

  function show() {
    for (const pane of document.querySelectorAll("#beside [data-pane]")) pane.hidden = pane.dataset.pane !== side;
  }
}
