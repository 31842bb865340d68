// Compiles all templates of Trova into one module, templates.mjs, so that no browser has to do it at every visit.
//
// For whoever changes a template:
//   npm install --no-save --prefix /tmp/vue @vue/compiler-sfc@3.5.39 esbuild@0.25
//   NODE_PATH=/tmp/vue/node_modules node trova_widgets/widgets/compiled/compile.mjs
//
// The compiler is of the version of Vue that ipyvue brings. A template that was changed and not compiled again is
// sent to the browser as it is written, and compiled there: slower, but never out of date.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// with NODE_PATH, which an import would not look at
const required = createRequire(import.meta.url);
const { compileScript, compileTemplate, parse, rewriteDefault } = required("@vue/compiler-sfc");
const { transformSync } = required("esbuild");

const here = dirname(fileURLToPath(import.meta.url));
const library = join(here, "..", "..");
const IMPORTED = /^import \{ (.*) \} from "vue"$/m;

function found(room) {
  const names = readdirSync(join(library, room)).filter((name) => name.endsWith(".vue"));
  return names.sort().map((name) => join(library, room, name));
}

function compiled(file, imported) {
  const source = readFileSync(file, "utf8");
  const name = basename(file, ".vue");
  const { descriptor, errors } = parse(source, { filename: basename(file) });
  const script = descriptor.script && compileScript(descriptor, { id: name });
  const template = compileTemplate({
    id: name,
    filename: basename(file),
    source: descriptor.template.content,
    compilerOptions: { bindingMetadata: script?.bindings, prefixIdentifiers: true, comments: false },
  });
  for (const error of [...errors, ...template.errors]) throw new Error(`${file}: ${error.message ?? error}`);
  if (descriptor.styles.some((style) => style.scoped)) throw new Error(`${file}: a scoped style is not compiled here`);
  const uses = template.code.match(IMPORTED);
  for (const use of uses ? uses[1].split(", ") : []) imported.add(use);
  const options = script ? rewriteDefault(script.content, "options") : "const options = {};";
  const render = template.code.replace(IMPORTED, "").replace("export function render", "function render");
  return {
    name,
    hash: createHash("sha256").update(source).digest("hex").slice(0, 16),
    style: descriptor.styles.map((style) => style.content.trim()).join("\n"),
    code: `const ${name} = (() => {\n${options.trim()}\n${render.trim()}\nreturn { ...options, render };\n})();\n`,
  };
}

const imported = new Set();
const files = [...found("pages"), ...found("widgets")].map((file) => compiled(file, imported));
const head = `// Made of the templates (*.vue) by compile.mjs, beside this file; changes belong there.
${files.map((file) => `// ${file.name} ${file.hash}`).join("\n")}
`;
const module = `import { ${[...imported].sort().join(", ")} } from "vue";

if (!document.getElementById("trova-styles")) {
  const style = document.createElement("style");
  style.id = "trova-styles";
  style.textContent = ${JSON.stringify(files.map((file) => file.style).join("\n"))};
  document.head.appendChild(style);
}

${files.map((file) => file.code).join("\n")}
export { ${files.map((file) => file.name).join(", ")} };
`;
const { code } = transformSync(module, { minify: true, target: "es2022", format: "esm" });
writeFileSync(join(here, "templates.mjs"), head + code);
console.log(`${files.length} templates, ${Math.round(code.length / 1024)} KB`);
