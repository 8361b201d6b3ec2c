// Forms, their buttons and links with data-enhance="id …" swap those parts of the page instead of reloading it; a button
// that leads elsewhere and names none swaps what it stands in. The server may answer with the whole page or with the
// parts alone; "swapped" (its detail: the answer's address) tells when they are in. Every other form only gets its
// double click caught.
import { showProgress } from "./progress.js";

export function startForms() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  window.addEventListener("pageshow", releaseAll);
  document.querySelector(".error-summary")?.focus();
  window.addEventListener("popstate", (event) => event.state?.swapped && location.reload());
}

async function onSubmit(event) {
  const { target: form, submitter } = event;
  if (form.method === "dialog") return;
  const sent = submitter?.hasAttribute("formaction") ? submitter.parentElement : form;
  const isRepeated = "sending" in sent.dataset;
  const isRefused = form.dataset.confirm && !window.confirm(form.dataset.confirm);
  if (isRepeated || isRefused) {
    event.preventDefault();
    return;
  }
  hold(sent, submitter);
  const named = submitter?.dataset.enhance ?? form.dataset.enhance;
  const parts = named === "" ? sent.id : named;
  if (!parts) {
    showProgress();
    return;
  }
  event.preventDefault();
  const { url, options } = requestOf(form, submitter);
  await swap(parts, url, options, sent);
  release(sent, submitter);
}

function onClick(event) {
  const link = event.target.closest("a[data-enhance]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  swap(link.dataset.enhance, link.href, {}, link);
}

/** Remember that it was sent: the form, or where the one button of it stands that leads elsewhere. */
function hold(sent, submitter) {
  sent.dataset.sending = "";
  submitter?.setAttribute("aria-busy", "true");
}

function release(sent, submitter) {
  delete sent.dataset.sending;
  submitter?.removeAttribute("aria-busy");
}

function releaseAll() {
  document.querySelectorAll("[data-sending]").forEach((sent) => release(sent));
  document.querySelectorAll("form [aria-busy], [form][aria-busy]").forEach((button) => release(button, button));
}

function requestOf(form, submitter) {
  const fields = new FormData(form);
  if (submitter?.name) fields.append(submitter.name, submitter.value);
  const action = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  const url = new URL(action, location.href);
  if (form.method === "get") {
    url.search = new URLSearchParams(fields);
    return { url, options: {} };
  }
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  return { url, options: { method: "POST", body } };
}

async function swap(ids, url, options, origin) {
  const done = showProgress();
  try {
    const answer = await fetch(url, { ...options, headers: { "X-Fragment": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place(ids.split(" "), page, answer, origin, !options.method);
  } catch {
    tell(document.documentElement.dataset.offline);
  } finally {
    done();
  }
}

function place(ids, page, answer, origin, isRead) {
  const parts = ids.map((id) => [document.getElementById(id), page.getElementById(id)]);
  if (!parts.some(([, fresh]) => fresh)) {
    if (answer.ok) location.assign(answer.url);
    else tell(reasonOf(page));
    return;
  }
  if (isRead) history.pushState({ swapped: true }, "", answer.url);
  const dialog = origin.closest("dialog");
  const isAccepted = answer.ok && !page.querySelector("[aria-invalid], .error-summary");
  if (isAccepted) {
    origin.dispatchEvent(new CustomEvent("accepted", { bubbles: true }));
    dialog?.close();
  }
  const again = whereFocusIs(parts);
  for (const [old, fresh] of parts) if (old && fresh) old.replaceWith(fresh);
  const messages = page.getElementById("pesan");
  if (messages) document.getElementById("pesan").replaceWith(messages);
  restoreFocus(parts, again());
  document.dispatchEvent(new CustomEvent("swapped", { detail: answer.url }));
}

/** How to find, once the parts are in, what has the focus now: by its id, else by its turn among a part's controls. */
function whereFocusIs(parts) {
  const focused = document.activeElement;
  if (focused?.id) return () => document.getElementById(focused.id);
  const [old, fresh] = parts.find(([part]) => part?.contains(focused)) ?? [];
  return () => controlsOf(fresh)[controlsOf(old).indexOf(focused)];
}

function controlsOf(part) {
  return [...(part?.querySelectorAll("a[href], button, input, select, textarea, summary") ?? [])];
}

function restoreFocus(parts, focused) {
  const fresh = parts.map(([, part]) => part).find(Boolean);
  const target = fresh.querySelector("[data-focus], [autofocus]") ?? focused;
  if (target) target.focus();
  else if (document.activeElement === document.body) {
    fresh.tabIndex = -1;
    fresh.focus({ preventScroll: true });
  }
}

function reasonOf(page) {
  const parts = [...page.querySelectorAll("main h1, main .lede")].map((element) => element.textContent.trim());
  return parts.join(". ");
}

/** Say something in the page's own place for messages; what was typed stays where it is. */
function tell(words) {
  const line = document.createElement("p");
  line.className = "flash flash-error";
  line.textContent = words;
  const place = document.querySelector("dialog[open] [data-messages]") ?? document.getElementById("pesan");
  place.replaceChildren(line);
  line.scrollIntoView({ block: "nearest" });
}
