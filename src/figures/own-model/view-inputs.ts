/** The inputs of a network with the choices for each, and the picture, text and seed that fill them. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { keyed, setText } from '../kit/join.ts';
import { sayShape } from '../model-atlas/words.ts';
import { presetOf, usesFill, type GraphInput, type OwnState } from './model.ts';

/** Draws a row for each input and shows the fields that some input needs. */
export function drawInputs(root: HTMLElement, state: OwnState): void {
  const { file, inputs } = state;
  const list = root.querySelector<HTMLElement>('[data-part="inputs"]');
  if (!list || !file) return;
  const rows = select(list)
    .selectAll<HTMLElement, GraphInput>('div.own-input')
    .data(
      file.opened.inputs,
      keyed(({ name }) => name),
    )
    .join((enter) => {
      const row = enter.append('div').attr('class', 'own-input');
      const what = row.append('p');
      what.append('b');
      what.append('span');
      for (const kind of ['shape', 'fill'] as const) {
        const label = row.append('label').attr('class', 'field');
        label.append('span').text(t(`own.input.${kind}`));
        const control = label.append(kind === 'shape' ? 'input' : 'select');
        if (kind === 'shape')
          control.attr('class', 'text-input').attr('type', 'text').attr('autocomplete', 'off');
      }
      return row;
    })
    .attr('data-key', ({ name }) => name);
  rows.select('b').text(({ name }) => name);
  rows.select('p span').text(({ dtype, dims }) => ` ${dtype} ${sayShape(dims)}`);
  rows.select<HTMLInputElement>('input').each(function ({ name }) {
    this.dataset['shape'] = name;
    setValue(this, inputs[name]?.shape ?? '');
  });
  rows.select<HTMLSelectElement>('select').each(function ({ name, fills, dtype }) {
    this.dataset['fill'] = name;
    select(this)
      .selectAll<HTMLOptionElement, string>('option')
      .data(fills)
      .join('option')
      .attr('value', (fill) => fill)
      .text((fill) => t(`own.fill.${fill}`));
    this.toggleAttribute('disabled', fills.length === 0);
    setText(
      this.previousElementSibling,
      fills.length === 0 ? t('own.input.unusable', { dtype }) : t('own.input.fill'),
    );
    setValue(this, inputs[name]?.fill ?? '');
  });
  drawMaterials(root, state, file.opened.inputs);
}

function drawMaterials(root: HTMLElement, state: OwnState, all: readonly GraphInput[]): void {
  const show = (name: string, isShown: boolean): void => {
    root.querySelector(`[data-part="${name}"]`)?.toggleAttribute('hidden', !isShown);
  };
  show(
    'picture-fields',
    all.some(({ fills }) => fills.includes('picture')),
  );
  show(
    'text-fields',
    all.some(({ fills }) => fills.includes('ids')),
  );
  root.querySelector('.own-seed')?.toggleAttribute('hidden', !usesFill(state, ['random']));
  const { pictureFields, picture, vocabulary, seed } = state;
  const fields: Record<string, string> = { ...pictureFields, seed, preset: presetOf(pictureFields) ?? '' };
  for (const control of root.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[data-field]'))
    setValue(control, fields[control.dataset['field'] ?? ''] ?? '');
  setText(
    root.querySelector('[data-part="picture-name"]'),
    picture
      ? t('own.picture.is', { name: picture.name, width: picture.width, height: picture.height })
      : t('own.picture.none'),
  );
  setText(
    root.querySelector('[data-part="vocabulary-name"]'),
    vocabulary
      ? t('own.vocabulary.is', {
          kind: t(`own.vocabulary.${vocabulary.kind}`),
          size: formatCount(vocabulary.size),
          tokens: formatCount(vocabulary.tokens),
        })
      : t('own.vocabulary.none'),
  );
  const lower = root.querySelector<HTMLInputElement>('[data-part="lower-case"]');
  if (lower && lower.checked !== state.lowerCase) lower.checked = state.lowerCase;
  const text = root.querySelector<HTMLTextAreaElement>('[data-part="text"]');
  if (text) setValue(text, state.text);
}

/** Shows a value in a control, if it does not stand there already. */
function setValue(control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, value: string): void {
  if (control.value === value) return;
  if ('options' in control)
    for (const option of control.options) option.selected = option.getAttribute('value') === value;
  else control.value = value;
}
