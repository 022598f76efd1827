// node compress.mjs QUALITY < list: each line of the list is a file; FILE.br and FILE.gz appear beside it.
// In Node because its zlib is native code: the same in an unoptimised xtask takes ten times as long.
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const quality = Number(process.argv[2]);
const files = readFileSync(0, "utf8").split("\n").filter(Boolean);

await Promise.all(
  files.map(async (file) => {
    const plain = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    };
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(plain, { params }),
      promisify(gzip)(plain, { level: Math.min(quality, 9) }),
    ]);
    await writeFile(`${file}.gz`, gz);
    await writeFile(`${file}.br`, br);
  }),
);
