import type { FieldReader, Fields } from './field-reader.ts';

/** A file that belongs to a model. */
export interface ModelFile {
  /** Relative to the manifest, or a full address on a host of the registry. */
  path: string;
  sizeBytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

/** A number that was measured on the model, with the command that measured it. */
export interface Measurement {
  name: string;
  value: number;
  unit: string;
  split: string;
  command: string;
}

/** What every manifest tells, whatever the network takes. */
export interface ModelFacts {
  id: string;
  title: string;
  version: string;
  /** `classes` is the number of labels, of word pieces, or of places where an answer may begin. */
  output: { name: string; classes: number };
  /** Smallest and largest value seen of each float32 activation, by value name. Absent: the model runs in fp32 only. */
  activationRanges?: Record<string, [min: number, max: number]>;
  parameters: number;
  /** Multiply-accumulate operations for one picture, or for one text of `input.longest` pieces. */
  macs: number;
  licence: string;
  trainedOn: string;
  measured: Measurement[];
  recipe: string;
}

/** Reads these facts from a manifest's fields; throws a ThawError 'bad-manifest' at the first mistake. */
export function readModelFacts(read: FieldReader, root: Fields): ModelFacts {
  const output = read.object(root['output'], 'output');
  const facts: ModelFacts = {
    id: read.text(root['id'], 'id', /^[a-z0-9][a-z0-9-]*$/),
    title: read.text(root['title'], 'title'),
    version: read.text(root['version'], 'version'),
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
  if (ranges !== undefined) facts.activationRanges = read.ranges(ranges, 'activationRanges');
  return facts;
}
