/** The error for an operator that its operands do not have. */
import { typeError, type PythonError } from '../../engine/tensors/python-error.ts';
import { typeName, type Value } from './values.ts';

/** A TypeError that names both types. */
export function unsupported(operator: string, a: Value, b: Value): PythonError {
  const sign = operator === '**' ? '** or pow()' : operator;
  return typeError(`unsupported operand type(s) for ${sign}: '${typeName(a)}' and '${typeName(b)}'`);
}
