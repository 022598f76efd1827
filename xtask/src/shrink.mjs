// node shrink.mjs BINARYEN MODULE GLUE: makes a release module smaller, in place, and takes out of its
// glue what nobody calls any more. What is shrunk must still be a module that a browser takes.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, moduleFile, glueFile] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(library));
const { Features } = binaryen;

// Classes of server_fn's streams. They are exported whether anybody uses them or not, and Damso's
// server functions answer whole.
const UNUSED = /intounderlying/i;

const built = readFileSync(moduleFile);
const module = binaryen.readBinary(built);
// What Rust's target has. More than that made modules that did not start.
module.setFeatures(
  Features.MutableGlobals | Features.SignExt | Features.NontrappingFPToInt | Features.BulkMemory | Features.BulkMemoryOpt | Features.ReferenceTypes | Features.Multivalue,
);
const exported = Array.from({ length: module.getNumExports() }, (_, n) => binaryen.getExportInfo(module.getExportByIndex(n)).name);
for (const name of exported) if (UNUSED.test(name)) module.removeExport(name);
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
module.runPasses(["flatten", "rereloop"]);
module.optimize();
module.optimize();
const small = module.emitBinary();

const imports = (bytes) => WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => name);
const left = new Set(imports(small));
let glue = readFileSync(glueFile, "utf8");
const drop = (pattern, what) => {
  const before = glue;
  glue = glue.replace(pattern, "");
  if (glue === before) throw new Error(`the glue has no ${what}: has wasm-bindgen changed?`);
};
for (const name of imports(built)) {
  if (!left.has(name)) drop(new RegExp(`^ {8}${name}: function\\(.*?^ {8}\\}(, arguments\\); \\})?,\\n`, "ms"), name);
}
if (exported.some((name) => UNUSED.test(name))) {
  drop(/^export class IntoUnderlying\w+ \{.*?^\}\n(if \(Symbol\.dispose\).*?\n)?/gms, "classes of streams");
  drop(/^const IntoUnderlying\w+ = .*?;\n/gms, "finalization of streams");
}
if (UNUSED.test(glue)) throw new Error("the glue still names what was taken out of the module");
writeFileSync(moduleFile, small);
writeFileSync(glueFile, glue);
