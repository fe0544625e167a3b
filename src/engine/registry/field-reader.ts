import { ThawError } from '../errors.ts';
import type { Measurement, ModelFile } from './model-facts.ts';

/** What a JSON object holds before anyone has looked. */
export type Fields = Record<string, unknown>;

/** Reads typed fields; every failure throws a ThawError 'bad-manifest' that says where, what was expected and what came. */
export class FieldReader {
  readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  fail(field: string, expected: string, came: unknown): never {
    const shown = came === undefined ? 'nothing' : JSON.stringify(came).slice(0, 60);
    throw new ThawError({
      code: 'bad-manifest',
      message: `The manifest ${this.where} has a mistake in "${field}": ${expected} was expected, ${shown} came.`,
      advice: 'Correct the manifest; content/reference/add-a-model.mdx lists its fields.',
      details: { where: this.where, field },
    });
  }

  object(value: unknown, field: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.fail(field, 'an object', value);
    return value as Fields;
  }

  array(value: unknown, field: string, length?: number): unknown[] {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      this.fail(field, length === undefined ? 'a list' : `a list of ${length}`, value);
    return value as unknown[];
  }

  text(value: unknown, field: string, pattern = /\S/): string {
    if (typeof value !== 'string' || !pattern.test(value))
      this.fail(field, `text matching ${String(pattern)}`, value);
    return value;
  }

  oneOf<T extends string>(value: unknown, field: string, allowed: readonly T[]): T {
    const found = allowed.find((word) => word === value);
    return found ?? this.fail(field, allowed.map((word) => `"${word}"`).join(' or '), value);
  }

  number(value: unknown, field: string): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) this.fail(field, 'a finite number', value);
    return value;
  }

  flag(value: unknown, field: string): boolean {
    return typeof value === 'boolean' ? value : this.fail(field, 'true or false', value);
  }

  count(value: unknown, field: string): number {
    const count = this.number(value, field);
    if (!Number.isInteger(count) || count < 1) this.fail(field, 'a whole number above zero', value);
    return count;
  }

  triple(value: unknown, field: string): [number, number, number] {
    const [a, b, c] = this.array(value, field, 3);
    return [this.number(a, `${field}[0]`), this.number(b, `${field}[1]`), this.number(c, `${field}[2]`)];
  }

  file(value: unknown, field: string): ModelFile {
    const file = this.object(value, field);
    return {
      path: this.text(file['path'], `${field}.path`),
      sizeBytes: this.count(file['sizeBytes'], `${field}.sizeBytes`),
      sha256: this.text(file['sha256'], `${field}.sha256`, /^[0-9a-f]{64}$/),
    };
  }

  ranges(value: unknown, field: string): Record<string, [number, number]> {
    const result: Record<string, [number, number]> = {};
    for (const [name, pair] of Object.entries(this.object(value, field))) {
      const [low, high] = this.array(pair, `${field}.${name}`, 2);
      const range: [number, number] = [
        this.number(low, `${field}.${name}[0]`),
        this.number(high, `${field}.${name}[1]`),
      ];
      if (range[0] > range[1]) this.fail(`${field}.${name}`, 'the smaller number first', pair);
      result[name] = range;
    }
    return result;
  }

  measurement(value: unknown, field: string): Measurement {
    const row = this.object(value, field);
    return {
      name: this.text(row['name'], `${field}.name`),
      value: this.number(row['value'], `${field}.value`),
      unit: typeof row['unit'] === 'string' ? row['unit'] : this.fail(`${field}.unit`, 'text', row['unit']),
      split: this.text(row['split'], `${field}.split`),
      command: this.text(row['command'], `${field}.command`),
    };
  }
}
