import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faceOf, packStack, unpackStack } from '../../../src/figures/resnet-lens/frame.ts';
import {
  firstState,
  openChannel,
  pictureKey,
  pictureName,
  sharedFields,
  shownResult,
  weightState,
} from '../../../src/figures/resnet-lens/model.ts';
import { readFields } from '../../../src/figures/kit/url-state.ts';
import { countCut, firstBackbone, stateOfBlock } from '../../../src/figures/backbone/model.ts';
import { channelOf, summarise } from '../../../src/labs/activations.ts';
import { frame, gallery, makeStack, network } from './lens-fixture.ts';

const state = firstState(frame, gallery, 1000);

test('packing keeps every value to 1/255 of its channel, and zero exactly', () => {
  const stack = makeStack(5, 4, 4);
  const back = unpackStack(packStack(stack));
  for (let channel = 0; channel < 5; channel++) {
    const { largest, zeroShare } = summarise(channelOf(stack, channel));
    assert.equal(summarise(channelOf(back, channel)).zeroShare, zeroShare);
    channelOf(back, channel).forEach((value, i) =>
      assert.ok(Math.abs(value - (channelOf(stack, channel)[i] ?? 0)) <= largest / 255 + 0.005 * largest),
    );
  }
});

test('a value too small for a step of 1/255 stays above zero', () => {
  const stack = { channels: 1, height: 1, width: 2, data: Float32Array.of(1000, 0.001) };
  assert.ok((unpackStack(packStack(stack)).data[1] ?? 0) > 0);
});

test('a face is one whole channel', () => {
  const face = faceOf(makeStack(5, 4, 4));
  assert.equal(face.channels, 1);
  assert.equal(face.data.length, 16);
});

test('the first frame is idle, precomputed and open at the block of the frame', () => {
  assert.equal(state.status, 'idle');
  assert.ok(state.isPrecomputed);
  assert.equal(state.block, '1.1');
  assert.equal(shownResult(state)?.top[0]?.name, 'fox');
});

test('a wrong picture or approach stops the build with the names that exist', () => {
  assert.throws(() => firstState(frame, gallery, 0, { picture: 'unicorn' }), /fox, hot-beverage/);
  assert.throws(
    () => firstState(frame, gallery, 0, { approach: 'magic' as 'fine-tuning' }),
    /feature-extractor/,
  );
});

test('another picture has no result until the network has seen it', () => {
  const other = { ...state, picture: 1 };
  assert.equal(shownResult(other), undefined);
  assert.equal(pictureName(other, 'yours'), 'hot beverage');
  assert.equal(pictureKey({ ...state, picture: -1, own: { name: 'a.png', url: 'data:x' } }), 'own:data:x');
});

test('an approach freezes what it does not train', () => {
  const states = (approach: 'feature-extractor' | 'fine-tuning') =>
    network.blocks.map((block) => weightState(network, approach, block));
  assert.deepEqual(states('feature-extractor'), ['frozen', 'frozen', 'plain', 'trainable']);
  assert.deepEqual(states('fine-tuning'), ['trainable', 'trainable', 'plain', 'trainable']);
});

test('a channel beyond the open block becomes its last', () =>
  assert.equal(openChannel({ ...state, block: 'stem', channel: 50 }), 1));

test('an address names a picture by concept and style, and nothing else', () => {
  const fields = sharedFields(network, gallery);
  assert.deepEqual(
    readFields(fields, '?picture=hot-beverage.noto&approach=fine-tuning&block=head&backend=webgpu'),
    {
      picture: 1,
      approach: 'fine-tuning',
      block: 'head',
      backend: 'webgpu',
    },
  );
  assert.deepEqual(
    readFields(fields, '?picture=https://evil.example&block=5.1&backend=gpu&approach=<b>'),
    {},
  );
});

test('the thaw line parts the weights without losing one', () => {
  for (let cut = 0; cut < 3; cut++) {
    const { stay, move } = countCut(network, cut);
    assert.equal(stay + move, network.parameters);
  }
  assert.equal(countCut(network, 2).first, 'head');
  assert.deepEqual(
    network.blocks.map((block) => stateOfBlock(network, 1, block)),
    ['frozen', 'trainable', 'plain', 'trainable'],
  );
  assert.equal(firstBackbone(frame, gallery, 0).cut, 0);
});
