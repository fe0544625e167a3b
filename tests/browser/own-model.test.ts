/** A reader's own network in the built site: opened, drawn, run on numbers, a picture and a text; and refused with a sentence. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { buildModel, buildNode, float32Value } from '../../src/engine/onnx/build.ts';
import { float32Tensor, int64Tensor } from '../../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../../src/engine/onnx/writer.ts';
import { buildChain } from '../fixtures/onnx/chain.ts';
import { modelPath, readFixture, referenceModel } from '../fixtures/onnx/models.ts';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, themes, type PageOptions } from './harness.ts';
import { plainPhoto, type PictureFile } from './pictures.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-own-model'))?.path ?? '';

/** The page's figure, asleep. */
async function openFigure(t: Parameters<typeof openPage>[0], options: PageOptions = {}) {
  const page = await openPage(t, path, options);
  const figure = page.locator('thaw-own-model').first();
  await figure.scrollIntoViewIfNeeded();
  return { page, figure };
}

const part = (figure: Locator, name: string): Locator => figure.locator(`[data-part="${name}"]`);

const model = (name: string, bytes: Uint8Array): PictureFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

async function hand(figure: Locator, files: PictureFile[]): Promise<void> {
  await part(figure, 'file').setInputFiles(files);
  await figure.locator('[data-part="facts"] p, .problem').first().waitFor();
}

async function run(figure: Locator): Promise<void> {
  await figure.locator('[data-action="run"]').click();
  await figure.locator('.own-time, .problem').first().waitFor();
  assert.deepEqual(await figure.locator('.problem').allInnerTexts(), []);
}

/** The mean colour of a picture, channel by channel, in NHWC. */
const colours = writeModel(
  buildModel({
    name: 'colours',
    nodes: [
      buildNode('Transpose', 'turn', ['image'], ['turned'], { perm: [0, 3, 1, 2] }),
      buildNode('GlobalAveragePool', 'mean', ['turned'], ['means']),
      buildNode('Reshape', 'flat', ['means', 'shape'], ['colour']),
    ],
    initializers: [int64Tensor('shape', [2], [1, 3])],
    inputs: [float32Value('image', [1, 'height', 'width', 3])],
    outputs: [float32Value('colour', [1, 3])],
  }),
);

/** Looks tokens up in a table whose row number is its value. */
const table = writeModel(
  buildModel({
    name: 'table',
    nodes: [buildNode('Gather', 'lookup', ['rows', 'input_ids'], ['found'])],
    initializers: [float32Tensor('rows', [8, 1], [0, 1, 2, 3, 4, 5, 6, 7])],
    inputs: [{ name: 'input_ids', dtype: 'int64', dims: ['batch', 'tokens'] }],
    outputs: [float32Value('found', ['batch', 'tokens', 1])],
  }),
);

test('without scripts the figure says what it would do, and shows no dead controls', async (t) => {
  const { figure } = await openFigure(t, { context: { javaScriptEnabled: false } });
  assert.match(await figure.innerText(), /Drop a network here/);
  assert.equal(await figure.locator('button:visible, label:visible').count(), 0);
});

