/** From what was typed or chosen in a field to settings, or to a sentence that says what is wrong with it. */
import { withTask, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import { subjectsOf } from '../../labs/freeze-lab/task-choice.ts';
import { t } from '../../site/strings.ts';
import { wholeNumber } from '../kit/url-state.ts';
import type { LabNetwork } from './model.ts';
import { bounds, fromShared, labFields, readRate, type SharedLab } from './share.ts';

/** The settings with one field read; as they were, with a notice, where it cannot be. */
export function readField(
  network: LabNetwork,
  settings: LabSettings,
  field: string,
  { value: text, checked }: Pick<HTMLInputElement, 'value' | 'checked'>,
): { settings: LabSettings; notice?: string } {
  if (field === 'pace') return { settings: { ...settings, isGradual: checked } };
  if (field === 'subject') {
    const subject = subjectsOf(network.reads).find((one) => one === text) ?? settings.task.subject;
    return { settings: withTask(settings, { subject }) };
  }
  if (field === 'seed' || field === 'steps') {
    const [least, most] = bounds[field];
    const value = wholeNumber(least, most).read(text.trim());
    if (value === undefined) return { settings, notice: t('freeze.notANumber', { text, least, most }) };
    return {
      settings: field === 'seed' ? withTask(settings, { seed: value }) : { ...settings, steps: value },
    };
  }
  if (field === 'head' || field === 'backbone') {
    const value = readRate(text);
    if (value === undefined) return { settings, notice: t('freeze.notARate', { text }) };
    return { settings: { ...settings, rates: { ...settings.rates, [field]: value } } };
  }
  const table = labFields(network);
  const name = field as keyof SharedLab;
  const value = table[name].read(text);
  return { settings: fromShared(network, settings, value === undefined ? {} : { [name]: value }) };
}
