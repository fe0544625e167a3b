/**
 * The record of operations and the walk back over it: every result knows the function that made it, and that function the
 * functions of its inputs. `backward` walks from a result to the leaves and adds up gradients
 * (https://pytorch.org/docs/stable/notes/autograd.html).
 */
import { addValues } from './elementwise.ts';
import { runtimeError } from './python-error.ts';
import { sayShape } from './shapes.ts';
import { filled, type Tensor } from './tensor.ts';

/** Where a function's input came from: another function's output, or a leaf that collects its gradient. */
export type Edge = { node: GradNode; output: number } | { leaf: Tensor };

/** A recorded function. */
export interface GradNode {
  /** As PyTorch prints it: MulBackward0. */
  name: string;
  edges: (Edge | undefined)[];
  /** For the drawing: what made those inputs that were detached. */
  cuts: GradNode[];
  /** Gradients of the inputs from those of the outputs. */
  apply: (grads: (Tensor | undefined)[]) => (Tensor | undefined)[];
  /** Values kept for the walk back, each with the version of its memory. */
  saved: { tensor: Tensor; version: number }[];
  isFreed: boolean;
  /** Shape of its first output. */
  shape: readonly number[];
  /** Results whose gradient is kept although they are no leaves. */
  keeps: Tensor[];
}

/** Whether operations are recorded. A `with` block sets it for its own length and puts it back. */
export const mode = { isRecording: true, isInference: false };

/** Runs work whose operations are not recorded. */
export function unrecorded<T>(work: () => T): T {
  const before = mode.isRecording;
  mode.isRecording = false;
  try {
    return work();
  } finally {
    mode.isRecording = before;
  }
}

/** What a result's function hands back: one gradient an input, for one gradient of the result. */
export type Backward = (grad: Tensor) => (Tensor | undefined)[];

/** Records the function of one result over its inputs, where recording is on and an input asks for it. `saved` are values that the walk back reads. */
export function record(
  result: Tensor,
  name: string,
  inputs: readonly Tensor[],
  backward: Backward,
  saved: readonly Tensor[] = [],
): Tensor {
  const apply = ([grad]: (Tensor | undefined)[]) => (grad ? backward(grad) : inputs.map(() => undefined));
  recordAll([result], name, inputs, apply, saved);
  return result;
}

/** The same for a function of several results. */
export function recordAll(
  results: readonly Tensor[],
  name: string,
  inputs: readonly Tensor[],
  apply: GradNode['apply'],
  saved: readonly Tensor[] = [],
): void {
  if (mode.isInference) for (const result of results) result.isInference = true;
  if (!mode.isRecording || !inputs.some(({ requiresGrad }) => requiresGrad)) return;
  if (saved.some(({ isInference }) => isInference))
    throw runtimeError(
      'Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.',
    );
  const node: GradNode = {
    name,
    edges: inputs.map(edgeOf),
    cuts: inputs.flatMap(({ requiresGrad, cutFrom }) => (!requiresGrad && cutFrom ? [cutFrom] : [])),
    apply,
    saved: saved.map((tensor) => ({ tensor, version: tensor.memory.version })),
    isFreed: false,
    shape: results[0]?.shape ?? [],
    keeps: [],
  };
  results.forEach((result, output) => {
    if (result.dtype.kind !== 'float') return;
    result.gradFn = node;
    result.output = output;
  });
}

/** Where a tensor's gradient goes; undefined if it asks for none. */
export function edgeOf(tensor: Tensor): Edge | undefined {
  if (tensor.gradFn) return { node: tensor.gradFn, output: tensor.output };
  return tensor.isWatched ? { leaf: tensor } : undefined;
}

/**
 * Walks back from a result and adds gradients to the leaves. Without a gradient of its own the result must be one number.
 * `collect` takes gradients of the leaves instead of storing them.
 */
