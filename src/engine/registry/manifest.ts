import { ThawError } from '../errors.ts';

/** A file that belongs to a model. */
export interface ModelFile {
  /** Relative to the manifest, or a full address on a host of the registry. */
  path: string;
  sizeBytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

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

/** A number that was measured on the model, with the command that measured it. */
export interface Measurement {
  name: string;
  value: number;
  unit: string;
  split: string;
  command: string;
}

/** The only truth about a model: `public/models/<id>/manifest.json`. */
export interface Manifest {
  id: string;
  title: string;
  version: string;
  task: 'image-classification';
  files: { weights: ModelFile; labels: ModelFile };
  input: InputSpec;
  output: { name: string; classes: number };
  /** Smallest and largest value seen of each float32 activation, by value name. Absent: the model runs in fp32 only. */
  activationRanges?: Record<string, [min: number, max: number]>;
  parameters: number;
  /** Multiply-accumulate operations for one picture. */
  macs: number;
  licence: string;
  trainedOn: string;
  measured: Measurement[];
  recipe: string;
}

/** The manifest in a parsed JSON value; throws a ThawError 'bad-manifest' that names the field, what was expected and what came. */
export function parseManifest(value: unknown, where: string): Manifest {
  const read = new FieldReader(where);
  const root = read.object(value, 'manifest');
  const files = read.object(root['files'], 'files');
  const input = read.object(root['input'], 'input');
  const resize = read.object(input['resize'], 'input.resize');
  const output = read.object(root['output'], 'output');
  const shape = read.array(input['shape'], 'input.shape', 4);
  read.oneOf(shape[0], 'input.shape[0]', ['N']);
  const manifest: Manifest = {
    id: read.text(root['id'], 'id', /^[a-z0-9][a-z0-9-]*$/),
    title: read.text(root['title'], 'title'),
    version: read.text(root['version'], 'version'),
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
    output: {
      name: read.text(output['name'], 'output.name'),
      classes: read.count(output['classes'], 'output.classes'),
    },
    parameters: read.count(root['parameters'], 'parameters'),
    macs: read.count(root['macs'], 'macs'),
    licence: read.text(root['licence'], 'licence'),
    trainedOn: read.text(root['trainedOn'], 'trainedOn'),
    measured: read
      .array(root['measured'], 'measured')
      .map((row, i) => read.measurement(row, `measured[${i}]`)),
    recipe: read.text(root['recipe'], 'recipe'),
  };
  const ranges = root['activationRanges'];
  if (ranges !== undefined) manifest.activationRanges = read.ranges(ranges, 'activationRanges');
  return manifest;
}

type Fields = Record<string, unknown>;

/** Reads typed fields; every failure says where, what was expected and what came. */
class FieldReader {
  readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  fail(field: string, expected: string, came: unknown): never {
    const shown = came === undefined ? 'nothing' : JSON.stringify(came).slice(0, 60);
    throw new ThawError({
      code: 'bad-manifest',
      message: `The manifest ${this.where} has a mistake in "${field}": ${expected} was expected, ${shown} came.`,
      advice: 'Correct the manifest; content/reference/add-a-model.mdx lists its fields.',
      details: { where: this.where, field },
    });
  }

  object(value: unknown, field: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.fail(field, 'an object', value);
    return value as Fields;
  }

  array(value: unknown, field: string, length?: number): unknown[] {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      this.fail(field, length === undefined ? 'a list' : `a list of ${length}`, value);
    return value as unknown[];
  }

  text(value: unknown, field: string, pattern = /\S/): string {
    if (typeof value !== 'string' || !pattern.test(value))
      this.fail(field, `text matching ${String(pattern)}`, value);
    return value;
  }

  oneOf<T extends string>(value: unknown, field: string, allowed: readonly T[]): T {
    const found = allowed.find((word) => word === value);
    return found ?? this.fail(field, allowed.map((word) => `"${word}"`).join(' or '), value);
  }

  number(value: unknown, field: string): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) this.fail(field, 'a finite number', value);
    return value;
  }

  count(value: unknown, field: string): number {
    const count = this.number(value, field);
    if (!Number.isInteger(count) || count < 1) this.fail(field, 'a whole number above zero', value);
    return count;
  }

  triple(value: unknown, field: string): [number, number, number] {
    const [a, b, c] = this.array(value, field, 3);
    return [this.number(a, `${field}[0]`), this.number(b, `${field}[1]`), this.number(c, `${field}[2]`)];
  }

  file(value: unknown, field: string): ModelFile {
    const file = this.object(value, field);
    return {
      path: this.text(file['path'], `${field}.path`),
      sizeBytes: this.count(file['sizeBytes'], `${field}.sizeBytes`),
      sha256: this.text(file['sha256'], `${field}.sha256`, /^[0-9a-f]{64}$/),
    };
  }

  ranges(value: unknown, field: string): Record<string, [number, number]> {
    const result: Record<string, [number, number]> = {};
    for (const [name, pair] of Object.entries(this.object(value, field))) {
      const [low, high] = this.array(pair, `${field}.${name}`, 2);
      const range: [number, number] = [
        this.number(low, `${field}.${name}[0]`),
        this.number(high, `${field}.${name}[1]`),
      ];
      if (range[0] > range[1]) this.fail(`${field}.${name}`, 'the smaller number first', pair);
      result[name] = range;
    }
    return result;
  }

  measurement(value: unknown, field: string): Measurement {
    const row = this.object(value, field);
    return {
      name: this.text(row['name'], `${field}.name`),
      value: this.number(row['value'], `${field}.value`),
      unit: typeof row['unit'] === 'string' ? row['unit'] : this.fail(`${field}.unit`, 'text', row['unit']),
      split: this.text(row['split'], `${field}.split`),
      command: this.text(row['command'], `${field}.command`),
    };
  }
}
