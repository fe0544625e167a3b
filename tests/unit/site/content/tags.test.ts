import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countedId,
  numberOf,
  placeOf,
  tagsOf,
  type RenderedPage,
} from '../../../../src/site/content/page-source.ts';
import { findTags } from '../../../../src/site/content/tags.ts';

const body = `
Text with a <Term id="head">head</Term> and \`<NotATag>\`, $a<B$.

\`\`\`mdx
<AlsoNotATag />
\`\`\`

<Diagram name="one">

Caption.

</Diagram>

<Exercise id="first" kind="check">

</Exercise>

<ResnetLens start="fine-tuning" picture='fox' wide />

<Exercise id="second" kind="think">

<Equation id="loss">

$$
x
$$

</Equation>
`;

const page = (chapter?: number): RenderedPage => ({
  starlightRoute: { entry: { filePath: `chapter-${chapter}.mdx`, body, data: { chapter } } },
});

test('tags are found in order, with attributes and lines; code and formulas are passed over', () => {
  const tags = findTags(body);
  assert.deepEqual(
    tags.map(({ name }) => name),
    ['Term', 'Diagram', 'Exercise', 'ResnetLens', 'Exercise', 'Equation'],
  );
  assert.deepEqual(tags[3]?.attributes, { start: 'fine-tuning', picture: 'fox', wide: '' });
  assert.equal(tags[0]?.line, 2);
  assert.equal(tags[1]?.line, 8);
});

test('exercises, equations and figures are numbered each in their own row', () => {
  const three = page(3);
  assert.equal(numberOf(three, 'Exercise', 'second'), '3.2');
  assert.equal(numberOf(three, 'Equation', 'loss'), '3.1');
  assert.equal(numberOf(three, 'ResnetLens'), '3.2');
  assert.equal(numberOf(three, 'Diagram', 'one'), '3.1');
});

test('a page outside the chapters numbers without one, and a page without source not at all', () => {
  assert.equal(numberOf(page(), 'Exercise', 'first'), '1');
  const empty: RenderedPage = { starlightRoute: { entry: { body: '', data: {} } } };
  assert.equal(numberOf(empty, 'Backbone'), undefined);
});

test('asking again for a tag without id gives the number of the next one', () => {
  const two: RenderedPage = {
    starlightRoute: { entry: { filePath: 'two.mdx', body: '<Lens />\n\n<Lens />\n', data: { chapter: 1 } } },
  };
  assert.deepEqual(
    [numberOf(two, 'Lens'), numberOf(two, 'Lens'), numberOf(two, 'Lens')],
    ['1.1', '1.2', undefined],
  );
});

test('a place names the file even when the tag is not in it', () => {
  assert.equal(placeOf(page(3), () => false).file, 'chapter-3.mdx');
  assert.ok(tagsOf(page(3)).length > 0);
});

test('counted ids differ on one page and come again in the next build', () => {
  const render = () => {
    const page = { starlightRoute: { entry: { data: {} } } };
    return [countedId(page, 'lens'), countedId(page, 'lens'), countedId(page, 'other')];
  };
  assert.deepEqual(render(), ['lens-1', 'lens-2', 'other-1']);
  assert.deepEqual(render(), render());
});
