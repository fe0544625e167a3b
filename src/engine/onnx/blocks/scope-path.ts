/** Where in the network's source a node comes from, as a path of module names: what exporters leave in names and notes. */
import type { Node } from '../types.ts';

/**
 * The module path of a node, outermost first, without the operator itself: [] for one outside all modules, undefined when
 * nothing tells.
 * Read in this order: notes of PyTorch's newer exporter, a name with slashes (PyTorch's older exporter, TensorFlow), a name
 * with dots (module paths), the names of the weights that the node reads.
 */
export function scopePath(node: Node, weightNames: readonly string[]): readonly string[] | undefined {
  const noted = notedPath(node);
  if (noted !== undefined) return noted;
  if (node.name.includes('/')) return slashPath(node.name);
  if (/^[A-Za-z_][\w]*(\.[\w]+)+$/.test(node.name)) return node.name.split('.');
  // a plain word is the name of a module, unlike "Conv_12"
  if (/^[a-z]+$/.test(node.name)) return [node.name];
  const weight = weightNames.find((name) => name.includes('.') && !name.includes('::'));
  return weight === undefined ? undefined : weightPath(weight);
}

/** "['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d_3']": each scope holds its parent's name; the last is the operator. */
function notedPath(node: Node): readonly string[] | undefined {
  const scopes = node.metadata?.get('pkg.torch.onnx.name_scopes');
  if (scopes === undefined) return undefined;
  const names = [...scopes.matchAll(/'([^']*)'/g)].map(([, name]) => name);
  // nodes without a module, and those that the exporter adds around them, say so in words
  const modules = names.slice(0, -1).filter((name) => name !== '' && !name.startsWith('_empty'));
  const last = modules.at(-1);
  return last === undefined ? [] : last.split('.');
}

/** "/layer1/layer1.0/conv1/Conv" → layer1, 0, conv1: a part may repeat the one before it. */
function slashPath(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '');
  parts.pop();
  const path: string[] = [];
  let before = '';
  for (const part of parts) {
    const own = before !== '' && part.startsWith(`${before}.`) ? part.slice(before.length + 1) : part;
    path.push(...own.split('.'));
    before = part;
  }
  // TensorFlow puts whole models under the name of the call that runs them
  return path.filter((part) => !/^(StatefulPartitionedCall|PartitionedCall)/.test(part));
}

/** "layer1.0.conv1.weight" → layer1, 0, conv1 */
function weightPath(name: string): string[] {
  return name.split('.').slice(0, -1);
}
