/**
 * The content policy of one page (https://www.w3.org/TR/CSP3/): only our own files, the inline scripts and styles that
 * the build wrote (known by their hashes), and the hosts that the registry of models names.
 */
import { createHash } from 'node:crypto';

/** Quoted or bare characters up to the end of a tag; a ">" inside quotes does not end it. */
const ATTRIBUTES = `((?:[^>"']|"[^"]*"|'[^']*')*)`;
const SCRIPT = new RegExp(`<script\\b${ATTRIBUTES}>([^]*?)</script>`, 'gi');
const STYLE = new RegExp(`<style\\b${ATTRIBUTES}>([^]*?)</style>`, 'gi');
const HANDLER = new RegExp(`<[a-z](?:[^>"']|"[^"]*"|'[^']*')*?\\s(on[a-z]+)\\s*=`, 'i');
const SCRIPT_ADDRESS = /(?:href|src|action)\s*=\s*["']?\s*javascript:/i;
/** Script types that a browser executes or obeys; any other (such as JSON) is data. */
const EXECUTED = /^(?:module|text\/javascript|importmap|speculationrules|)$/;
const CHARSET = /<meta charset="?utf-8"?\s*\/?>/i;

/** Returns the page with its policy in a `<meta>`, right behind the charset. Throws where a page cannot have one. */
export function addPolicy(html: string, hosts: readonly string[], page: string): string {
  const inert = html
    .replace(SCRIPT, '')
    .replace(STYLE, '')
    .replace(/<!--[^]*?-->/g, '');
  const handler = HANDLER.exec(inert);
  if (handler)
    throw new Error(
      `${page}: the attribute ${handler[1]}="…" holds script, which the content policy blocks. Listen in a module instead.`,
    );
  if (SCRIPT_ADDRESS.test(inert))
    throw new Error(`${page}: a "javascript:" address is blocked by the content policy. Use a button.`);
  if (!CHARSET.test(html))
    throw new Error(`${page}: expected <meta charset="utf-8"> to put the content policy behind.`);
  const meta = `<meta http-equiv="content-security-policy" content="${writePolicy(html, hosts)}"/>`;
  return html.replace(CHARSET, (charset) => charset + meta);
}

/** The policy's text for a page with these inline scripts and styles. */
export function writePolicy(html: string, hosts: readonly string[]): string {
  const scripts = matches(SCRIPT, html)
    .filter(([, attributes]) => isExecutedInline(attributes))
    .map(([, , code]) => hashOf(code));
  const styles = matches(STYLE, html).map(([, , rules]) => hashOf(rules));
  return [
    "default-src 'self'",
    ['script-src', "'self'", "'wasm-unsafe-eval'", ...new Set(scripts)].join(' '),
    ['style-src', "'self'", ...new Set(styles)].join(' '),
    // Figures place their marks by style attributes; no script can hide in one
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    connectSources(hosts),
    // A worker started from a blob: inherits this policy, one started from a file would not
    "worker-src 'self' blob:",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join('; ');
}

/** The policy that hosts with headers add to every file: it also reaches workers started from one. */
export function writeHeaderPolicy(hosts: readonly string[]): string {
  return [
    "default-src 'self'",
    // Inline scripts are allowed here because the page's own policy, which also applies, lists them by hash
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    connectSources(hosts),
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

function connectSources(hosts: readonly string[]): string {
  const origins = hosts.map((host) => {
    const url = new URL(host.includes('://') ? host : `https://${host}`);
    const isHere = /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname);
    if (url.protocol !== 'https:' && !isHere) throw new Error(`The host ${host} should be reached by https.`);
    return url.origin;
  });
  return ['connect-src', "'self'", ...new Set(origins)].join(' ');
}

function matches(pattern: RegExp, html: string): [string, string, string][] {
  return [...html.matchAll(pattern)].map(([all, attributes = '', body = '']) => [all, attributes, body]);
}

function isExecutedInline(attributes: string): boolean {
  if (/\ssrc\s*=/i.test(attributes)) return false;
  const type = /\stype\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes);
  return EXECUTED.test((type?.[1] ?? type?.[2] ?? type?.[3] ?? '').toLowerCase());
}

function hashOf(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
}
