import type { GpuEvidence } from './types.ts';

/** Counts compute dispatches at the WebGPU interface of a scope. */
export interface GpuWatch {
  /** The dispatches since the last call, by kernel. */
  take: () => Omit<GpuEvidence, 'adapter'>;
}

/** The constructors of WebGPU that the watch wraps, as they stand on a global scope. */
export interface GpuScope {
  GPUComputePassEncoder?: { prototype: object };
  GPUDevice?: { prototype: object };
}

/**
 * Starts counting in this scope, before any device is made. The counts come from WebGPU's own methods, so kernels
 * that silently ran on the WASM path cannot be among them.
 */
export function watchGpu(scope: GpuScope): GpuWatch {
  let dispatches = 0;
  let kernels: Record<string, number> = {};
  const nameOfPipeline = new WeakMap<object, string>();
  const nameOfPass = new WeakMap<object, string>();

  const namePipeline = (_: object, [descriptor]: unknown[], made: unknown) => {
    const { label, compute } = descriptor as GPUComputePipelineDescriptor;
    const name = label ?? (compute.module.label || 'unnamed');
    const keep = (pipeline: object) => nameOfPipeline.set(pipeline, name);
    if (made instanceof Promise) made.then(keep, () => undefined);
    else keep(made as object);
  };
  const count = (pass: object) => {
    const name = nameOfPass.get(pass) ?? 'unnamed';
    dispatches++;
    kernels[name] = (kernels[name] ?? 0) + 1;
  };
  wrap(scope.GPUDevice, 'createComputePipeline', namePipeline);
  wrap(scope.GPUDevice, 'createComputePipelineAsync', namePipeline);
  wrap(scope.GPUComputePassEncoder, 'setPipeline', (pass, [pipeline]) => {
    nameOfPass.set(pass, nameOfPipeline.get(pipeline as object) ?? 'unnamed');
  });
  wrap(scope.GPUComputePassEncoder, 'dispatchWorkgroups', count);
  wrap(scope.GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', count);

  return {
    take() {
      const taken = { dispatches, kernels };
      dispatches = 0;
      kernels = {};
      return taken;
    },
  };
}

/** Replaces a method by one that makes the same call and then reports it: its object, arguments and result. */
function wrap(
  type: { prototype: object } | undefined,
  name: string,
  report: (self: object, args: unknown[], result: unknown) => void,
): void {
  const original: unknown = type && Reflect.get(type.prototype, name);
  if (!type || typeof original !== 'function') return;
  Object.defineProperty(type.prototype, name, {
    configurable: true,
    writable: true,
    value: function (this: object, ...args: unknown[]): unknown {
      const result: unknown = Reflect.apply(original, this, args);
      report(this, args, result);
      return result;
    },
  });
}
