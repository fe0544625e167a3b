import { ThawError } from '../errors.ts';
import { FieldReader, type Fields } from './field-reader.ts';
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
  resize: ResizeSpec;
}

/**
 * How a picture gets the network's square of `size` pixels: `contain` shows it whole on the background; `crop` scales it until its
 * shorter side has `shorterSide` pixels and takes the middle. Transparent pixels lie on the background in both.
 */
export type ResizeSpec = { size: number; background: string } & (
  { mode: 'contain' } | { mode: 'crop'; shorterSide: number }
);

/** The only truth about a picture network: `public/models/<id>/manifest.json`. */
export interface Manifest extends ModelFacts {
  task: 'image-classification';
  files: { weights: ModelFile; labels: ModelFile };
  input: InputSpec;
  /** The file is run as it stands, in this precision. Absent: its int8 weights become the graph of either precision. */
  storedPrecision?: 'int8' | 'fp32';
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
  const stored = root['storedPrecision'];
  return {
    ...readModelFacts(read, root),
    task: read.oneOf(root['task'], 'task', ['image-classification']),
    ...(stored !== undefined && {
      storedPrecision: read.oneOf(stored, 'storedPrecision', ['int8', 'fp32'] as const),
    }),
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
      resize: readResize(read, resize),
    },
  };
}

function readResize(read: FieldReader, resize: Fields): ResizeSpec {
  const mode = read.oneOf(resize['mode'], 'input.resize.mode', ['contain', 'crop']);
  const shared = {
    size: read.count(resize['size'], 'input.resize.size'),
    background: read.text(resize['background'], 'input.resize.background', /^#[0-9a-f]{6}$/i),
  };
  if (mode === 'contain') return { mode, ...shared };
  const shorterSide = read.count(resize['shorterSide'], 'input.resize.shorterSide');
  if (shorterSide < shared.size)
    read.fail('input.resize.shorterSide', `at least the size, ${shared.size}`, shorterSide);
  return { mode, ...shared, shorterSide };
}

/** The manifest of a network of either kind; a language network is known by its vocabulary, see `isTextManifest`. */
export type AnyManifest = Manifest | TextManifest;

/** Whether the network takes text. */
export function isTextManifest(manifest: AnyManifest): manifest is TextManifest {
  return manifest.task !== 'image-classification';
}

/** The manifest, if its network takes pictures; throws a ThawError 'bad-input' for a language network. */
export function pictureManifest(manifest: AnyManifest): Manifest {
  if (!isTextManifest(manifest)) return manifest;
  throw new ThawError({
    code: 'bad-input',
    message: `"${manifest.title}" takes text, not pictures.`,
    advice: 'Choose a network for pictures.',
    details: { id: manifest.id },
  });
}

/**
 * The manifest of any network, told apart by its task: "image-classification", or one of TEXT_TASKS. Throws like parseManifest.
 */
export function parseAnyManifest(value: unknown, where: string): AnyManifest {
  const task = (value as Partial<Record<'task', unknown>> | null)?.task;
  return TEXT_TASKS.some((word) => word === task)
    ? parseTextManifest(value, where)
    : parseManifest(value, where);
}
