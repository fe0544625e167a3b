/** Weights that a model keeps in files beside its own (ONNX's external data: location, offset, length). */
import type { ByteSource } from './byte-source.ts';
import { nameOf } from './byte-source.ts';
import { mapTensors, tensorsOf } from './model-tensors.ts';
import { OnnxError } from './onnx-error.ts';
import { tensorSizeBytes } from './read-tensor.ts';
import type { Model, Tensor } from './types.ts';

/** A file that a model needs for its weights. */
export interface ExternalFile {
  /** As the model names it, relative to its own folder. */
  readonly location: string;
  readonly tensorNames: readonly string[];
}

/**
 * The files that a model needs beside its own, in order of first mention.
 * @throws OnnxError when a location leaves the model's folder.
 */
export function externalFiles(model: Model): readonly ExternalFile[] {
  const files = new Map<string, string[]>();
  for (const tensor of tensorsOf(model)) {
    if (tensor.external === undefined) continue;
    const location = locationOf(tensor);
    const names = files.get(location);
    if (names === undefined) files.set(location, [tensor.name]);
    else names.push(tensor.name);
  }
  return [...files].map(([location, tensorNames]) => ({ location, tensorNames }));
}

/** The locations of files that a model needs and that are not among those given. */
export function missingFiles(model: Model, files: ReadonlyMap<string, ByteSource>): readonly string[] {
  return externalFiles(model)
    .map(({ location }) => location)
    .filter((location) => findFile(files, location) === undefined);
}

/**
 * The model with a `place` for every tensor whose file is among those given; the others stay as they are.
 * @throws OnnxError when a location leaves the model's folder, or a range does not lie in its file or does not fit its tensor.
 */
export function attachExternalData(model: Model, files: ReadonlyMap<string, ByteSource>): Model {
  return mapTensors(model, (tensor) => {
    if (tensor.external === undefined) return tensor;
    const source = findFile(files, locationOf(tensor));
    return source === undefined ? tensor : { ...tensor, place: placeIn(source, tensor) };
  });
}

function placeIn(source: ByteSource, tensor: Tensor): NonNullable<Tensor['place']> {
  const { name, dtype, dims } = tensor;
  if (dtype === 'string')
    throw new OnnxError(`The texts of "${name}" are said to be in another file, which ONNX does not allow.`);
  const needed = tensorSizeBytes(dtype, dims);
  const offset = entry(tensor, 'offset') ?? 0;
  const length = entry(tensor, 'length') ?? needed;
  const what = `"${name}", ${dtype} [${dims.join(', ')}],`;
  if (length !== needed)
    throw new OnnxError(`The tensor ${what} has ${length} bytes of external data where ${needed} belong.`);
  if (offset + length > source.sizeBytes) {
    throw new OnnxError(
      `${nameOf(source)} is ${source.sizeBytes} bytes long, but the elements of ${what} would be bytes ${offset} to ${offset + length} of it.`,
      { advice: 'Take the model and its data files from the same download.' },
    );
  }
  return { source, ranges: [{ offset, length }], encoding: 'raw' };
}

/** A number of bytes among the entries of an external tensor. */
function entry(tensor: Tensor, key: 'offset' | 'length'): number | undefined {
  const text = tensor.external?.get(key);
  if (text === undefined || text === '') return undefined;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new OnnxError(
    `The tensor "${tensor.name}" gives "${text.slice(0, 40)}" as the ${key} of its external data, which is no number of bytes.`,
  );
}

/**
 * The place that a tensor names, relative to the model's folder.
 * @throws OnnxError when it is missing or could lead out of that folder.
 */
function locationOf(tensor: Tensor): string {
  const location = tensor.external?.get('location') ?? '';
  const parts = location.split(/[/\\]/);
  const leaves =
    location === '' ||
    parts.includes('..') ||
    parts[0] === '' ||
    /[\0:*?"<>|]/.test(location) ||
    parts[0] === '~';
  if (!leaves) return location.replace(/^(\.[/\\])+/, '');
  throw new OnnxError(
    `The tensor "${tensor.name}" says that its elements are in "${location.slice(0, 120)}", which is no file beside the model.`,
    {
      advice: 'Such a path could reach files that are none of the model’s; get the model from another place.',
    },
  );
}

/** A file by its location or, as dropped files have no folders, by the last part of it when only one has that name. */
function findFile(files: ReadonlyMap<string, ByteSource>, location: string): ByteSource | undefined {
  return files.get(location) ?? files.get(location.split(/[/\\]/).at(-1) ?? '');
}
