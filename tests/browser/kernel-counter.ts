/**
 * Counts a training's WebGPU kernels at WebGPU's own methods, beside the site's code: a script for the runtime's worker. With every step that
 * the worker reports it tells the channel `kernels` which kernels it has dispatched since the report before.
 */
export const kernelCounter = `{
  const channel = new BroadcastChannel('kernels');
  const [nameOf, inPass] = [new WeakMap(), new WeakMap()];
  let kernels = {};
  const after = (type, method, report) => {
    const plain = type.prototype[method];
    type.prototype[method] = function (...given) {
      const result = plain.apply(this, given);
      report(this, given[0], result);
      return result;
    };
  };
  const labelOf = ({ label, compute }) => label ?? compute.module.label;
  after(GPUDevice, 'createComputePipeline', (_, order, made) => nameOf.set(made, labelOf(order)));
  after(GPUDevice, 'createComputePipelineAsync', (_, order, made) =>
    made.then((pipeline) => nameOf.set(pipeline, labelOf(order)), () => undefined),
  );
  after(GPUComputePassEncoder, 'setPipeline', (pass, pipeline) => inPass.set(pass, nameOf.get(pipeline)));
  for (const method of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect'])
    after(GPUComputePassEncoder, method, (pass) => {
      const kernel = inPass.get(pass);
      kernels[kernel] = (kernels[kernel] ?? 0) + 1;
    });
  const post = self.postMessage.bind(self);
  self.postMessage = (message, ...more) => {
    if (message.news?.kind === 'step') {
      channel.postMessage(kernels);
      kernels = {};
    }
    post(message, ...more);
  };
}`;
