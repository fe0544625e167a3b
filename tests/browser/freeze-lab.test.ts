/** The freeze lab in the built site: thawed by keyboard, trained, compared, shared. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { axeViolations } from './axe.ts';
import { choose, labPath as path, openLab, part, patienceMs, toggle, train } from './freeze-lab-page.ts';
import { openBlank, pauseStepCancel, siteUrl, themes, type PageOptions, type openPage } from './harness.ts';

test('by keyboard alone: thaw, freeze, train, compare; transfer beats scratch by 20 points', async (t) => {
  const { page, lab } = await openLab(t);
  await toggle(lab, 'head').focus();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  assert.equal(await toggle(lab, '4.2').getAttribute('aria-pressed'), 'true');
  // The graph is built anew before it is counted
  await part(lab, 'sum')
    .filter({ hasText: /1,181,957 of 2,796,325/ })
    .waitFor();
  assert.match(page.url(), /thaw=4\.2_head/);
  await page.keyboard.press('Enter');
  assert.equal(await toggle(lab, '4.2').getAttribute('aria-pressed'), 'false');
  await page.waitForFunction(() => {
    const counts = document.querySelector<HTMLElement>('thaw-freeze-lab [data-part="counts"]');
    return /\b2\b[^]*of 744/.test(counts?.innerText ?? '');
  });

  const head = await train(page, lab);
  const said = await part(lab, 'said').innerText();
  assert.match(said, /The 9 frozen blocks hold 2,795,040 weights\. 0 of them changed/);
  const changes = await lab.locator('li.block[data-state="frozen"] .n-bar.w b').allInnerTexts();
  assert.deepEqual(changes, Array<string>(9).fill('0'));
  assert.ok(head >= 60, `the head has ${head} % right, guessing 20 %`);
  const headMs = await page.evaluate(() => performance.now());

  await lab.locator('.freeze-more summary').click();
  await lab.locator('[data-field="subject"]').selectOption('food');
  await choose(page, lab, 'presets', 'last-stage');
  const stage = await train(page, lab);
  assert.match(await part(lab, 'said').innerText(), /The 7 frozen blocks[^]*0 of them changed/);
  await choose(page, lab, 'presets', 'scratch');
  const scratch = await train(page, lab);
  assert.deepEqual(await lab.locator('[data-part="log"] tbody th').allInnerTexts(), ['C', 'B', 'A']);
  assert.ok(stage >= scratch + 20, `five kinds of food: last stage ${stage}, scratch ${scratch}`);
  t.diagnostic(
    `animals: head ${head} %; food: last stage ${stage} %, scratch ${scratch} %; page at ${Math.round(headMs)} ms`,
  );

  await page.reload();
  await page.locator('thaw-freeze-lab').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  assert.equal(await lab.locator('[data-part="presets"] input[value="scratch"]').isChecked(), true);
  assert.equal(await lab.getAttribute('data-status'), 'idle', 'a link starts nothing');
});

test('a run is paused, stepped and called off; the log is named, undone and saved', async (t) => {
  const { page, lab } = await openLab(t, '?2-thaw=4.2_head&2-steps=400');
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  await lab.locator('[data-action="run"]').click();
  await pauseStepCancel(page, lab, patienceMs);

  await lab.locator('.freeze-more summary').click();
  await choose(page, lab, 'presets', 'head');
  await lab.locator('[data-field="steps"]').fill('4');
  await lab.locator('[data-field="head"]').fill('fast');
  await lab.locator('[data-field="head"]').press('Tab');
  assert.match(await lab.locator('.notice').innerText(), /“fast” is no learning rate/);
  await lab.locator('[data-field="head"]').fill('100');
  await lab.locator('[data-field="steps"]').focus();
  await train(page, lab);
  assert.match(
    await lab.locator('.problem').innerText(),
    /diverged[^]*smaller learning rate than 100[^]*are kept/,
  );

  const name = lab.locator('[data-part="log"] input').first();
  await name.fill('<b>too fast</b>');
  await name.press('Tab');
  assert.equal(await name.inputValue(), '<b>too fast</b>');
  await lab.locator('button[data-log="remove"]').click();
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 0);
  await lab.locator('button[data-log="undo"]').click();
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 1);
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    lab.locator('button[data-log="csv"]').click(),
  ]);
  assert.equal(csv.suggestedFilename(), 'freeze-lab.csv');
  const [notebook] = await Promise.all([
    page.waitForEvent('download'),
    lab.locator('button[data-log="notebook"]').click(),
  ]);
  assert.equal(notebook.suggestedFilename(), 'freeze-lab-A.ipynb');
  const { cells } = JSON.parse(readFileSync(await notebook.path(), 'utf8')) as {
    cells: { cell_type: string; source: string[] }[];
  };
  assert.match(cells[0].source[0], /^# Run A of the freeze lab: &#60;b&#62;too fast&#60;&#47;b&#62;/);
  const program = cells.flatMap(({ cell_type, source }) => (cell_type === 'code' ? source : [])).join('');
  assert.match(program, /"address": "http:[^"]*\/models\/resnet-mixed\/model\.onnx"/);
  assert.doesNotMatch(program, /too fast/);
  const [onnx] = await Promise.all([
    page.waitForEvent('download'),
    lab.locator('button[data-log="onnx"]').click(),
  ]);
  assert.match(onnx.suggestedFilename(), /\.onnx$/);
});

test('a drag over blocks thaws all of them, and back over them freezes them again', async (t) => {
  const { page, lab } = await openLab(t);
  await lab.hover();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  const pressed = () =>
    lab
      .locator('button.toggle[aria-pressed="true"]')
      .evaluateAll((all) => all.map((one) => one.closest<HTMLElement>('li')?.dataset['key']));
  const drag = async (ids: readonly string[]) => {
    await toggle(lab, ids[0]).hover();
    await page.mouse.down();
    for (const id of ids.slice(1)) await toggle(lab, id).hover();
    await page.mouse.up();
  };
  await drag(['3.2', '4.1', '4.2']);
  assert.deepEqual(await pressed(), ['3.2', '4.1', '4.2', 'head']);
  await drag(['3.2', '4.1']);
  assert.deepEqual(await pressed(), ['4.2', 'head']);
});

test('the same lab on an encoder: a link takes it, sentences train it, frozen layers stay at exactly zero', async (t) => {
  const { page, lab } = await openLab(t, '?2-network=sentiment-mini&2-thaw=4_head&2-steps=12');
  await lab.locator('li.block[data-key="embeddings"]').waitFor();
  assert.equal(await lab.locator('li.block').count(), 7);
  assert.equal(await lab.getAttribute('data-status'), 'idle', 'a link starts nothing');
  assert.match(await part(lab, 'sum').innerText(), /790,274 of 5,240,834/);
  const share = await train(page, lab);
  assert.match(await part(lab, 'said').innerText(), /of 80 held-out sentences[^]*0 of them changed/);
  const changes = await lab.locator('li.block[data-state="frozen"] .n-bar.w b').allInnerTexts();
  assert.deepEqual(changes, Array<string>(4).fill('0'));
  const moved = await lab.locator('li.block[data-state="trainable"] .n-bar.w b').allInnerTexts();
  assert.equal(moved.length === 2 && moved.every((text) => text !== '0'), true, moved.join());
  assert.match(await part(lab, 'counts').innerText(), /measured, median of 1[05]/);
  assert.ok(share >= 60, `${share} % right, guessing 50 %`);
  assert.deepEqual(await axeViolations(page), []);
  const [notebook] = await Promise.all([
    page.waitForEvent('download'),
    lab.locator('button[data-log="notebook"]').click(),
  ]);
  const program = readFileSync(await notebook.path(), 'utf8');
  assert.match(program, /\/models\/sentiment-mini\/model\.onnx/);
  assert.match(program, /class Judge/);
  assert.doesNotMatch(program, /class ResNet/);

  // each network keeps its own log, and the address tells which it is
  await part(lab, 'networks').locator('input[value="resnet-mixed"]').focus();
  await page.keyboard.press('Space');
  await lab.locator('li.block[data-key="stem"]').waitFor();
  assert.doesNotMatch(page.url(), /network=/);
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 0);
  await part(lab, 'networks').locator('input[value="sentiment-mini"]').focus();
  await page.keyboard.press('Space');
  await lab.locator('[data-part="log"] tbody tr').waitFor();
  assert.match(page.url(), /network=sentiment-mini/);
});

test('axe finds nothing after a run, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const { page, lab } = await openLab(t, '?2-steps=4', { theme, width: theme === 'dark' ? 390 : 1440 });
    await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
    await train(page, lab);
    await lab.locator('.freeze-more summary').click();
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.setViewportSize({ width: 560, height: 900 });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('thaw-freeze-lab svg.run-chart')].every(
        (svg) => (svg as SVGSVGElement).viewBox.baseVal.width === svg.clientWidth,
      ),
    );
  }
});

test('without scripts the lab shows the network and no dead controls', async (t) => {
  const { lab } = await openLab(t, '', { context: { javaScriptEnabled: false } });
  assert.equal(await lab.locator('li.block').count(), 11);
  assert.equal(await lab.locator('[data-action="run"]:visible').count(), 0);
});

/** In the first worker: something happens when the second step of a training has been told. */
const atSecondStep = (what: string) => `
  const devices = [];
  if (globalThis.GPUAdapter) {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...settings) {
      devices.push(await requestDevice.apply(this, settings));
      return devices.at(-1);
    };
  }
  const post = globalThis.postMessage;
  globalThis.postMessage = (message, ...more) => {
    post.call(globalThis, message, ...more);
    if (life === 1 && message.kind === 'trained' && message.news.report?.step === 2) { ${what} }
  };
`;

