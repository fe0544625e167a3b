/** Types that ONNX Runtime computed for graphs with lists, strings, branches and loops (training/fixtures/shape_graphs.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { evaluateDim } from '../../../../../src/engine/onnx/dimensions.ts';
import { readModel } from '../../../../../src/engine/onnx/reader.ts';
import { eitherType } from '../../../../../src/engine/onnx/shape/value-type.ts';
import { inferShapes } from '../../../../../src/engine/onnx/shapes.ts';
import type { ValueType } from '../../../../../src/engine/onnx/shapes.ts';
import type { DataType, Dim, Model } from '../../../../../src/engine/onnx/types.ts';

type Result = [dtype: DataType, dims: number[]] | { list: Result[] };

interface Case {
  readonly says: string;
  readonly text: string;
  /** The file, in base64. */
  readonly model: string;
  readonly outputs: Record<string, Result>;
  /** Results of which sizes depend on more than shapes. */
  readonly undecided: string[];
}

const file = new URL('../../../../fixtures/shape-graphs.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

/** What holds for all that a run gave. */
function typeOf(result: Result): ValueType {
  if (Array.isArray(result)) return { dtype: result[0], dims: result[1] };
  return { container: { kind: 'sequence', element: elementOf(result) } };
}

function elementOf({ list }: { list: Result[] }): ValueType {
  return list.length === 0 ? {} : list.map(typeOf).reduce(eitherType);
}

/** Why a type does not hold for a result; undefined when it does. */
function contradiction(type: ValueType, result: Result): string | undefined {
  if (!Array.isArray(result)) {
    if (type.container?.kind !== 'sequence') return `no list: ${JSON.stringify(type)}`;
    const { element } = type.container;
    return result.list.map((one) => contradiction(element, one)).find((reason) => reason !== undefined);
  }
  const [dtype, dims] = result;
  if (type.dtype !== dtype) return `${type.dtype}, not ${dtype}`;
  const holds =
    type.dims === undefined ||
    (type.dims.length === dims.length && type.dims.every((dim, axis) => dim === '?' || dim === dims[axis]));
  return holds ? undefined : `[${type.dims?.join(', ')}], not [${dims.join(', ')}]`;
}

const read = (one: Case): Model => readModel(Uint8Array.from(Buffer.from(one.model, 'base64')));

/** A type with each size changed, of its elements where it is a list. */
function mapDims(type: ValueType, change: (dim: Dim) => Dim): ValueType {
  if (type.container?.kind === 'sequence' || type.container?.kind === 'optional')
    return { container: { kind: type.container.kind, element: mapDims(type.container.element, change) } };
  return { ...type, dims: type.dims?.map(change) };
}

/** The model with a name for each size of its inputs above 1. */
function named(model: Model): Model {
  const name = (dim: Dim): Dim => (Number(dim) > 1 ? `s${dim}` : dim);
  const inputs = model.graph.inputs.map((input) => ({ name: input.name, ...mapDims(input, name) }));
  return { ...model, graph: { ...model.graph, inputs } };
}

/** The type with the sizes that the names stand for. */
const valued = (type: ValueType): ValueType =>
  mapDims(type, (dim) => evaluateDim(dim, (name) => Number(name.slice(1))) ?? '?');

describe('types of lists, strings, branches and loops agree with ONNX Runtime', () => {
  for (const one of cases) {
    it(`${one.says}: ${one.text}`, () => {
      const { values, problems, unknownOperators } = inferShapes(read(one));
      assert.deepEqual([problems, unknownOperators], [[], []]);
      for (const [name, result] of Object.entries(one.outputs)) {
        const type = values.get(name) ?? {};
        assert.equal(contradiction(type, result), undefined, name);
        const isEmpty = !Array.isArray(result) && result.list.length === 0;
        if (!isEmpty && !one.undecided.includes(name)) assert.deepEqual(type, typeOf(result), name);
      }
    });
  }

  it('and with a name for every size they say nothing else', () => {
    for (const one of cases) {
      const { values, problems } = inferShapes(named(read(one)));
      assert.deepEqual(problems, [], one.says);
      for (const [name, result] of Object.entries(one.outputs))
        assert.equal(
          contradiction(valued(values.get(name) ?? {}), result),
          undefined,
          `${one.says}: ${name}`,
        );
    }
  });
});
