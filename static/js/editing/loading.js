// Parts that take a moment to work out are fetched once the page is there: <div data-load="address"> with a link inside.
export function startLoading() {
  document.querySelectorAll("[data-load]").forEach(load);
}

async function load(place) {
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(place.dataset.load, { headers: { "X-Fragment": "1" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.childNodes);
    }
  } catch {
    // The link that stands there still leads to it.
  } finally {
    place.removeAttribute("aria-busy");
  }
}
