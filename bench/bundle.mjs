// Bundles a page's script as the site's own build does, runtime and worker included.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = new URL('..', import.meta.url).pathname;

/** Writes page/index.html into a folder; the page runs one script of bench/. */
export async function bundlePage(folder, script) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
    worker: { format: 'es' },
    build: {
      outDir: join(folder, 'page'),
      target: 'es2022',
      assetsDir: '.',
      rollupOptions: {
        input: `${root}bench/${script}`,
        output: { entryFileNames: script },
      },
    },
    base: '/page/',
  });
  writeFileSync(
    join(folder, 'page/index.html'),
    `<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`,
  );
}
