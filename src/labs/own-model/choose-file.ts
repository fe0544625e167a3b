/** Which of the files that a reader handed over is the network, and which hold its weights. */
import { blobSource, type ByteSource } from '../../engine/onnx/byte-source.ts';
import { OnnxError } from '../../engine/onnx/onnx-error.ts';
import type { NamedFile } from './protocol.ts';

export interface ChosenFiles {
  model: ByteSource;
  /** The others by name. */
  files: ReadonlyMap<string, ByteSource>;
}

const isOnnx = ({ name }: NamedFile): boolean => /\.onnx$/i.test(name);

/** The one file that ends in .onnx, or the only file. Throws an OnnxError where there are several or none. */
export function chooseFile(given: readonly NamedFile[]): ChosenFiles {
  const models = given.filter(isOnnx);
  const model = given.length === 1 ? given[0] : models[0];
  if (models.length > 1)
    throw new OnnxError(
      `${models.length} networks came at once: ${models.map(({ name }) => `“${name}”`).join(', ')}.`,
      {
        advice: 'Choose one .onnx file, together with its files of weights.',
      },
    );
  if (!model)
    throw new OnnxError(`None of these ${given.length} files ends in .onnx.`, {
      advice: 'Choose the network’s .onnx file together with its files of weights.',
    });
  const others = given.filter((one) => one !== model);
  return {
    model: blobSource(model.file, model.name),
    files: new Map(others.map(({ name, file }) => [name, blobSource(file, name)])),
  };
}