/** Opens the lab so that this script runs in the runtime's worker before any of its own; `life` counts the workers. */
async function openStruck(
  t: Parameters<typeof openPage>[0],
  script: string,
  query: string,
  options: PageOptions = {},
) {
  const page = await openBlank(t, options);
  // The worker begins as a blob that imports its module
  await page.context().addInitScript((script) => {
    const Plain = Blob;
    let life = 0;
    globalThis.Blob = class extends Plain {
      constructor(parts: BlobPart[], options?: BlobPropertyBag) {
        const isWorker = options?.type === 'text/javascript';
        super(isWorker ? [`const life = ${(life += 1)};`, script, ...parts] : parts, options);
      }
    } as typeof Blob;
  }, script);
  await page.goto((await siteUrl()) + path + query);
  const lab = page.locator('thaw-freeze-lab');
  await lab.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  return { page, lab };
}

test('memory is refused in the middle of a run: it goes on in fresh memory from where it was', async (t) => {
  // as browsers say it when they have no more for an array
  const refuse = `
    globalThis.Float32Array = new Proxy(Float32Array, {
      construct(target, args) {
        if (typeof args[0] === 'number') throw new RangeError('Array buffer allocation failed');
        return Reflect.construct(target, args);
      },
    });`;
  const { page, lab } = await openStruck(t, atSecondStep(refuse), '?2-thaw=head&2-steps=8');
  const share = await train(page, lab);
  assert.match(
    await lab.locator('.notice').innerText(),
    /too little free memory[^]*goes on with WASM behind step [2-9]/,
  );
  assert.ok(share > 20, `${share} % right after 8 steps, guessing 20 %`);
  assert.match(await part(lab, 'said').innerText(), /0 of them changed/);
  assert.match(await part(lab, 'counts').innerText(), /WASM memory is [\d.]+\sMB, measured/);
});

test('the graphics device goes away in the middle of a run: WASM takes it over', async (t) => {
  const lose = 'for (const device of devices) device.destroy();';
  const { page, lab } = await openStruck(t, atSecondStep(lose), '?2-thaw=head&2-steps=6&2-shots=1', {
    webgpu: true,
    // what the runtime itself says of the loss, in a terminal's colours
    expected: [/The Device was lost/, /console error: .\[m$/],
  });
  await lab.locator('.freeze-more summary').click();
  await lab.locator('[data-field="backend"]').selectOption('webgpu');
  await train(page, lab);
  assert.match(
    await lab.locator('.notice').innerText(),
    /graphics card went away[^]*goes on with WASM behind step [2-6]/,
  );
  assert.match(await part(lab, 'line').innerText(), /WASM|WebAssembly/);
  assert.match(await part(lab, 'said').innerText(), /0 of them changed/);
});
