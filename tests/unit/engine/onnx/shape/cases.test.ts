/** Types of outputs that ONNX Runtime computed for one node after another (training/fixtures/shape_cases.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildModel, buildNode } from '../../../../../src/engine/onnx/build.ts';
import { shapeRules } from '../../../../../src/engine/onnx/shape/rules/table.ts';
import type { AttributeInput } from '../../../../../src/engine/onnx/build.ts';
import { evaluateDim } from '../../../../../src/engine/onnx/dimensions.ts';
import { inferShapes } from '../../../../../src/engine/onnx/shapes.ts';
import type { ValueType } from '../../../../../src/engine/onnx/shapes.ts';
import type { DataType, Dim, Model, Tensor } from '../../../../../src/engine/onnx/types.ts';

type Type = [dtype: DataType, dims: number[]];
type JsonAttribute =
  number | string | number[] | { float?: number; floats?: number[]; tensor?: [...Type, number[]] };

interface Case {
  readonly op: string;
  readonly opset: number;
  readonly domain?: string;
  readonly attributes?: Record<string, JsonAttribute>;
  /** A third entry: the elements, for an input that is stored in the graph. */
  readonly inputs: (null | [...Type] | [...Type, (number | boolean)[]])[];
  readonly outputs: Type[];
  readonly by: string;
}

// the end of int64 is not a double
const largestInt64 = 2n ** 63n - 1n;

const file = new URL('../../../../fixtures/shape-cases.json', import.meta.url);
const { cases, made } = JSON.parse(readFileSync(file, 'utf8')) as {
  cases: Case[];
  /** Among others the operators of the default domain, of every opset up to the newest that the onnx package knows: the fewest inputs of each. */
  made: { opset: number; operators: Record<string, number> };
};

/** How many of an operator's results are only known at run time (the boxes that remain, the elements that are not zero). */
const decidedByData = new Set(['Compress', 'NonZero', 'Unique', 'NonMaxSuppression']);

/** Operators with a window, whose size every real file states. */
const slides = /Conv/;

describe('shape rules agree with ONNX Runtime', () => {
  it('over at least 300 cases of 150 operators', () => {
    assert.ok(cases.length >= 300, String(cases.length));
    assert.ok(new Set(cases.map(({ op, domain }) => `${domain ?? ''}.${op}`)).size >= 150);
  });

  it('and there is a rule for every operator that ONNX names, with no more inputs than it needs', () => {
    const operators = Object.entries(made.operators);
    assert.ok(made.opset >= 28 && operators.length >= 203, `${operators.length} up to ${made.opset}`);
    assert.deepEqual(
      operators.filter(([name, fewest]) => (shapeRules.get(name)?.leastInputs ?? Infinity) > fewest),
      [],
    );
  });

  for (const [at, one] of cases.entries()) {
    it(`${one.op} (opset ${one.opset}) ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attributes ?? {})}`, () => {
      const { values, problems, unknownOperators } = inferShapes(modelOf(one, (size) => size));
      assert.deepEqual([problems, unknownOperators], [[], []]);
      for (const [index, [dtype, dims]] of one.outputs.entries()) {
        const inferred = values.get(`y${index}`) ?? {};
        assert.equal(inferred.dtype, dtype, `case ${at}`);
        if (decidedByData.has(one.op)) assert.ok(mayBe(inferred, dims));
        else assert.deepEqual(inferred.dims, dims, `case ${at}`);
      }
    });
  }

  it('with a name for every size they say the same once the names have sizes, or nothing', () => {
    let known = 0;
    let open = 0;
    for (const one of cases) {
      const { values, problems } = inferShapes(
        modelOf(one, (size, at) => (size > 1 && !(at > 0 && slides.test(one.op)) ? `s${size}` : size)),
      );
      assert.deepEqual(problems, [], JSON.stringify(one));
      for (const [index, [, dims]] of one.outputs.entries()) {
        const inferred = values.get(`y${index}`)?.dims;
        if (inferred === undefined) {
          open += dims.length;
          continue;
        }
        assert.equal(inferred.length, dims.length, JSON.stringify(one));
        for (const [axis, dim] of inferred.entries()) {
          const size = evaluateDim(dim, (name) => Number(name.slice(1)));
          if (size === undefined) open++;
          else {
            assert.equal(size, dims[axis], `${dim} in ${JSON.stringify(one)}`);
            known++;
          }
        }
      }
    }
    // what stays open: results that only data decide, last windows and parts that depend on a rest, exact thirds
    assert.ok(open / (open + known) < 0.035, `${open} of ${open + known} sizes are unknown`);
  });
});

/** A shape that data decide is known in part. */
function mayBe({ dims }: ValueType, actual: readonly number[]): boolean {
  return dims?.length === actual.length && dims.every((dim, axis) => dim === '?' || dim === actual[axis]);
}

function modelOf(one: Case, nameOf: (size: number, input: number) => Dim): Model {
  const { op, domain = '', opset } = one;
  const names = one.inputs.map((input, at) => (input === null ? '' : `x${at}`));
  const attributes = Object.fromEntries(
    Object.entries(one.attributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
  );
  const outputs = one.outputs.map((_, at) => `y${at}`);
  const model = buildModel({
    name: 'case',
    opset,
    nodes: [{ ...buildNode(op, 'node', names, outputs, attributes), domain }],
    initializers: one.inputs.flatMap((input, at) =>
      input?.[2] === undefined ? [] : [tensorOf(names[at], input[0], input[1], input[2])],
    ),
    inputs: one.inputs.flatMap((input, at) =>
      input === null || input[2] !== undefined
        ? []
        : [{ name: names[at], dtype: input[0], dims: input[1].map((size) => nameOf(size, at)) }],
    ),
    outputs: outputs.map((name) => ({ name })),
  });
  return { ...model, opsets: new Map([...model.opsets, ['com.microsoft', 1]]) };
}

function attributeOf(value: JsonAttribute): AttributeInput {
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  if (value.float !== undefined) return { type: 'float', value: value.float };
  if (value.floats !== undefined) return { type: 'floats', value: value.floats };
  const [dtype, dims, items] = value.tensor!;
  return { type: 'tensor', value: tensorOf('', dtype, dims, items) };
}

function tensorOf(
  name: string,
  dtype: DataType,
  dims: readonly number[],
  items: readonly (number | boolean)[],
): Tensor {
  const make = {
    int64: () => BigInt64Array.from(items, (item) => (Number(item) < 2 ** 63 ? BigInt(item) : largestInt64)),
    int32: () => Int32Array.from(items, Number),
    float32: () => Float32Array.from(items, Number),
    bool: () => Uint8Array.from(items, Number),
    uint8: () => Uint8Array.from(items, Number),
    int8: () => Int8Array.from(items, Number),
  }[dtype as string];
  const array = make!();
  return { name, dtype, dims, bytes: new Uint8Array(array.buffer) };
}
