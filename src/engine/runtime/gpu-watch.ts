import type { GpuEvidence } from './types.ts';

/** Counts compute dispatches at the WebGPU interface of a scope. */
export interface GpuWatch {
  /** The dispatches since the last call, by kernel. */
  take: () => Omit<GpuEvidence, 'adapter'>;
}

/** The constructors of WebGPU that the watch wraps, as they stand on a global scope. */
interface GpuScope {
  GPUComputePassEncoder?: { prototype: GPUComputePassEncoder };
}

/**
 * Starts counting in this scope, before any device is made. The counts come from WebGPU's own methods, so kernels
 * that silently ran on the WASM path cannot be among them.
 */
export function watchGpu(scope: GpuScope): GpuWatch {
  let dispatches = 0;
  let kernels: Record<string, number> = {};
  const labelOf = new WeakMap<GPUComputePassEncoder, string>();
  const prototype = scope.GPUComputePassEncoder?.prototype;
  if (prototype) {
    const count = (pass: GPUComputePassEncoder) => {
      const label = labelOf.get(pass) ?? 'unnamed';
      dispatches++;
      kernels[label] = (kernels[label] ?? 0) + 1;
    };
    wrap(prototype, 'setPipeline', (pass, pipeline) => labelOf.set(pass, pipeline.label || 'unnamed'));
    wrap(prototype, 'dispatchWorkgroups', count);
    wrap(prototype, 'dispatchWorkgroupsIndirect', count);
  }
  return {
    take() {
      const taken = { dispatches, kernels };
      dispatches = 0;
      kernels = {};
      return taken;
    },
  };
}

type PassMethod = 'setPipeline' | 'dispatchWorkgroups' | 'dispatchWorkgroupsIndirect';

/** Replaces a method by one that reports the call and then makes it. */
function wrap<M extends PassMethod>(
  prototype: GPUComputePassEncoder,
  name: M,
  report: (pass: GPUComputePassEncoder, ...args: Parameters<GPUComputePassEncoder[M]>) => void,
): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const original = prototype[name] as (...args: unknown[]) => undefined;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (this: GPUComputePassEncoder, ...args: Parameters<GPUComputePassEncoder[M]>) {
      report(this, ...args);
      return original.apply(this, args);
    },
  });
}
