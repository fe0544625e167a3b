/** Numbers of the chapters' worked examples, computed at build time: `examples.<slug>.<name>`. */
import { modelsExamples } from './models.ts';
import { whyExamples } from './why.ts';

/** Returns the values of every chapter's examples, formatted. */
export function exampleValues(): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [slug, examples] of Object.entries(chapters))
    for (const [name, value] of Object.entries(examples())) values.set(`examples.${slug}.${name}`, value);
  return values;
}

/** Each chapter's function returns names and formatted numbers; it computes them from the figures that the text states. */
const chapters: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  models: modelsExamples,
  why: whyExamples,
};
