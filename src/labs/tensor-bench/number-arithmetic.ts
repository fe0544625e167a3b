/** Arithmetic of Python's own numbers: whole ones of any size, floats, and what they raise. */
import { PythonError } from '../../engine/tensors/python-error.ts';
import { checkPower } from './limits.ts';
import { unsupported } from './unsupported.ts';
import type { Value } from './values.ts';

/** `a operator b` for two numbers. */
export function numberArithmetic(
  operator: string,
  a: bigint | number | boolean,
  b: bigint | number | boolean,
): Value {
  if (typeof a !== 'number' && typeof b !== 'number')
    return wholeArithmetic(operator, BigInt(a), BigInt(b), a, b);
  return floatArithmetic(operator, Number(a), Number(b), a, b);
}

function wholeArithmetic(operator: string, x: bigint, y: bigint, a: Value, b: Value): Value {
  const zero = (message: string) => {
    if (y === 0n) throw new PythonError('ZeroDivisionError', message);
  };
  const floor = () => {
    const quotient = x / y;
    return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
  };
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      zero('division by zero');
      return Number(x) / Number(y);
    case '//':
      zero('integer division or modulo by zero');
      return floor();
    case '%':
      zero('integer modulo by zero');
      return x - floor() * y;
    case '**':
      checkPower(x, y);
      return y < 0n ? Number(x) ** Number(y) : x ** y;
    case '&':
    case '|':
    case '^': {
      const result = operator === '&' ? x & y : operator === '|' ? x | y : x ^ y;
      return typeof a === 'boolean' && typeof b === 'boolean' ? result !== 0n : result;
    }
    case '<<':
      checkPower(2n, y);
      return x << y;
    case '>>':
      return x >> y;
    default:
      throw unsupported(operator, a, b);
  }
}

function floatArithmetic(operator: string, x: number, y: number, a: Value, b: Value): Value {
  const zero = (message: string) => {
    if (y === 0) throw new PythonError('ZeroDivisionError', message);
  };
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      zero('float division by zero');
      return x / y;
    case '//':
      zero('float floor division by zero');
      return Math.floor(x / y);
    case '%': {
      zero('float modulo');
      const rest = x % y;
      return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
    }
    case '**':
      return x ** y;
    default:
      throw unsupported(operator, a, b);
  }
}
