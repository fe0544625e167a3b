/** Follows the memory of WebAssembly modules that start in this scope; the runtime tells nobody where its own lies. */
export interface MemoryWatch {
  /** Bytes of all memories that were made since; they never shrink, so it is also the most that was ever needed. */
  bytes: () => number;
}

/** Watches from now on. `scope` holds the constructor that the runtime's glue script will call. */
export function watchMemory(scope: {
  readonly WebAssembly: { Memory: typeof WebAssembly.Memory };
}): MemoryWatch {
  const memories: WebAssembly.Memory[] = [];
  const Plain = scope.WebAssembly.Memory;
  scope.WebAssembly.Memory = class extends Plain {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  return { bytes: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) };
}
