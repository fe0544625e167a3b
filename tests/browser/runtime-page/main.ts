// The page of runtime.test.ts: hands the runtime's doors to the test, which drives them from outside.
import { parseCatalogue } from '../../../src/engine/registry/catalogue.ts';
import { pictureManifest } from '../../../src/engine/registry/manifest.ts';
import { createBrowserRuntime } from '../../../src/engine/runtime/browser.ts';
import { confineNestedWorkers, startConfinedWorker } from '../../../src/engine/runtime/confined-worker.ts';
import { browserDecoder } from '../../../src/data/picture/browser-decoder.ts';
import { decodePicture } from '../../../src/data/picture/decode.ts';
import { preprocess } from '../../../src/engine/preprocess/picture.ts';
import { softmax, topK } from '../../../src/engine/preprocess/probabilities.ts';
import spyUrl from './spy.ts?worker&url';

export const doors = {
  browserDecoder,
  confineNestedWorkers,
  createBrowserRuntime,
  decodePicture,
  parseCatalogue,
  pictureManifest,
  preprocess,
  softmax,
  topK,
  startConfinedWorker,
  spyUrl: new URL(spyUrl, location.href).href,
};
Object.assign(globalThis, { doors });
