/**
 * What one step of training costs, counted layer by layer. A layer's forward pass is one product; training adds at most two of the same
 * size: one hands the gradient down to the layer's input, one makes the gradient of its weights (Rumelhart, Hinton and Williams 1986).
 */
import { findBlock, type NetworkDescription, type TensorDescription } from './network-description.ts';

/** Multiply-accumulate operations of one step for one picture, counted as in src/engine/onnx/cost.ts. */
export interface StepCost {
  /** The forward pass through all layers. */
  forward: number;
  /** Gradients handed from a layer's output to its input, as far down as a trainable layer needs them. */
  handedDown: number;
  /** Gradients of the trainable weights. */
  weightGradients: number;
  total: number;
}

/**
 * Cost of a step in which the block `lowest` and all blocks above it are trainable.
 * `classes` puts a new head of that many classes on; by default the head stays as it is.
 * @throws RangeError when the network has no block of this name.
 */
export function measureStepCost(
  network: NetworkDescription,
  lowest: string,
  classes: number = network.classes,
): StepCost {
  const first = network.blocks.indexOf(findBlock(network, lowest));
  const cost = { forward: 0, handedDown: 0, weightGradients: 0 };
  network.blocks.forEach((block, at) => {
    const scale = block.kind === 'head' ? classes / network.classes : 1;
    const layers = block.tensors.filter(({ macs }) => macs > 0);
    layers.forEach((layer, index) => {
      const macs = layer.macs * scale;
      cost.forward += macs;
      if (at < first) return;
      cost.weightGradients += macs;
      // Below the lowest trainable block nobody needs a gradient, so the layers that read its input hand none down
      if (at > first || !readsBlockInput(layer, index)) cost.handedDown += macs;
    });
  });
  return { ...cost, total: cost.forward + cost.handedDown + cost.weightGradients };
}

/** The first layer of a block, and the one on the shortcut of a residual block, whose name PyTorch's ResNets fix. */
function readsBlockInput({ name }: TensorDescription, index: number): boolean {
  return index === 0 || name.endsWith('.downsample.0');
}

/** The blocks at which thawing can begin when whole stages are thawed: head, last stage, … first stage, everything. */
export function listDepths(network: NetworkDescription): string[] {
  const weighty = network.blocks.filter(({ parameters }) => parameters > 0);
  const starts = weighty.filter(({ id, kind }, at) => {
    const before = weighty[at - 1];
    return kind !== 'residual' || before?.kind !== 'residual' || stageOf(id) !== stageOf(before.id);
  });
  return starts.map(({ id }) => id).toReversed();
}

function stageOf(id: string): string {
  return id.split('.')[0] ?? id;
}
