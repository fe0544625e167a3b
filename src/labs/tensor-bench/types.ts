/** Types as values: those of Python, of PyTorch and of errors. */
import { PythonError } from '../../engine/tensors/python-error.ts';
import { Tensor } from '../../engine/tensors/tensor.ts';
import { str } from './text.ts';
import { fullTypeName } from './type-names.ts';
import {
  ArrayValue,
  Dict,
  ErrorValue,
  List,
  Range,
  SetValue,
  Tuple,
  TypeValue,
  isLayer,
  type Args,
  type Value,
} from './values.ts';

type Make = (args: Args) => Value;

/** Python's types by their name, each waiting for what makes a value of it. */
export const types = {
  int: (make: Make) =>
    new TypeValue('int', (value) => typeof value === 'bigint' || typeof value === 'boolean', make),
  float: (make: Make) => new TypeValue('float', (value) => typeof value === 'number', make),
  bool: (make: Make) => new TypeValue('bool', (value) => typeof value === 'boolean', make),
  str: (make: Make) => new TypeValue('str', (value) => typeof value === 'string', make),
  list: (make: Make) => new TypeValue('list', (value) => value instanceof List, make),
  tuple: (make: Make) => new TypeValue('tuple', (value) => value instanceof Tuple, make),
  set: (make: Make) => new TypeValue('set', (value) => value instanceof SetValue, make),
  dict: (make: Make) => new TypeValue('dict', (value) => value instanceof Dict, make),
  range: (make: Make) => new TypeValue('range', (value) => value instanceof Range, make),
  type: (make: Make) => new TypeValue('type', (value) => value instanceof TypeValue, make),
};

/** Whether a value is a tensor. */
export const isTensor = (value: Value): boolean => value instanceof Tensor;

/** Whether a value is a NumPy array. */
export const isArray = (value: Value): boolean => value instanceof ArrayValue;

/** Whether a value is a layer. */
export const isModule = (value: Value): boolean => isLayer(value);

/** `type(value)`. */
export function typeOfValue(value: Value): TypeValue {
  const name = fullTypeName(value);
  return new TypeValue(name, (other) => fullTypeName(other) === name);
}

/** Errors and the kinds that they belong to, from the special to the general. */
const families: Readonly<Record<string, readonly string[]>> = {
  Exception: [],
  ArithmeticError: ['Exception'],
  ZeroDivisionError: ['ArithmeticError', 'Exception'],
  OverflowError: ['ArithmeticError', 'Exception'],
  AssertionError: ['Exception'],
  AttributeError: ['Exception'],
  ImportError: ['Exception'],
  ModuleNotFoundError: ['ImportError', 'Exception'],
  LookupError: ['Exception'],
  IndexError: ['LookupError', 'Exception'],
  KeyError: ['LookupError', 'Exception'],
  NameError: ['Exception'],
  UnboundLocalError: ['NameError', 'Exception'],
  RuntimeError: ['Exception'],
  NotImplementedError: ['RuntimeError', 'Exception'],
  RecursionError: ['RuntimeError', 'Exception'],
  StopIteration: ['Exception'],
  TypeError: ['Exception'],
  ValueError: ['Exception'],
};

/** The types of errors, each of which makes one. */
export function errorTypes(): TypeValue[] {
  return Object.keys(families).map(
    (name) =>
      new TypeValue(
        name,
        (value) =>
          value instanceof ErrorValue &&
          (value.error.type === name || (families[value.error.type] ?? ['Exception']).includes(name)),
        ({ list }) => new ErrorValue(new PythonError(name, list.length ? str(list[0]) : '')),
      ),
  );
}
