/** The atlas drawn into a small DOM: twice gives the same, and the page's draw takes over the build's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawStatic, makeStage } from '../../../../src/figures/kit/static.ts';
import { firstState, reveal, toggle, type AtlasState } from '../../../../src/figures/model-atlas/model.ts';
import { atlasShell } from '../../../../src/figures/model-atlas/shell.ts';
import { drawAtlas } from '../../../../src/figures/model-atlas/view.ts';
import { resnet } from './networks.ts';

const first = firstState(resnet);
const opened: AtlasState = { ...first, ...toggle(first, 'layer2') };
const states: Record<string, AtlasState> = {
  first,
  opened,
  deep: { ...first, ...reveal(first, 'layer2.0.downsample.0'), zoom: 0.5 },
  operators: firstState(resnet, 'operators'),
  searching: { ...first, query: 'conv' },
  'searching in vain': { ...first, query: '<b>' },
  sorted: { ...first, sort: { column: 'macs', isDescending: true } },
  hovering: { ...first, hover: 'head' },
};

const draw = (state: AtlasState) =>
  drawStatic(atlasShell('atlas', ['resnet-mixed']), (root) => drawAtlas(root, state));

for (const [name, state] of Object.entries(states)) {
  test(`atlas, ${name}: drawing twice changes nothing`, () => {
    const stage = makeStage(atlasShell('atlas', ['resnet-mixed']));
    drawAtlas(stage, state);
    const once = stage.innerHTML;
    drawAtlas(stage, state);
    assert.equal(stage.innerHTML, once);
  });

  test(`atlas, ${name}: the page's draw takes over the first frame`, () => {
    const stage = makeStage(draw(first));
    drawAtlas(stage, state);
    drawAtlas(stage, first);
    assert.deepEqual(marksOf(stage), marksOf(makeStage(draw(first))));
  });
}

test('the first frame names every box, with one tab stop, and holds the whole table', () => {
  const stage = makeStage(draw(first));
  const boxes = [...stage.querySelectorAll('g.box')];
  assert.deepEqual(
    boxes.map((box) => box.getAttribute('data-key')),
    ['stem', 'layer1', 'layer2', 'layer3', 'layer4', 'pool:pool', 'head'],
  );
  assert.equal(boxes.filter((box) => box.getAttribute('tabindex') === '0').length, 1);
  assert.match(boxes[4]?.getAttribute('aria-label') ?? '', /^layer4, stage, 256×2×2, 2,099,712 weights/);
  assert.equal(
    stage.querySelectorAll('[data-part="table"] tbody tr').length,
    resnet.boxes.filter(({ op }) => op).length,
  );
});

test('a name from a file is text, never markup', () => {
  const [box, ...others] = resnet.boxes;
  const network = { ...resnet, boxes: [{ ...box, label: '<img src=x>' }, ...others] };
  const stage = makeStage(draw({ ...first, network }));
  assert.equal(stage.querySelector('img'), null);
});

test('what a change does not concern is left alone: a glance draws details, a scroll the drawing', () => {
  const stage = makeStage(atlasShell('atlas', ['resnet-mixed']));
  drawAtlas(stage, first);
  const map = stage.querySelector('[data-part="map"]');
  const details = stage.querySelector('[data-part="details"]');
  map?.replaceChildren();
  drawAtlas(stage, { ...first, hover: 'layer1' });
  assert.equal(map?.childElementCount, 0);
  assert.match(details?.textContent ?? '', /layer1/);
  details?.replaceChildren();
  drawAtlas(stage, { ...first, hover: 'layer1', strip: { top: 0, bottom: 500 } });
  assert.ok((map?.childElementCount ?? 0) > 0);
  assert.equal(details?.childElementCount, 0);
});

/** Every element with its attributes in the order of the alphabet, and its own text. */
function marksOf(stage: HTMLElement): string[] {
  return [...stage.querySelectorAll('*')].map((element) => {
    const attributes = [...element.attributes].map(({ name, value }) => `${name}="${value}"`);
    const text = element.childElementCount === 0 ? element.textContent : '';
    return `${element.localName} ${attributes.toSorted().join(' ')} ${text}`;
  });
}
