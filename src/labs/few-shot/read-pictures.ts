/** From drawings to what a network takes: pixels of the sheet, prepared as the lens prepares a picture. */
import { cutTile } from '../../data/picture/sheet.ts';
import { preprocessAll } from '../../engine/preprocess/batch.ts';
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
import type { InputSpec } from '../../engine/registry/manifest.ts';
import type { Tensor } from '../../engine/runtime/types.ts';
import type { Drawing, DrawingIndex } from './drawings.ts';
import type { Labelled } from './task.ts';

/** A sheet of drawings whose pixels are there. */
export interface DrawingSheet {
  index: DrawingIndex;
  /** The decoded sheet. */
  pixels: RgbaPicture;
}

/** The pixels of drawings, RGBA 64×64 each. */
export function cutDrawings({ index, pixels }: DrawingSheet, drawings: readonly Drawing[]): RgbaPicture[] {
  return drawings.map(({ tile }) => cutTile(pixels, index, tile));
}

/** Drawings as a network's input, float32 [N, 3, size, size]. */
export function drawingTensor(sheet: DrawingSheet, drawings: readonly Drawing[], input: InputSpec): Tensor {
  return preprocessAll(cutDrawings(sheet, drawings), input);
}

/** Labelled drawings as a network's input, float32 [N, 3, size, size], and their labels, int32 [N]. */
export function taskTensors(
  sheet: DrawingSheet,
  pictures: readonly Labelled[],
  input: InputSpec,
): { pictures: Tensor; labels: Int32Array } {
  return {
    pictures: drawingTensor(
      sheet,
      pictures.map(({ drawing }) => drawing),
      input,
    ),
    labels: Int32Array.from(pictures, ({ label }) => label),
  };
}
