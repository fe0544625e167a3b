import { ThawError } from '../errors.ts';
import type { Manifest } from './manifest.ts';

/** A class that the network tells apart. */
export interface Label {
  id: string;
  name: string;
  source: string;
}

/** The classes in output order from the bytes of labels.json; throws a ThawError 'bad-manifest' if they do not fit the manifest. */
export function parseLabels(bytes: Uint8Array, manifest: Pick<Manifest, 'title' | 'output'>): Label[] {
  const fail = (what: string): never => {
    throw new ThawError({
      code: 'bad-manifest',
      message: `The class names of "${manifest.title}" do not fit: ${what}.`,
      advice: 'Export labels.json and manifest.json again with the model’s recipe.',
    });
  };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return fail('the file is not JSON');
  }
  if (!Array.isArray(value)) return fail('a list was expected');
  if (value.length !== manifest.output.classes)
    return fail(`${manifest.output.classes} classes were expected, ${value.length} came`);
  return value.map((row: unknown, index) => {
    const { id, name, source } = (row ?? {}) as Partial<Label>;
    if (typeof id !== 'string' || typeof name !== 'string' || typeof source !== 'string')
      return fail(`class ${index} needs the texts id, name and source`);
    return { id, name, source };
  });
}
