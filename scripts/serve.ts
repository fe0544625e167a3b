/**
 * A static file server for the built site: `node scripts/serve.ts dist --port 4321 --base /sub --no-headers`.
 * With headers it sends what `public/_headers` asks for (isolation among it), as hosts that read that file do;
 * without, it behaves like the plainest host.
 */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';

export interface ServeOptions {
  /** Folder that holds the built site. */
  root: string;
  /** TCP port; 0 (default) takes a free one. */
  port?: number;
  /** Path under which the site stands, such as "/sub". Default "". */
  base?: string;
  /** Whether to send the headers of `_headers`. Default true. */
  headers?: boolean;
  /** Whether to compress text with gzip when asked to. Default true. */
  compress?: boolean;
}

export interface Served {
  /** Address of the site's root, with the base and a slash at the end. */
  url: string;
  close: () => Promise<void>;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const COMPRESSED = /^(text\/|application\/(json|xml|manifest)|image\/svg)/;

/** Serves the folder until `close`; answers byte ranges, ETags, and 404.html for what is missing. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { port = 0, headers = true, compress = true } = options;
  const base = (options.base ?? '').replace(/\/$/, '');
  const root = resolve(options.root);
  const rules = headers ? await readHeaderRules(root) : [];

  const server = createServer((request, response) => {
    void answer().catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });

    async function answer(): Promise<void> {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
      if (base && path === base) {
        redirect(`${base}/`);
        return;
      }
      if (!path.startsWith(`${base}/`)) return missing();
      const inside = path.slice(base.length);
      let file = normalize(join(root, inside));
      if (!file.startsWith(root)) return missing();
      let info = await stat(file).catch(() => undefined);
      if (info?.isDirectory()) {
        if (!path.endsWith('/')) {
          redirect(`${path}/`);
          return;
        }
        file = join(file, 'index.html');
        info = await stat(file).catch(() => undefined);
      }
      if (!info?.isFile()) return missing();
      send(file, info.size, 200, inside, `"${info.size.toString(36)}-${info.mtimeMs.toString(36)}"`);
    }

    function redirect(to: string): void {
      response.writeHead(308, { location: to }).end();
    }

    async function missing(): Promise<void> {
      const file = join(root, '404.html');
      const info = await stat(file).catch(() => undefined);
      if (info) send(file, info.size, 404, '/404.html', '');
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
    }

    function send(file: string, size: number, status: number, path: string, etag: string): void {
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      const head: Record<string, string> = { 'content-type': type, ...headersFor(rules, path) };
      if (etag) head['etag'] = etag;
      if (etag && request.headers['if-none-match'] === etag) {
        response.writeHead(304, head).end();
        return;
      }
      const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
      const ifRange = request.headers['if-range'];
      if (range && (!ifRange || ifRange === etag)) {
        const from = Number(range[1]);
        const to = range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
        if (from > to) {
          response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
          return;
        }
        const part = {
          'content-range': `bytes ${from}-${to}/${size}`,
          'content-length': String(to - from + 1),
        };
        response.writeHead(206, { ...head, ...part });
        createReadStream(file, { start: from, end: to }).pipe(response);
        return;
      }
      const zipped =
        compress && COMPRESSED.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      if (!zipped) head['content-length'] = String(size);
      else head['content-encoding'] = 'gzip';
      response.writeHead(status, { 'accept-ranges': 'bytes', ...head });
      if (request.method === 'HEAD') response.end();
      else if (zipped) createReadStream(file).pipe(createGzip()).pipe(response);
      else createReadStream(file).pipe(response);
    }
  });

  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', ready);
  });
  const address = server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://localhost:${taken}${base}/`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

interface HeaderRule {
  pattern: RegExp;
  headers: Record<string, string>;
}

/** Reads the `_headers` file in the form that Netlify and Cloudflare Pages share. */
async function readHeaderRules(root: string): Promise<HeaderRule[]> {
  const text = await readFile(join(root, '_headers'), 'utf8').catch(() => '');
  const rules: HeaderRule[] = [];
  for (const line of text.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    const pair = /^\s+([^:]+):\s*(.*)$/.exec(line);
    const rule = rules.at(-1);
    if (pair && rule) rule.headers[(pair[1] ?? '').toLowerCase()] = pair[2] ?? '';
    else if (!pair) {
      const escaped = line.trim().replace(/[.+?^${}()|[\]\\]/g, '\\$&');
      rules.push({ pattern: new RegExp(`^${escaped.replaceAll('*', '.*')}$`), headers: {} });
    }
  }
  return rules;
}

function headersFor(rules: HeaderRule[], path: string): Record<string, string> {
  return Object.assign(
    {},
    ...rules.filter((rule) => rule.pattern.test(path)).map((rule) => rule.headers),
  ) as Record<string, string>;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: process.env['PORT'] ?? '4321' },
      base: { type: 'string', default: process.env['BASE_PATH'] ?? '' },
      'no-headers': { type: 'boolean', default: false },
    },
  });
  const { url } = await serve({
    root: positionals[0] ?? 'dist',
    port: Number(values.port),
    base: values.base,
    headers: !values['no-headers'],
  }).catch((error: unknown) => {
    const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!busy) throw error;
    console.error(`Port ${values.port} is taken. Choose another one: PORT=4322 npm start`);
    process.exit(1);
  });
  console.log(`\n  Thaw is at ${url}\n  Stop it with Ctrl-C.\n`);
}