test('the network of the course opens by keyboard, is walked, run, looked into and marked', async (t) => {
  const { page, figure } = await openFigure(t);
  await part(figure, 'sample').focus();
  await page.keyboard.press('Enter');
  await figure.locator('g.box[data-key="layer3"]').waitFor();
  await figure.locator('g.box[data-key="layer4"]').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  assert.equal(await figure.locator('g.box[data-key="layer3.1"]').count(), 1);

  await figure.locator('[data-action="run"]').focus();
  const offer = await figure.locator('[data-action="run"]').innerText();
  assert.match(offer, /fetches the runtime once, [\d.]+\sMB/, 'the price of the first run is not said');
  await page.keyboard.press('Enter');
  await figure.locator('.own-time').waitFor();
  assert.match(await figure.locator('.own-time').innerText(), /ms a run \(median of \d+/);
  await figure.locator('[data-look="values"]').press('Enter');
  await figure.locator('.atlas-look section.look').waitFor();
  await figure.locator('[data-look="weights"]').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.atlas-look section.look').length > 2);
  assert.match(await figure.locator('.atlas-look').innerText(), /mean .*standard deviation/);
  await figure.locator('[data-action="check"]').press('Enter');
  await page.waitForFunction(() => document.querySelector('[data-part="checked"]')?.textContent !== '');
  assert.match(await part(figure, 'checked').innerText(), /finite numbers only/);

  const before = await part(figure, 'count').innerText();
  await figure.locator('[data-train="box"]').press('Enter');
  assert.notEqual(await part(figure, 'count').innerText(), before);
  assert.match((await figure.locator('g.box[data-key="layer3"]').getAttribute('class')) ?? '', /trainable/);
  await figure.locator('[data-train="none"]').press('Enter');
  assert.match(await part(figure, 'count').innerText(), /frozen\. There is no backward pass/);
});

test('a picture is prepared as the reader says', async (t) => {
  const { page, figure } = await openFigure(t);
  await hand(figure, [model('colours.onnx', colours)]);
  assert.equal(await figure.locator('[data-field="layout"]').inputValue(), 'nhwc');
  // all red
  const red = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(30, 20);
    const pen = canvas.getContext('2d');
    if (pen) pen.fillStyle = '#f00';
    pen?.fillRect(0, 0, 30, 20);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  await part(figure, 'picture-file').setInputFiles(model('red.png', Uint8Array.from(red)));
  await page.waitForFunction(() =>
    document.querySelector('[data-part="picture-name"]')?.textContent.startsWith('red.png'),
  );
  const largest = () => figure.locator('.own-results .look-largest').innerText();
  await figure.locator('[data-field="preset"]').selectOption('unit');
  await run(figure);
  assert.match(await largest(), /0: 1\.00 · 1: 0 · 2: 0/);
  await figure.locator('[data-field="channels"]').selectOption('bgr');
  await figure.locator('[data-field="divisor"]').fill('51');
  await figure.locator('[data-action="run"]').click();
  await page.waitForFunction(() =>
    document.querySelector('.own-results .look-largest')?.textContent.includes('2: 5.00'),
  );
  await figure.locator('[data-field="mean"]').fill('many');
  await figure.locator('[data-action="run"]').click();
  assert.match(await figure.locator('.problem').innerText(), /“many” is no list/);
});

test('a text goes through its vocabulary', async (t) => {
  const { page, figure } = await openFigure(t);
  await hand(figure, [model('table.onnx', table)]);
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'thaw', '##s', 'ice'].join('\n');
  await part(figure, 'text').fill('Ice thaws');
  await part(figure, 'vocabulary-file').setInputFiles(model('vocab.txt', Buffer.from(vocabulary)));
  await page.waitForFunction(() =>
    document.querySelector('[data-part="vocabulary-name"]')?.textContent.includes('7'),
  );
  assert.match(await part(figure, 'vocabulary-name').innerText(), /5 tokens/);
  await figure.locator('[data-shape="input_ids"]').fill('1×5');
  await run(figure);
  // [CLS] ice thaw ##s [SEP] are rows 2, 6, 4, 5, 3
  assert.match(await figure.locator('.own-results').innerText(), /mean 4\.00[^]*2\.00 to 6\.00, 5 values/);
});

test('weights in other files are asked for, and taken together with the network', async (t) => {
  const { figure } = await openFigure(t);
  await hand(figure, [model('external.onnx', readFixture('external'))]);
  assert.match(await part(figure, 'facts').innerText(), /external-1\.bin/);
  const bins = ['external-1.bin', 'external-2.bin'].map((file) => model(file, readFileSync(modelPath(file))));
  await hand(figure, [...bins, model('external.onnx', readFixture('external'))]);
  await figure.locator('[data-part="facts"]', { hasNotText: 'external-1.bin' }).waitFor();
  await run(figure);
});

