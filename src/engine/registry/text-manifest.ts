import { FieldReader } from './field-reader.ts';
import { readModelFacts, type ModelFacts, type ModelFile } from './model-facts.ts';

/** What a network can do with text. */
export const TEXT_TASKS = [
  'masked-language-model',
  'language-model',
  'text-classification',
  'question-answering',
] as const;

/** How a text becomes the network's input tensors. */
export interface TextInputSpec {
  /** The tensor of word pieces' numbers. */
  name: string;
  /** The tensor of the same shape that marks pieces by 1 and padding by 0, if the network takes one. */
  mask?: string;
  /** The tensor of the same shape that marks the second of two texts by 1, if the network takes one. */
  segments?: string;
  /** The tensor of one number a text, shape [N], that the network only hands through, if it takes one. */
  serial?: string;
  /** Batch and pieces. */
  shape: ['N', 'T'];
  dtype: 'int64';
  /** The most pieces that a text may have, special ones included. */
  longest: number;
  /** The network takes exactly `longest` pieces: shorter texts are padded. */
  isPadded?: true;
  tokenizer: {
    kind: 'wordpiece';
    lowercase: boolean;
    stripAccents: boolean;
    /** What begins a piece that continues a word. */
    continuation: string;
    /** Words with more letters than this become the unknown piece. */
    longestWord: number;
  };
  /** The vocabulary's special pieces. */
  special: Record<'pad' | 'unknown' | 'start' | 'end' | 'mask', string>;
  /** The special pieces around every text; without `after` the network itself goes on. */
  wrap: { before: string; after?: string };
}

/** The only truth about a language network: `public/models/<id>/manifest.json`. */
export interface TextManifest extends ModelFacts {
  task: (typeof TEXT_TASKS)[number];
  /** The vocabulary has one piece a line; its number is the line's, from 0. Only a classifier has labels. */
  files: { weights: ModelFile; vocabulary: ModelFile; labels?: ModelFile };
  input: TextInputSpec;
  /**
   * Only of a network that answers questions: the output, float32 [N, T], that scores every piece as the answer's last. `output` scores it as the first, and its
   * `classes` are the pieces.
   */
  answerEnd?: string;
  /** As a picture network's: the file is run as it stands. */
  storedPrecision?: 'int8' | 'fp32';
}

/** A language network's manifest in a parsed JSON value; throws a ThawError 'bad-manifest' that names the field, what was expected and what came. */
export function parseTextManifest(value: unknown, where: string): TextManifest {
  const read = new FieldReader(where);
  const root = read.object(value, 'manifest');
  const files = read.object(root['files'], 'files');
  const task = read.oneOf(root['task'], 'task', TEXT_TASKS);
  return {
    ...readModelFacts(read, root),
    task,
    files: {
      weights: read.file(files['weights'], 'files.weights'),
      vocabulary: read.file(files['vocabulary'], 'files.vocabulary'),
      ...(task === 'text-classification' && { labels: read.file(files['labels'], 'files.labels') }),
    },
    input: readInput(read, root['input']),
    ...(task === 'question-answering' && { answerEnd: read.text(root['answerEnd'], 'answerEnd') }),
    ...(root['storedPrecision'] !== undefined && {
      storedPrecision: read.oneOf(root['storedPrecision'], 'storedPrecision', ['int8', 'fp32'] as const),
    }),
  };
}

function readInput(read: FieldReader, value: unknown): TextInputSpec {
  const input = read.object(value, 'input');
  const shape = read.array(input['shape'], 'input.shape', 2);
  const tokenizer = read.object(input['tokenizer'], 'input.tokenizer');
  const special = read.object(input['special'], 'input.special');
  const wrap = read.object(input['wrap'], 'input.wrap');
  const piece = (name: string) => read.text(special[name], `input.special.${name}`);
  const spec: TextInputSpec = {
    name: read.text(input['name'], 'input.name'),
    shape: [read.oneOf(shape[0], 'input.shape[0]', ['N']), read.oneOf(shape[1], 'input.shape[1]', ['T'])],
    dtype: read.oneOf(input['dtype'], 'input.dtype', ['int64']),
    longest: read.count(input['longest'], 'input.longest'),
    tokenizer: {
      kind: read.oneOf(tokenizer['kind'], 'input.tokenizer.kind', ['wordpiece']),
      lowercase: read.flag(tokenizer['lowercase'], 'input.tokenizer.lowercase'),
      stripAccents: read.flag(tokenizer['stripAccents'], 'input.tokenizer.stripAccents'),
      continuation: read.text(tokenizer['continuation'], 'input.tokenizer.continuation'),
      longestWord: read.count(tokenizer['longestWord'], 'input.tokenizer.longestWord'),
    },
    special: {
      pad: piece('pad'),
      unknown: piece('unknown'),
      start: piece('start'),
      end: piece('end'),
      mask: piece('mask'),
    },
    wrap: { before: read.text(wrap['before'], 'input.wrap.before') },
  };
  for (const name of ['mask', 'segments', 'serial'] as const)
    if (input[name] !== undefined) spec[name] = read.text(input[name], `input.${name}`);
  if (input['isPadded'] !== undefined && read.flag(input['isPadded'], 'input.isPadded')) spec.isPadded = true;
  if (wrap['after'] !== undefined) spec.wrap.after = read.text(wrap['after'], 'input.wrap.after');
  return spec;
}
