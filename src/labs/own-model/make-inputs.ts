/** All inputs of a run, from what the reader chose for each. */
import { seedRandom, type SeededRandom } from '../../data/seeded-random.ts';
import { ThawError } from '../../engine/errors.ts';
import { preparePicture, type PictureChoice } from '../../engine/preprocess/free-choice.ts';
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
import type { AnyTensors } from '../../engine/runtime/any-session.ts';
import { tensorOf } from './cast-numbers.ts';
import { fillNumbers, parseShape, type Fill, type GraphInput } from './graph-inputs.ts';
import { textNumbers, type OpenVocabulary } from './text-numbers.ts';

/** How one input is filled. */
export interface InputChoice {
  fill: Fill;
  /** As the reader typed it: `1×3×224×224`. */
  shape: string;
}

export interface RunMaterial {
  seed: number;
  picture?: RgbaPicture | undefined;
  /** Everything about the picture but its size, which follows from the input's shape. */
  pictureChoice: Omit<PictureChoice, 'width' | 'height'>;
  text: string;
  vocabulary?: OpenVocabulary | undefined;
}

/** Tensors for all inputs, in order; random ones come from the seed and the input's name. Throws a ThawError 'bad-input' that names the input. */
export function makeInputs(
  inputs: readonly GraphInput[],
  choices: Readonly<Record<string, InputChoice>>,
  material: RunMaterial,
): AnyTensors {
  return Object.fromEntries(
    inputs.map((input) => {
      const { fill, shape: text } = choices[input.name];
      const shape = parseShape(text, input);
      return [
        input.name,
        tensorOf(
          input.dtype,
          shape,
          numbersFor(input, fill, shape, material, seedRandom(material.seed, input.name)),
        ),
      ];
    }),
  );
}

function numbersFor(
  input: GraphInput,
  fill: Fill,
  shape: readonly number[],
  material: RunMaterial,
  random: SeededRandom,
): ArrayLike<number> {
  if (fill === 'picture') return pictureNumbers(input, shape, material);
  const isText = fill === 'ids' || fill === 'mask' || fill === 'segments';
  if (!isText && !(fill === 'positions' && material.vocabulary))
    return fillNumbers(fill, input, shape, random);
  if (!material.vocabulary)
    throw needed(
      `“${input.name}” is to come from a text, and there is no vocabulary yet.`,
      'Choose its vocabulary file, or fill the input in another way.',
    );
  const length = shape.at(-1) ?? 1;
  const row = textNumbers(material.vocabulary, material.text, length, fill);
  const rows = shape.reduce((product, size) => product * size, 1) / length;
  return Array.from({ length: rows }, () => row).flat();
}

function pictureNumbers(
  { name }: GraphInput,
  shape: readonly number[],
  { picture, pictureChoice }: RunMaterial,
): ArrayLike<number> {
  if (!picture)
    throw needed(
      `“${name}” is to be a picture, and none has been chosen.`,
      'Choose a picture, or fill the input in another way.',
    );
  const [batch, ...axes] = shape.length === 4 ? shape : [1, ...shape];
  const [depth, height, width] = pictureChoice.layout === 'nchw' ? axes : [axes[2], axes[0], axes[1]];
  const expected = pictureChoice.channels === 'grey' ? 1 : 3;
  if (depth !== expected)
    throw needed(
      `“${name}” has ${depth} channels where the layout puts them; a picture in ${pictureChoice.channels} has ${expected}.`,
      'Choose the other layout, another order of channels, or another shape.',
    );
  const { data } = preparePicture(picture, { ...pictureChoice, height, width });
  return batch === 1
    ? data
    : Float32Array.from({ length: data.length * batch }, (_, index) => data[index % data.length]);
}

function needed(message: string, advice: string): ThawError {
  return new ThawError({ code: 'bad-input', message, advice });
}
