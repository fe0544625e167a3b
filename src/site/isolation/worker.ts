/**
 * The service worker: adds the headers of cross-origin isolation to pages and workers on hosts that send none.
 * It stores nothing, so a page is always what the host has now. The build strips the types and stamps the version.
 */
const scope = globalThis as unknown as ServiceWorkerGlobalScope;

/** Changes with every build, so that browsers notice a new worker. */
export const VERSION = '{version}';

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  // Only what has a policy of its own needs the headers; everything else goes its way untouched
  const carriesPolicy =
    request.mode === 'navigate' || request.destination === 'worker' || request.destination === 'sharedworker';
  if (carriesPolicy && new URL(request.url).origin === scope.location.origin)
    event.respondWith(fetchIsolated(request));
});

async function fetchIsolated(request: Request): Promise<Response> {
  const response = await fetch(request);
  // A redirect is followed by the browser itself
  if (response.type === 'opaqueredirect' || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const bodiless = [101, 204, 205, 304].includes(response.status);
  return new Response(bodiless ? null : response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
