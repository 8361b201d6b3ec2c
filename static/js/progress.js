// A thin moving line at the top, once the server has taken most of a second.
const PATIENCE = 600;

/** Start waiting; call what is returned when the answer is there. */
export function showProgress() {
  const line = document.createElement("div");
  line.className = "progress";
  const timer = setTimeout(() => {
    document.body.append(line);
    document.documentElement.setAttribute("aria-busy", "true");
  }, PATIENCE);
  const done = () => {
    clearTimeout(timer);
    line.remove();
    document.documentElement.removeAttribute("aria-busy");
  };
  window.addEventListener("pageshow", done, { once: true });
  return done;
}
