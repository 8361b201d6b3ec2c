// Who has had a revision before them for a while has read it: what the button at its end says, said without a click.
const WHILE = 30_000;

export function startReading() {
  const form = document.querySelector("form[data-read]");
  if (!form) return;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(() => note(form), WHILE);
  };
  document.addEventListener("visibilitychange", wait);
  wait();
}

async function note(form) {
  try {
    const body = new FormData(form);
    await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    // Next time, then; the button stands at the end of the text.
  }
}
