// A plugin for esbuild: every font file holds what its @font-face rule promises, the characters of unicode-range and
// the weights of font-weight, and nothing else. So a visitor loads the few characters that nearly every text is
// written with, and the others only with a page that has them.

import { readFile } from "node:fs/promises";
import path from "node:path";
import subsetFont from "subset-font";

const SOURCE = /url\("([^"?]+\.woff2)\?(\w+)"\)/; // a file of a package, and what its part is called

export const fonts = {
  name: "fonts",
  setup(build) {
    const parts = new Map();
    build.onLoad({ filter: /[\\/]css[\\/]fonts\.css$/ }, async ({ path: file }) => {
      const rules = (await readFile(file, "utf8")).split(/(?=@font-face)/);
      return { contents: (await Promise.all(rules.map((rule) => fill(rule, parts)))).join(""), loader: "css" };
    });
    build.onResolve({ filter: /^font:/ }, ({ path: name }) => ({ path: name.slice("font:".length), namespace: "font" }));
    build.onLoad({ filter: /./, namespace: "font" }, ({ path: name }) => ({ contents: parts.get(name), loader: "file" }));
  },
};

/** Make the part that a rule asks for, and let the rule point to it. */
async function fill(rule, parts) {
  const [asked, file, part] = SOURCE.exec(rule) ?? [];
  if (!file) return rule;
  const from = path.join("node_modules", file);
  const [min, max] = /font-weight: (\d+) (\d+)/.exec(rule).slice(1).map(Number);
  const contents = await subsetFont(await readFile(from), characters(rule), {
    targetFormat: "woff2",
    variationAxes: { wght: { min, max, default: 400 } },
  });
  const name = from.replace(/\.woff2$/, `-${part}.woff2`);
  parts.set(name, contents);
  return rule.replace(asked, `url("font:${name}")`);
}

function characters(rule) {
  const ranges = /unicode-range: ([^;]+)/.exec(rule)[1].split(",");
  return ranges.flatMap((range) => {
    const [first, last = first] = range.trim().slice("U+".length).split("-").map((hex) => parseInt(hex, 16));
    return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));
  }).join("");
}
