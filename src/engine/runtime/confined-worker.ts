/**
 * Starts a module worker that the page's content policy reaches.
 *
 * A policy in `<meta>` does not apply to a worker loaded from the site's own address: that worker has the policy of its
 * response's headers, and on a host that sets none it could fetch any host and eval. A worker started from a `blob:`
 * inherits the policy of whoever starts it, so the worker begins as a blob whose only line imports the real module.
 * The blob's own address is given back as soon as the worker has started or failed.
 *
 * Covered: our worker, and through `confineNestedWorkers` the threads that the runtime starts inside it. Not covered:
 * the service worker, which never runs networks and has the policy of its own response only.
 */
export function startConfinedWorker(moduleUrl: string, options: WorkerOptions = {}): Worker {
  const source = `import ${JSON.stringify(moduleUrl)};`;
  const blobUrl = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(blobUrl, { ...options, type: 'module' });
  const release = () => URL.revokeObjectURL(blobUrl);
  worker.addEventListener('message', release, { once: true });
  worker.addEventListener('error', release, { once: true });
  return worker;
}

/**
 * Makes every module worker that is started in this scope from now on a confined one. The runtime's threads load the
 * glue script by its address; wrapped so, they inherit the policy too.
 */
export function confineNestedWorkers(scope: { Worker: typeof Worker; location: { href: string } }): void {
  const Plain = scope.Worker;
  scope.Worker = new Proxy(Plain, {
    construct(target, [url, options]: [string | URL, WorkerOptions | undefined]) {
      const address = String(url);
      const isOwnModule = options?.type === 'module' && !address.startsWith('blob:');
      return isOwnModule ? startConfinedWorker(address, options) : new target(url, options);
    },
  });
}
