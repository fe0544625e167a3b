/** From what was typed or chosen in a field to settings, or to a sentence that says what is wrong with it. */
import { bounds, starts, subjects, type SentimentSettings } from '../../labs/sentiment/settings.ts';
import { t } from '../../site/strings.ts';
import { wholeNumber } from '../kit/url-state.ts';
import { readRate } from './share.ts';

/** The settings with one field read; as they were, with a notice, where it cannot be. */
export function readField(
  settings: SentimentSettings,
  field: string,
  text: string,
): { settings: SentimentSettings; notice?: string } {
  if (field === 'to')
    return { settings: { ...settings, target: subjects.find((one) => one === text) ?? settings.target } };
  if (field === 'start')
    return { settings: { ...settings, start: starts.find((one) => one === text) ?? settings.start } };
  if (field === 'rate') {
    const rate = readRate(text);
    if (rate === undefined)
      return { settings, notice: t('sentiment.notARate', { text, most: bounds.rate[1] }) };
    return { settings: { ...settings, rate } };
  }
  if (field !== 'epochs' && field !== 'seed') return { settings };
  const [least, most] = bounds[field];
  const value = wholeNumber(least, most).read(text.trim());
  if (value === undefined) return { settings, notice: t('sentiment.notANumber', { text, least, most }) };
  return { settings: { ...settings, [field]: value } };
}
