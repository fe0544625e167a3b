import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recogniseOtherFile } from '../../../../src/engine/onnx/recognise.ts';
import { OnnxError } from '../../../../src/engine/onnx/onnx-error.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zipped = (member: string) => latin1(`PK\x03\x04${'\0'.repeat(26)}${member}`);

const kinds: [string, Uint8Array, RegExp][] = [
  ['empty', new Uint8Array(0), /an empty file/],
  ['zip', zipped('notes.txt'), /a zip archive/],
  ['.pt', zipped('archive/data.pkl'), /a PyTorch checkpoint \(\.pt\)/],
  ['old .pt', latin1('\x80\x02\x8a\x0a\x6c\xfc'), /a PyTorch checkpoint of the old format/],
  ['pickle', latin1('\x80\x04\x95\x10'), /a Python pickle/],
  ['.npz', zipped('weight.npy'), /a NumPy archive/],
  ['.keras', zipped('metadata.json'), /a Keras model/],
  ['.safetensors', latin1('\x40\0\0\0\0\0\0\0{"weight":{"dtype":"F32"}}'), /a safetensors file/],
  ['.tflite', latin1('\x1c\0\0\0TFL3\x14\0'), /a TensorFlow Lite model/],
  ['.ort', latin1('\x10\0\0\0ORTM'), /an ONNX Runtime model/],
  ['.h5', latin1('\x89HDF\r\n'), /HDF5/],
  ['.gguf', latin1('GGUF\x03\0'), /GGUF/],
  ['html', latin1('\n<!DOCTYPE html><title>404</title>'), /an HTML page/],
  ['html with mark', latin1('\xef\xbb\xbf<html>'), /an HTML page/],
  ['svg', latin1('<?xml version="1.0"?><svg>'), /an SVG picture/],
  ['png', latin1('\x89PNG\r\n\x1a\n'), /a PNG picture/],
  ['jpeg', latin1('\xff\xd8\xff\xe0'), /a JPEG picture/],
  ['webp', latin1('RIFF\0\0\0\0WEBPVP8 '), /a WebP picture/],
  ['gzip', latin1('\x1f\x8b\x08'), /gzip/],
  ['json', latin1(' {"id": 1}'), /a JSON file/],
  ['lfs', latin1('version https://git-lfs.github.com/spec/v1'), /Git LFS pointer/],
];

for (const [name, bytes, sentence] of kinds) {
  it(`recognises ${name}`, () => {
    assert.match(recogniseOtherFile(bytes) ?? '', sentence);
    assert.throws(
      () => readModel(bytes),
      (error) => error instanceof OnnxError && /^This is .*, not an ONNX model\.$/.test(error.message),
    );
  });
}

it('has nothing against an ONNX model', () => {
  assert.equal(recogniseOtherFile(writeModel(buildResnet({ widths: [1, 1, 1, 1] }))), undefined);
});
