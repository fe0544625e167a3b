/** A state with the bundled network open, as the worker describes it. */
import { readFileSync } from 'node:fs';
import { firstState, openedState, type OwnState } from '../../../../src/figures/own-model/model.ts';
import { bundledModel } from '../../../fixtures/onnx/models.ts';
import { named, nativeEngine } from '../../labs/own-model/native-engine.ts';

const ask = nativeEngine();
const opened = await ask('open', { files: [named('net.onnx', readFileSync(bundledModel))] });

/** The figure with a network in it. */
export const openState: OwnState = { ...firstState('1 MB'), ...openedState('net.onnx', opened) };
