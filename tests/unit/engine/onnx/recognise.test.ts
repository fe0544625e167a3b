import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesSource } from '../../../../src/engine/onnx/byte-source.ts';
import { OnnxError } from '../../../../src/engine/onnx/onnx-error.ts';
import { openModel } from '../../../../src/engine/onnx/open-model.ts';
import { MessageWriter } from '../../../../src/engine/onnx/protobuf-writer.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { recogniseOtherFile } from '../../../../src/engine/onnx/recognise.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { fixtureNames, readFixture } from '../../../fixtures/onnx/models.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zipped = (member: string) => latin1(`PK\x03\x04${'\0'.repeat(26)}${member}`);

/** Beginnings of files that their own programs wrote: make_other_files.py. */
const written = new Map(
  Object.entries(
    JSON.parse(
      readFileSync(new URL('../../../fixtures/onnx/other-files.json', import.meta.url), 'utf8'),
    ) as Record<string, string>,
  ).map(([name, base64]) => [name, new Uint8Array(Buffer.from(base64, 'base64'))]),
);

function message(write: (writer: MessageWriter) => void): Uint8Array {
  const writer = new MessageWriter();
  write(writer);
  return writer.finish();
}

/** A SavedModel: schema version, then a MetaGraphDef with its MetaInfoDef and a GraphDef of one Placeholder. */
const savedModel = message((writer) => {
  writer.int(1, 1);
  writer.message(2, (graph) => {
    graph.message(1, (info) => info.string(4, 'serve'));
    graph.message(2, (def) => def.raw(graphDef()));
  });
});

function graphDef(): Uint8Array {
  return message((writer) =>
    writer.message(1, (node) => {
      node.string(1, 'input/x');
      node.string(2, 'Placeholder');
    }),
  );
}

/** Core ML: version 4, then the description with an input. */
const coreMl = message((writer) => {
  writer.int(1, 4);
  writer.message(2, (description) => description.message(1, (input) => input.string(1, 'image')));
});

const kinds: [string, Uint8Array | undefined, RegExp, RegExp][] = [
  ['empty', new Uint8Array(0), /an empty file/, /again/],
  ['zip', written.get('zip'), /a zip archive/, /Unpack/],
  ['.pt', written.get('pt'), /a PyTorch checkpoint \(\.pt\)/, /torch\.onnx\.export/],
  ['TorchScript', written.get('pt-program'), /a PyTorch program \(\.pt\)/, /torch\.onnx\.export/],
  ['old .pt', written.get('pt-old'), /a PyTorch checkpoint of the old format/, /torch\.onnx\.export/],
  ...[2, 3, 4, 5].map((protocol): [string, Uint8Array | undefined, RegExp, RegExp] => [
    `pickle ${protocol}`,
    written.get(`pickle-${protocol}`),
    /a Python pickle/,
    /Python/,
  ]),
  ['.npy', written.get('npy'), /a NumPy array/, /weights without a graph/],
  ['.npz', written.get('npz'), /a NumPy archive/, /weights without a graph/],
  ['.keras', zipped('metadata.json'), /a Keras model/, /tf2onnx/],
  ['.safetensors', written.get('safetensors'), /a safetensors file/, /weights without a graph/],
  ['.tflite', latin1('\x1c\0\0\0TFL3\x14\0'), /a TensorFlow Lite model/, /tf2onnx/],
  ['SavedModel', savedModel, /a TensorFlow SavedModel \(\.pb\)/, /tf2onnx/],
  ['frozen graph', graphDef(), /a TensorFlow graph \(\.pb\)/, /tf2onnx/],
  ['.mlmodel', coreMl, /a Core ML model/, /Convert/],
  ['.ort', latin1('\x10\0\0\0ORTM'), /an ONNX Runtime model/, /from which it was made/],
  ['.h5', latin1('\x89HDF\r\n\x1a\n'), /HDF5/, /tf2onnx/],
  ['.gguf', latin1('GGUF\x03\0\0\0'), /GGUF/, /weights without a graph/],
  ['html', latin1('\n<!DOCTYPE html><title>404</title>'), /an HTML page/, /Download the file again/],
  ['html with mark', latin1('\xef\xbb\xbf<html>'), /an HTML page/, /again/],
  ['svg', latin1('<?xml version="1.0"?><svg>'), /an SVG picture/, /picture/],
  ['xml', latin1('<?xml version="1.0"?><net name="v">'), /an XML file/, /Convert/],
  ['png', written.get('png'), /a PNG picture/, /picture/],
  ['jpeg', written.get('jpeg'), /a JPEG picture/, /picture/],
  ['webp', written.get('webp'), /a WebP picture/, /picture/],
  ['gif', written.get('gif'), /a GIF picture/, /picture/],
  ['gzip', written.get('gzip'), /a gzip archive/, /Unpack/],
  ['tar', written.get('tar'), /a tar archive/, /Unpack/],
  ['xz', written.get('xz'), /an xz archive/, /Unpack/],
  ['bzip2', written.get('bz2'), /a bzip2 archive/, /Unpack/],
  ['json', latin1(' {"id": 1}'), /a JSON file/, /\.onnx/],
  ['json list', latin1('[1, 2, 3]'), /a JSON file/, /\.onnx/],
  [
    'lfs',
    latin1('version https://git-lfs.github.com/spec/v1\noid sha256:4665\nsize 12345\n'),
    /Git LFS pointer/,
    /git lfs pull/,
  ],
  ['text', latin1('weights are in the other folder\n'), /a text file/, /\.onnx/],
];

describe('a file of another kind', () => {
  for (const [name, bytes, kind, whatToDo] of kinds) {
    it(`is recognised: ${name}`, async () => {
      assert.ok(bytes, 'the sample is there');
      const isRight = (error: unknown) => {
        assert.ok(error instanceof OnnxError);
        assert.match(error.message, kind);
        assert.match(error.message, /^This is .*, not an ONNX model\.$/);
        assert.match(error.advice, whatToDo);
        assert.equal(error.code, 'bad-model');
        return true;
      };
      assert.throws(() => readModel(bytes), isRight);
      await assert.rejects(openModel(bytesSource(bytes)), isRight);
    });
  }
});

it('nothing speaks against ONNX models', () => {
  assert.equal(recogniseOtherFile(writeModel(buildResnet({ widths: [1, 1, 1, 1] }))), undefined);
  for (const name of fixtureNames) assert.equal(recogniseOtherFile(readFixture(name)), undefined, name);
  // as torch's, TensorFlow's and others' exporters begin
  for (const producer of ['pytorch', 'tf2onnx', 'skl2onnx', 'x'.repeat(10), 'keras2onnx'])
    for (const version of [3, 4, 6, 7, 8, 10]) {
      const file = message((writer) => {
        writer.int(1, version);
        writer.string(2, producer);
      });
      assert.equal(recogniseOtherFile(file), undefined);
    }
});
