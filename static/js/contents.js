// The contents mark the chapter and article that are being read.
let observer = null;

export function startContents() {
  observe();
  document.addEventListener("swapped", observe);
}

function observe() {
  observer?.disconnect();
  const links = [...document.querySelectorAll(".toc li a[href^='#']")];
  const linkOf = new Map();
  for (const link of links) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) linkOf.set(section, link);
  }
  if (!linkOf.size) return;
  observer = new IntersectionObserver(
    (entries) => {
      const first = entries.find((entry) => entry.isIntersecting);
      if (first) mark(linkOf.get(first.target), links);
    },
    { rootMargin: "-90px 0px -65% 0px" },
  );
  for (const section of linkOf.keys()) observer.observe(section);
}

function mark(link, links) {
  for (const other of links) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "location");
  const contents = link.closest(".toc");
  for (const open of contents.querySelectorAll("li.on")) open.classList.remove("on");
  const chapter = link.closest(".toc > ol > li");
  chapter?.classList.add("on");
  if (getComputedStyle(contents).position === "sticky") keepInView(link, contents);
}

function keepInView(link, contents) {
  const top = link.offsetTop - contents.offsetTop;
  if (top < contents.scrollTop || top > contents.scrollTop + contents.clientHeight - 40) {
    contents.scrollTop = top - contents.clientHeight / 2;
  }
}