test('of 3,000 operators only those in view have marks, wherever the reader goes', async (t) => {
  const { page, figure } = await openFigure(t);
  await hand(figure, [model('chain.onnx', buildChain(3000))]);
  await figure.locator('label', { hasText: 'Operators' }).click();
  await page.waitForFunction(() => document.querySelectorAll('g.box').length > 20);
  assert.ok((await figure.locator('g.box').count()) < 200);
  const scroll = part(figure, 'scroll');
  await scroll.evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await page.waitForFunction(() => {
    const frame = document.querySelector('thaw-own-model .atlas-scroll')?.getBoundingClientRect();
    return [...document.querySelectorAll('thaw-own-model g.box')].some((box) => {
      const { top } = box.getBoundingClientRect();
      return frame !== undefined && top > frame.top && top < frame.bottom;
    });
  });
  await part(figure, 'search').fill('n2990');
  await part(figure, 'search').press('Enter');
  assert.match((await part(figure, 'details').textContent()) ?? '', /n2990/);
  assert.equal(await page.evaluate(() => document.activeElement?.matches('g.box')), true);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await page.evaluate(() => document.activeElement?.getAttribute('data-key')), null);
  const rows = part(figure, 'table').locator('tbody tr');
  assert.equal(await rows.count(), 0, 'a long table waits until it is opened');
  await figure.locator('details.atlas-table summary').click();
  await rows.nth(2999).waitFor();
});

const text = (words: string): Buffer => Buffer.from(words, 'latin1');
const others: [name: string, bytes: Buffer, says: RegExp][] = [
  ['model.zip', text('PK\x03\x04\x14\0\0\0\0\0 and more of it'), /zip archive/],
  ['model.onnx', text('<!doctype html><title>404</title>'), /HTML page/],
  ['model.safetensors', text('\x40\0\0\0\0\0\0\0{"weight":{"dtype":"F32"}}'), /safetensors/],
  ['model.tflite', text('\x1c\0\0\0TFL3\0\0\0\0\0\0\0\0'), /TensorFlow Lite/],
  ['model.pt', text('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9'), /PyTorch/],
  ['empty.onnx', Buffer.alloc(0), /empty file/],
];

test('files of another kind and broken ones end in a sentence, and the next file opens', async (t) => {
  const { figure } = await openFigure(t);
  for (const [name, bytes, says] of [
    ...others,
    ['cut.onnx', Buffer.from(colours.subarray(0, 120)), /byte|ends/] as const,
  ]) {
    await hand(figure, [model(name, bytes)]);
    const problem = figure.locator('.problem', { hasText: says });
    await problem.waitFor();
    assert.match(await problem.locator('p').innerText(), /^[A-Z“"].{15,}\.$/s, name);
  }
  await hand(figure, [model('colours.onnx', colours)]);
  await figure.locator('g.box').first().waitFor();
  assert.equal(await figure.locator('.problem').count(), 0);
});

test('files are never sent anywhere', async (t) => {
  const { page, figure } = await openFigure(t);
  const sent: string[] = [];
  page.context().on('request', (request) => {
    if (request.method() !== 'GET' || request.postData()) sent.push(request.url());
  });
  await hand(figure, [model('colours.onnx', colours)]);
  await run(figure);
  assert.deepEqual(sent, []);
});

test(
  'MobileNetV2 in int8 runs on a photo',
  { skip: referenceModel === undefined && 'the data folder is missing' },
  async (t) => {
    const { figure } = await openFigure(t);
    await hand(figure, [model('mobilenetv2-12-int8.onnx', readFileSync(referenceModel ?? ''))]);
    await part(figure, 'picture-file').setInputFiles(await plainPhoto());
    await run(figure);
    assert.match(await figure.locator('.own-results').innerText(), /largest, by place/);
  },
);

test('axe finds nothing in an open network, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const { page, figure } = await openFigure(t, { theme });
    await hand(figure, [model('colours.onnx', colours)]);
    await run(figure);
    await figure.locator('[data-look="values"]').click();
    await figure.locator('.atlas-look section.look').waitFor();
    assert.deepEqual(await axeViolations(page), [], theme);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.deepEqual(await axeViolations(page), [], `${theme}, 390 px`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
  }
});
