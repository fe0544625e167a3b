/**
 * Packs the builds of onnxruntime-web that the site uses: each .wasm gzipped, each glue script as it is, both with a
 * hash of their content in the name, and an index that says sizes and hashes. Nothing else of its dist/ is shipped.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RuntimeAssets, PackedFile } from '../../src/engine/registry/catalogue.ts';

/** File names of the builds in onnxruntime-web's dist/. */
const BUILDS = {
  wasm: 'ort-wasm-simd-threaded',
  jspi: 'ort-wasm-simd-threaded.jspi',
  asyncify: 'ort-wasm-simd-threaded.asyncify',
} as const;

/** Raised when the packing below changes, so that cached results are made again. */
const RECIPE = 1;

/** Writes `<outDir>/ort/` and its index.json; does nothing when it is already made from this version of the runtime. */
export async function buildRuntimeAssets(outDir: string): Promise<void> {
  const dist = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'));
  const { version } = JSON.parse(await readFile(join(dist, '../package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(outDir, 'ort');
  const stamp = `${version} recipe ${RECIPE}`;
  if ((await readFile(join(folder, '.made-from'), 'utf8').catch(() => '')) === stamp) return;

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const entries = await Promise.all(
    Object.entries(BUILDS).map(async ([build, name]) => {
      const [wasm, glue] = await Promise.all([pack(`${name}.wasm`), copy(`${name}.mjs`)]);
      return [build, { wasm, glue }] as const;
    }),
  );
  const index: RuntimeAssets = { version, builds: Object.fromEntries(entries) as RuntimeAssets['builds'] };
  await writeFile(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  await writeFile(join(folder, '.made-from'), stamp);

  async function pack(name: string): Promise<PackedFile> {
    const bytes = await readFile(join(dist, name));
    const packed = await promisify(gzip)(bytes, { level: 9 });
    const written = await write(name.replace(/\.wasm$/, `.${hashOf(bytes).slice(0, 10)}.wasm.gz`), packed);
    return { ...written, unpacked: { sizeBytes: bytes.byteLength, sha256: hashOf(bytes) } };
  }

  async function copy(name: string): Promise<PackedFile> {
    const bytes = await readFile(join(dist, name));
    return write(name.replace(/\.mjs$/, `.${hashOf(bytes).slice(0, 10)}.mjs`), bytes);
  }

  async function write(name: string, bytes: Buffer): Promise<PackedFile> {
    await writeFile(join(folder, name), bytes);
    return { path: `generated/ort/${name}`, sizeBytes: bytes.byteLength, sha256: hashOf(bytes) };
  }
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

if (import.meta.main) {
  await buildRuntimeAssets('public/generated');
  console.log((await readdir('public/generated/ort')).join('\n'));
}
