// While a wording is typed, show what it changes. The panel is swapped now and then, so listeners sit on the document.
const PAUSE = 300;

let waiting;
let asked = 0;

document.addEventListener("input", (event) => {
  if (!event.target.matches(".dp-form textarea[name=wording]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE, event.target);
});

async function show(field) {
  const place = document.getElementById("wording-preview");
  if (!place) return;
  const number = ++asked;
  const body = new URLSearchParams({ csrf_token: field.form.elements.csrf_token.value, wording: field.value });
  try {
    const answer = await fetch(place.dataset.url, { method: "POST", body, headers: { "X-Fragment": "1" } });
    if (!answer.ok || number !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch {
    // Without a connection there is no preview; what is typed stays.
  }
}