export function backward(
  root: Tensor,
  {
    gradient,
    retain = false,
    collect,
  }: { gradient?: Tensor; retain?: boolean; collect?: (leaf: Tensor, grad: Tensor) => void } = {},
): void {
  const start = edgeOf(root);
  if (!start) throw runtimeError('element 0 of tensors does not require grad and does not have a grad_fn');
  if (!gradient && root.count !== 1)
    throw runtimeError('grad can be implicitly created only for scalar outputs');
  if (gradient && sayShape(gradient.shape) !== sayShape(root.shape))
    throw runtimeError(
      `Mismatch in shape: grad_output[0] has a shape of torch.Size(${sayShape(gradient.shape)}) and output[0] has a shape of torch.Size(${sayShape(root.shape)}).`,
    );
  const store = collect ?? addToLeaf;
  unrecorded(() => {
    const seed = gradient ?? filled(root.shape, 1, root.dtype);
    if ('leaf' in start) store(start.leaf, seed);
    else walk(start, seed, retain, store);
  });
}

function walk(
  start: { node: GradNode; output: number },
  seed: Tensor,
  retain: boolean,
  store: (leaf: Tensor, grad: Tensor) => void,
): void {
  const waiting = new Map<GradNode, (Tensor | undefined)[]>();
  const give = (edge: Edge, grad: Tensor): void => {
    if ('leaf' in edge) {
      store(edge.leaf, grad);
      return;
    }
    const grads = waiting.get(edge.node) ?? [];
    const before = grads[edge.output];
    grads[edge.output] = before ? addValues(before, grad) : grad;
    waiting.set(edge.node, grads);
  };
  give(start, seed);
  for (const node of inOrder(start.node)) {
    const grads = waiting.get(node);
    if (!grads) continue;
    checkSaved(node);
    for (const tensor of node.keeps) {
      const grad = grads[tensor.output];
      if (grad) tensor.grad = tensor.grad ? addValues(tensor.grad, grad) : grad;
    }
    node.apply(grads).forEach((grad, index) => {
      const edge = node.edges[index];
      if (edge && grad) give(edge, grad);
    });
    if (!retain && node.saved.length > 0) node.isFreed = true;
  }
}

/** Every function from a result back to the leaves, each before those of its inputs. */
export function inOrder(start: GradNode): GradNode[] {
  const done = new Set<GradNode>();
  const order: GradNode[] = [];
  // A stack of our own: a chain of thousands of steps would overflow the engine's
  const stack: { node: GradNode; isLeaving: boolean }[] = [{ node: start, isLeaving: false }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, isLeaving } = top;
    if (isLeaving) order.push(node);
    if (isLeaving || done.has(node)) continue;
    done.add(node);
    stack.push({ node, isLeaving: true });
    for (const edge of node.edges)
      if (edge && 'node' in edge) stack.push({ node: edge.node, isLeaving: false });
  }
  return order.reverse();
}

function checkSaved(node: GradNode): void {
  if (node.isFreed)
    throw runtimeError(
      'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.',
    );
  for (const { tensor, version } of node.saved) {
    const now = tensor.memory.version;
    if (now === version) continue;
    const from = tensor.gradFn
      ? `, which is output ${tensor.output} of ${tensor.gradFn.name.replace(/Backward\d*$/, '')},`
      : '';
    throw runtimeError(
      `one of the variables needed for gradient computation has been modified by an inplace operation: [torch.${tensor.dtype.scalarName}Tensor ${sayShape(tensor.shape)}]${from} is at version ${now}; expected version ${version} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).`,
    );
  }
}

function addToLeaf(leaf: Tensor, grad: Tensor): void {
  leaf.grad = leaf.grad ? addValues(leaf.grad, grad) : filledFrom(grad);
}

/** A gradient of its own: the reader may change it in place. */
function filledFrom(grad: Tensor): Tensor {
  return addValues(grad, filled(grad.shape, 0, grad.dtype));
}
