/**
 * Packs each network's weights with gzip, which takes a tenth off int8 weights on hosts that compress nothing by themselves.
 * `public/generated/weights/` holds the packed files, named by content, and an index by model.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PackedFile } from '../../src/engine/registry/catalogue.ts';
import { parseAnyManifest } from '../../src/engine/registry/manifest.ts';
import { MODELS } from '../../src/engine/registry/models.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Writes `<outDir>/weights/` and its index.json; does nothing for weights that are packed already. */
export async function buildPackedWeights(outDir: string): Promise<void> {
  const folder = join(outDir, 'weights');
  const index = await readIndex(join(folder, 'index.json'));
  const packed: Record<string, PackedFile> = {};
  for (const { id, manifestPath } of MODELS) {
    const source = join('public', manifestPath);
    const { files } = parseAnyManifest(JSON.parse(await readFile(source, 'utf8')), manifestPath);
    const known = index[id];
    const isKnown =
      known?.unpacked?.sha256 === files.weights.sha256 && existsSync(join('public', known.path));
    packed[id] = isKnown ? known : await pack(id, join(dirname(source), files.weights.path));
  }
  await writeFile(join(folder, 'index.json'), `${JSON.stringify(packed, null, 2)}\n`);

  async function pack(id: string, file: string): Promise<PackedFile> {
    await mkdir(folder, { recursive: true });
    const old = index[id];
    if (old) await rm(join('public', old.path), { force: true });
    const bytes = await readFile(file);
    const zipped = await promisify(gzip)(bytes, { level: 9 });
    const name = `${id}.${hashOf(bytes).slice(0, 10)}.onnx.gz`;
    await writeFile(join(folder, name), zipped);
    return {
      path: `generated/weights/${name}`,
      sizeBytes: zipped.byteLength,
      sha256: hashOf(zipped),
      unpacked: { sizeBytes: bytes.byteLength, sha256: hashOf(bytes) },
    };
  }
}

async function readIndex(path: string): Promise<Partial<Record<string, PackedFile>>> {
  return JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Record<string, PackedFile>;
}
