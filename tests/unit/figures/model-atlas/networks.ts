/** Real files to draw: the bundled networks and the small models of the toolkit's tests. */
import { readdirSync, readFileSync } from 'node:fs';
import type { AtlasNetwork } from '../../../../src/labs/atlas-network.ts';
import { describeAtlas } from '../../../../src/labs/describe-atlas.ts';

const fixtures = 'tests/fixtures/onnx/models';

/** The description of one file. */
export function readNetwork(path: string): AtlasNetwork {
  return describeAtlas(readFileSync(path), { id: 'test', title: 'Test' });
}

/** The bundled ResNet: 86 boxes, four stages of two residual blocks. */
export const resnet = readNetwork('public/models/resnet-mixed/model.onnx');

/** Files with branches, quantised operators, control flow and functions. */
export const fixturePaths = readdirSync(fixtures)
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => `${fixtures}/${name}`);
