/** Recognises files that are certainly something other than an ONNX model, by their first bytes. */
import { OnnxError } from './onnx-error.ts';

interface Signature {
  readonly kind: string;
  readonly at: number;
  readonly text: string;
}

const signatures: readonly Signature[] = [
  { kind: 'a PNG picture', at: 0, text: '\x89PNG' },
  { kind: 'a JPEG picture', at: 0, text: '\xff\xd8\xff' },
  { kind: 'a GIF picture', at: 0, text: 'GIF8' },
  { kind: 'a WebP picture', at: 8, text: 'WEBP' },
  { kind: 'a PDF document', at: 0, text: '%PDF' },
  { kind: 'a TensorFlow Lite model (.tflite)', at: 4, text: 'TFL3' },
  { kind: 'an ONNX Runtime model (.ort); its .onnx original is needed', at: 4, text: 'ORTM' },
  { kind: 'a Keras or HDF5 file (.h5)', at: 0, text: '\x89HDF' },
  { kind: 'a GGUF model (.gguf)', at: 0, text: 'GGUF' },
  { kind: 'a gzip archive; unpack it first', at: 0, text: '\x1f\x8b' },
  { kind: 'a 7-Zip archive; unpack it first', at: 0, text: '7z\xbc\xaf' },
  { kind: 'a NumPy array (.npy)', at: 0, text: '\x93NUMPY' },
  { kind: 'a PyTorch checkpoint of the old format (.pt)', at: 0, text: '\x80\x02\x8a\x0a' },
  { kind: 'a Python pickle', at: 0, text: '\x80\x02' },
  { kind: 'a Python pickle', at: 0, text: '\x80\x04\x95' },
];

/**
 * The kind of a file that is no ONNX model ("a PNG picture", "a PyTorch checkpoint (.pt)"), or undefined when nothing
 * speaks against ONNX. Looks at the first few kilobytes only.
 */
export function recogniseOtherFile(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file';
  const head = latin1(bytes, 4096);
  const found = signatures.find(({ at, text }) => head.startsWith(text, at));
  if (found !== undefined) return found.kind;
  if (head.startsWith('PK\x03\x04')) return zipKind(head);
  if (/^[^]{6}\0\0\{["}\s]/.test(head)) return 'a safetensors file (weights without a graph)';
  const text = head.replace(/^(\xef\xbb\xbf)?\s*/, '').toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(text))
    return 'an HTML page (perhaps an error page saved under the name of a model)';
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return 'an SVG picture';
  if (/^[{[]\s*["{[\]}]/.test(text)) return 'a JSON file';
  if (head.startsWith('version https://git-lfs'))
    return 'a Git LFS pointer; the model itself was not downloaded';
  return undefined;
}

/** PyTorch, Keras and NumPy all save zip archives; the names of their first members tell them apart. */
function zipKind(head: string): string {
  if (/\/data\.pkl|\/byteorder|\.data\/serialization_id/.test(head))
    return 'a PyTorch checkpoint (.pt); export it with torch.onnx';
  if (/^[^]{30}(metadata|config)\.json/.test(head)) return 'a Keras model (.keras)';
  if (/^[^]{30}[^\0]*\.npy/.test(head)) return 'a NumPy archive (.npz)';
  return 'a zip archive; unpack it first';
}

function latin1(bytes: Uint8Array, limit: number): string {
  return Array.from(bytes.subarray(0, limit), (byte) => String.fromCharCode(byte)).join('');
}

/** @throws OnnxError naming the kind of a file that is no ONNX model. */
export function refuseOtherFile(head: Uint8Array): void {
  const kind = recogniseOtherFile(head);
  if (kind !== undefined) throw new OnnxError(`This is ${kind}, not an ONNX model.`, { byteOffset: 0 });
}
