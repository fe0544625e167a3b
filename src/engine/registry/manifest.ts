import { FieldReader } from './field-reader.ts';
import { readModelFacts, type ModelFacts, type ModelFile } from './model-facts.ts';
import { parseTextManifest, TEXT_TASKS, type TextManifest } from './text-manifest.ts';

/** How a picture becomes the network's input tensor. */
export interface InputSpec {
  name: string;
  /** NCHW; the batch axis is called "N". */
  shape: ['N', number, number, number];
  dtype: 'float32';
  layout: 'NCHW';
  /** Per channel, on the scale 0 … 1. */
  mean: [number, number, number];
  std: [number, number, number];
  /** Pixels are divided by this before mean and std; 255. */
  scale: number;
  resize: { mode: 'contain'; size: number; background: string };
}

/** The only truth about a picture network: `public/models/<id>/manifest.json`. */
export interface Manifest extends ModelFacts {
  task: 'image-classification';
  files: { weights: ModelFile; labels: ModelFile };
  input: InputSpec;
}

/** A picture network's manifest in a parsed JSON value; throws a ThawError 'bad-manifest' that names the field, what was expected and what came. */
export function parseManifest(value: unknown, where: string): Manifest {
  const read = new FieldReader(where);
  const root = read.object(value, 'manifest');
  const files = read.object(root['files'], 'files');
  const input = read.object(root['input'], 'input');
  const resize = read.object(input['resize'], 'input.resize');
  const shape = read.array(input['shape'], 'input.shape', 4);
  read.oneOf(shape[0], 'input.shape[0]', ['N']);
  return {
    ...readModelFacts(read, root),
    task: read.oneOf(root['task'], 'task', ['image-classification']),
    files: {
      weights: read.file(files['weights'], 'files.weights'),
      labels: read.file(files['labels'], 'files.labels'),
    },
    input: {
      name: read.text(input['name'], 'input.name'),
      shape: [
        'N',
        read.count(shape[1], 'input.shape[1]'),
        read.count(shape[2], 'input.shape[2]'),
        read.count(shape[3], 'input.shape[3]'),
      ],
      dtype: read.oneOf(input['dtype'], 'input.dtype', ['float32']),
      layout: read.oneOf(input['layout'], 'input.layout', ['NCHW']),
      mean: read.triple(input['mean'], 'input.mean'),
      std: read.triple(input['std'], 'input.std'),
      scale: read.number(input['scale'], 'input.scale'),
      resize: {
        mode: read.oneOf(resize['mode'], 'input.resize.mode', ['contain']),
        size: read.count(resize['size'], 'input.resize.size'),
        background: read.text(resize['background'], 'input.resize.background', /^#[0-9a-f]{6}$/i),
      },
    },
  };
}

/**
 * The manifest of any network, told apart by its task: "image-classification", or one of TEXT_TASKS. Throws like parseManifest.
 */
export function parseAnyManifest(value: unknown, where: string): Manifest | TextManifest {
  const task = (value as Partial<Record<'task', unknown>> | null)?.task;
  return TEXT_TASKS.some((word) => word === task)
    ? parseTextManifest(value, where)
    : parseManifest(value, where);
}
