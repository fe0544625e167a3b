/**
 * `npm run models:mirror [-- id …]`: copies the full-size networks into public/full-size/, so that the site serves them itself. What
 * is there already is checked and kept; what broke off goes on. MODELS_URL names another home to copy from.
 */
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { createFolderStore } from './mirror/folder-store.ts';
import { download } from '../src/engine/download/download.ts';
import { createLine } from '../src/engine/download/line.ts';
import { sha256Hex } from '../src/engine/download/sha256.ts';
import { wait } from '../src/engine/download/wait.ts';
import { asThawError } from '../src/engine/errors.ts';
import { isTextManifest, parseAnyManifest } from '../src/engine/registry/manifest.ts';
import type { ModelFile } from '../src/engine/registry/model-facts.ts';
import { addressOf, FULL_SIZE_MODELS } from '../src/engine/registry/models.ts';
import { modelsHome } from '../src/engine/registry/read-catalogue.ts';

export interface MirrorOptions {
  /** Networks to copy; default all. Throws a RangeError that lists the known ones for another. */
  ids?: readonly string[];
  /** Folder that holds full-size/<id>/manifest.json and gets the weights beside it. */
  publicDir: string;
  /** As MODELS_HOME. */
  home: string;
  signal?: AbortSignal;
  say: (line: string) => void;
}

/** Several static hosts refuse larger files. */
const LARGEST_FILE_BYTES = 25 * 1024 * 1024;

/** Copies and checks the networks, one after the other. Throws the ThawError of the first that cannot be had; what arrived is kept. */
export async function mirrorModels({ ids, publicDir, home, signal, say }: MirrorOptions): Promise<void> {
  const known = FULL_SIZE_MODELS.map(({ id }) => id);
  const unknown = ids?.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new RangeError(`There is no full-size network "${unknown}"; known: ${known.join(', ')}.`);
  for (const entry of FULL_SIZE_MODELS) {
    const { id, manifestPath } = entry;
    if (ids?.length && !ids.includes(id)) continue;
    const path = join(publicDir, manifestPath);
    const manifest = parseAnyManifest(JSON.parse(await readFile(path, 'utf8')), path);
    const { weights } = manifest.files;
    for (const file of isTextManifest(manifest) ? [weights, manifest.files.vocabulary] : [weights])
      await copy(file, { id, label: join(dirname(path), file.path), url: addressOf(entry, home, file.path) });
    if (weights.sizeBytes > LARGEST_FILE_BYTES)
      say('  Larger than 25 MiB: some static hosts (Cloudflare Pages among them) refuse such a file.');
  }

  async function copy(
    { sizeBytes, sha256 }: ModelFile,
    { id, label, url }: { id: string; label: string; url: string },
  ): Promise<void> {
    say(`${id}: ${(sizeBytes / 1e6).toFixed(1)} MB from ${new URL(url).host}`);
    let told = 0;
    await download({ sizeBytes, sha256, label, url }, nodePorts(), {
      ...(signal && { signal }),
      onProgress(receivedBytes) {
        const tenth = Math.floor((receivedBytes / sizeBytes) * 10);
        if (tenth > told) say(`  ${String(tenth * 10)} %`);
        told = Math.max(told, tenth);
      },
    });
    say(`  checked: sha256 ${sha256}`);
  }
}

function nodePorts() {
  const line = createLine(() => performance.now(), wait);
  return { fetch: globalThis.fetch, store: createFolderStore(), sha256: sha256Hex, wait, line };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const publicDir = fileURLToPath(new URL('../public', import.meta.url));
  const say = (line: string): void => console.log(line);
  try {
    await mirrorModels({
      ids: process.argv.slice(2),
      publicDir,
      home: modelsHome(),
      signal: stop.signal,
      say,
    });
  } catch (error) {
    const { message, advice, details } = asThawError(error, {
      code: 'server-error',
      message: error instanceof Error ? error.message : String(error),
      advice: '',
    });
    console.error(
      [message, advice, typeof details['url'] === 'string' ? details['url'] : ''].filter(Boolean).join('\n'),
    );
    process.exitCode = 1;
  }
}
