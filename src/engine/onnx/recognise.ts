/** Recognises files that are certainly something other than an ONNX model, by their first bytes, and says what to do with them. */
import { OnnxError } from './onnx-error.ts';

/** A file of another kind. */
export interface OtherFile {
  /** For a sentence: "This is … , not an ONNX model." */
  readonly kind: string;
  readonly advice: string;
}

const advice = {
  choose: 'Choose the .onnx file itself.',
  picture: 'Drop pictures on a figure that looks at pictures; here, choose an .onnx file.',
  unpack: 'Unpack it, then choose the .onnx file inside.',
  torch: 'Load it in Python, with the code of its model, and export it by torch.onnx.export.',
  keras: 'Convert it with tf2onnx (python -m tf2onnx.convert), then choose the .onnx file.',
  weights: 'It holds weights without a graph: load it into its model in Python and export that to ONNX.',
  original: 'Choose the .onnx file from which it was made.',
  again: 'Download the file again; the address may need a login or lead to a page about the file.',
  convert: 'Convert it to ONNX with the tools of its own framework, then choose the .onnx file.',
} as const;

/** Kinds by bytes at a fixed place. */
const signatures: readonly (readonly [kind: string, at: number, text: string, what: string])[] = [
  ['a PNG picture', 0, '\x89PNG', advice.picture],
  ['a JPEG picture', 0, '\xff\xd8\xff', advice.picture],
  ['a GIF picture', 0, 'GIF8', advice.picture],
  ['a WebP picture', 8, 'WEBP', advice.picture],
  ['a PDF document', 0, '%PDF', advice.choose],
  [
    'a TensorFlow Lite model (.tflite)',
    4,
    'TFL3',
    'Convert it with tf2onnx (--tflite), then choose the .onnx file.',
  ],
  ['an ONNX Runtime model (.ort)', 4, 'ORTM', advice.original],
  ['an ExecuTorch program (.pte)', 4, 'ET12', advice.torch],
  ['a Keras or HDF5 file (.h5)', 0, '\x89HDF', advice.keras],
  ['a GGUF model (.gguf)', 0, 'GGUF', advice.weights],
  ['a gzip archive', 0, '\x1f\x8b', advice.unpack],
  ['a 7-Zip archive', 0, '7z\xbc\xaf', advice.unpack],
  ['a RAR archive', 0, 'Rar!', advice.unpack],
  ['an xz archive', 0, '\xfd7zXZ', advice.unpack],
  ['a bzip2 archive', 0, 'BZh', advice.unpack],
  ['a Zstandard archive', 0, '\x28\xb5\x2f\xfd', advice.unpack],
  ['a tar archive', 257, 'ustar', advice.unpack],
  ['a NumPy array (.npy)', 0, '\x93NUMPY', advice.weights],
  ['a PyTorch checkpoint of the old format (.pt)', 0, '\x80\x02\x8a\x0a', advice.torch],
];

/** Kinds by a pattern at the start of the file, read as Latin-1. */
const patterns: readonly (readonly [kind: string, pattern: RegExp, what: string])[] = [
  // protocol 2 to 5, then an opcode that begins a module, a frame, a dict, a list, a tuple or a number
  ['a Python pickle', /^\x80[\x02-\x05][\x80-\x95(}\])cXKMJGU]/, advice.torch],
  ['a safetensors file', /^[^]{6}\0\0\{["}\s]/, advice.weights],
  ['a TensorFlow graph (.pb)', /^\x0a[^]{1,5}\x0a[\x01-\x7f][\w./-]+\x12[\x01-\x40][A-Z]\w+/, advice.keras],
  [
    'a Git LFS pointer',
    /^version https:\/\/git-lfs/,
    'The model itself was not downloaded: run git lfs pull.',
  ],
];

/**
 * What a file is that is no ONNX model, or undefined when nothing speaks against ONNX. Looks at the first few kilobytes only.
 */
export function recogniseOtherFile(bytes: Uint8Array): OtherFile | undefined {
  if (bytes.length === 0) return { kind: 'an empty file', advice: advice.again };
  const head = latin1(bytes, 4096);
  const signed = signatures.find(([, at, text]) => head.startsWith(text, at));
  if (signed !== undefined) return { kind: signed[0], advice: signed[3] };
  if (head.startsWith('PK\x03\x04')) return zipKind(head);
  const shaped = patterns.find(([, pattern]) => pattern.test(head));
  if (shaped !== undefined) return { kind: shaped[0], advice: shaped[2] };
  return savedModel(head) ?? textKind(head);
}

/** @throws OnnxError naming the kind of a file that is no ONNX model, with what to do as its advice. */
export function refuseOtherFile(head: Uint8Array): void {
  const found = recogniseOtherFile(head);
  if (found === undefined) return;
  throw new OnnxError(`This is ${found.kind}, not an ONNX model.`, { byteOffset: 0, advice: found.advice });
}

/** PyTorch, Keras and NumPy all save zip archives; the names of their first members tell them apart. */
function zipKind(head: string): OtherFile {
  if (/\/data\.pkl|\/byteorder|\.data\/serialization_id|\.format_version/.test(head)) {
    const isProgram = /\/code\/__torch__|\/models\/|\/constants\.pkl/.test(head);
    return {
      kind: isProgram ? 'a PyTorch program (.pt)' : 'a PyTorch checkpoint (.pt)',
      advice: advice.torch,
    };
  }
  if (/^[^]{30}(metadata|config)\.json/.test(head))
    return { kind: 'a Keras model (.keras)', advice: advice.keras };
  if (/^[^]{30}[^\0]*\.npy/.test(head)) return { kind: 'a NumPy archive (.npz)', advice: advice.weights };
  return { kind: 'a zip archive', advice: advice.unpack };
}

/**
 * A SavedModel begins like ONNX, with a version and a field of bytes: there a message, whose first byte is a tag (a control character),
 * in ONNX the producer's name. Core ML does the same with a larger version.
 */
function savedModel(head: string): OtherFile | undefined {
  const start = /^\x08([\x01-\x0f])\x12(?:[\x80-\xff]{1,4}[\x01-\x7f]|[\x01-\x7f])[\x0a\x12]/.exec(head);
  if (start === null) return undefined;
  const [, version] = start;
  if (version === '\x01') return { kind: 'a TensorFlow SavedModel (.pb)', advice: advice.keras };
  return { kind: 'a Core ML model (.mlmodel)', advice: advice.convert };
}

function textKind(head: string): OtherFile | undefined {
  const text = head.replace(/^(\xef\xbb\xbf)?\s*/, '').toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(text)) return { kind: 'an HTML page', advice: advice.again };
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg')))
    return { kind: 'an SVG picture', advice: advice.picture };
  if (text.startsWith('<?xml') || text.startsWith('<net '))
    return { kind: 'an XML file', advice: advice.convert };
  if (/^(\{\s*["}]|\[\s*["{[\]\d-])/.test(text)) return { kind: 'a JSON file', advice: advice.choose };
  // an ONNX file has control characters within its first few bytes
  if (head.length >= 8 && !/[\x00-\x08\x0e-\x1f]/.test(head))
    return { kind: 'a text file', advice: advice.choose };
  return undefined;
}

function latin1(bytes: Uint8Array, limit: number): string {
  return Array.from(bytes.subarray(0, limit), (byte) => String.fromCharCode(byte)).join('');
}
