// Bundle static/css and static/js into static/build/: names carry a hash of their content, so browsers may keep
// them for ever, and manifest.json says which name is current. Run by tools/assets.py.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { fonts } from "./fonts.mjs";

const OUT = "static/build";
// Every page loads the two app files, pages people work on work.css too; the others belong to one page each. What they import is bundled into them.
const ENTRIES = ["css/app.css", "css/work.css", "js/app.js", "js/editor.js", "js/api.js", "js/worksheet.js"];
const COPIED = ["static", "static/images"];
const KEEP_OLD_FOR = 60 * 60 * 1000; // a server started before this build still serves the names it knows

const entryPoints = ENTRIES.map((name) => path.join("static", name)).filter(existsSync);
await mkdir(OUT, { recursive: true });
const result = await build({
  entryPoints,
  outdir: OUT,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2021", "chrome105", "firefox105", "safari15.4"],
  loader: { ".svg": "file", ".png": "file" },
  plugins: [fonts],
  charset: "utf8",
  legalComments: "none", // gathered in licences.txt instead
  metafile: true,
  write: false,
  logLevel: "warning",
});

const manifest = {};
for (const file of result.outputFiles) {
  const name = path.basename(file.path);
  manifest[plainName(name)] = name;
  await put(name, file.contents);
}
for (const source of (await Promise.all(COPIED.map(pictures))).flat()) {
  const contents = await readFile(source);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const { name, ext } = path.parse(source);
  manifest[name + ext] = `${name}-${hash}${ext}`;
  await put(manifest[name + ext], contents);
}
await put("licences.txt", Buffer.from(await licences(Object.keys(result.metafile.inputs))));
await replace("manifest.json", JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2) + "\n");
await sweep(new Set(["manifest.json", "licences.txt", ...Object.values(manifest)]));

async function pictures(folder) {
  const present = await readdir(folder).catch(() => []);
  return present.filter((name) => /\.(svg|png|ico|webmanifest)$/.test(name)).map((name) => path.join(folder, name));
}

function plainName(name) {
  return name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1");
}

/** Write a file with its compressed forms beside it, as WhiteNoise looks for them. */
async function put(name, contents) {
  await replace(name, contents);
  if (!/\.(css|js|svg|txt|webmanifest)$/.test(name)) return;
  await replace(`${name}.gz`, gzipSync(contents, { level: 9 }));
  await replace(`${name}.br`, brotliCompressSync(contents));
}

async function replace(name, contents) {
  const target = path.join(OUT, name);
  await writeFile(`${target}.${process.pid}.part`, contents);
  await rename(`${target}.${process.pid}.part`, target);
}

async function sweep(current) {
  for (const name of await readdir(OUT)) {
    const file = path.join(OUT, name);
    if (current.has(name.replace(/\.(gz|br)$/, ""))) continue;
    if (Date.now() - (await stat(file)).mtimeMs > KEEP_OLD_FOR) await rm(file, { force: true });
  }
}

/** The licence texts of every package that went into the bundles: they must travel with them. */
async function licences(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const found = /^(?:font:)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input);
    if (found) packages.add(found[1]);
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = path.join("node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(path.join(folder, file), "utf8") : "";
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
