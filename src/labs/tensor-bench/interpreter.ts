/** Runs statements: names, blocks, functions, errors. What expressions are worth is in evaluate.ts. */
import { BenchStop, PythonError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { resetMemory } from '../../engine/tensors/tensor.ts';
import { unbind } from '../../engine/tensors/views.ts';
import { defaultPrintOptions, type PrintOptions } from '../../engine/tensors/print-tensor.ts';
import { putIndex } from './access.ts';
import { setAttribute } from './assign.ts';
import { evaluate } from './evaluate.ts';
import { bindParameters, globalsIn, namesIn } from './functions.ts';
import { runStatement } from './statements.ts';
import { most } from './limits.ts';
import type { Expression, Parameter, Statement } from './syntax.ts';
import { itemOf } from './text.ts';
import { Callable, List, Tuple, TypeValue, iterate, typeName, type Args, type Value } from './values.ts';
import type { Tensor } from '../../engine/tensors/tensor.ts';

/** Names of one function call, or of the whole notebook. */
export interface Scope {
  names: Map<string, Value>;
  /** Names that a function assigns, so that reading them early is an error. */
  own: ReadonlySet<string> | undefined;
  parent: Scope | undefined;
}

/** A notebook's memory, and the run of one cell. */
export class Interpreter {
  readonly globals: Scope = { names: new Map(), own: undefined, parent: undefined };
  readonly builtins: ReadonlyMap<string, Value>;
  readonly modules: ReadonlyMap<string, Value>;
  readonly print: PrintOptions = defaultPrintOptions();
  /** What the cell has printed. */
  output = '';
  /** Place in the source of what runs now; where an error is told to be. */
  at = 0;
  /** Names of the notebook that the cell has read or set. */
  touched = new Set<string>();
  #steps = 0;
  #depth = 0;

  constructor(builtins: ReadonlyMap<string, Value>, modules: ReadonlyMap<string, Value>) {
    this.builtins = builtins;
    this.modules = modules;
  }

  /** Begins a cell: output, steps and memory count from zero. */
  begin(): void {
    this.output = '';
    this.touched = new Set();
    this.#steps = 0;
    this.#depth = 0;
    resetMemory();
  }

  /** Counts a step; stops an endless loop. */
  step(at: number): void {
    this.at = at;
    if (++this.#steps > most.steps)
      throw new BenchStop(
        'StepLimit',
        `The cell was stopped after ${most.steps.toLocaleString('en-GB')} steps. Is there a loop that never ends?`,
      );
  }

  /** Adds to the cell's output. */
  write(text: string): void {
    if (this.output.length + text.length > most.output)
      throw new BenchStop(
        'TooLarge',
        `The cell was stopped after ${most.output.toLocaleString('en-GB')} printed characters.`,
      );
    this.output += text;
  }

  /** Runs statements in a scope. */
  run(statements: readonly Statement[], scope: Scope): void {
    for (const statement of statements) runStatement(this, statement, scope);
  }

  /** The items of anything that can be walked through. */
  items(value: Value): Value[] {
    return iterate(value, (tensor) => {
      if (tensor.rank === 0) throw typeError('iteration over a 0-d tensor');
      return unbind(tensor);
    });
  }

  /** Calls a function of the cell's or of ours. */
  call(callee: Value, args: Args): Value {
    if (callee instanceof Callable) {
      if (this.#depth >= most.depth)
        throw new PythonError(
          'RecursionError',
          'maximum recursion depth exceeded',
          `The bench allows ${most.depth} calls inside calls.`,
        );
      this.#depth++;
      try {
        return callee.call(args);
      } finally {
        this.#depth--;
      }
    }
    if (callee instanceof TypeValue && callee.make) return callee.make(args);
    if (typeof callee === 'object' && callee !== null && 'isLayer' in callee) return callee.forward(args);
    const full = callee instanceof Tuple && callee.type === 'torch.Size' ? 'torch.Size' : typeName(callee);
    throw typeError(`'${full}' object is not callable`);
  }

  /** Gives the value of a name to a target: a name, a place, or several at once. */
  assign(target: Expression, value: Value, scope: Scope): void {
    switch (target.kind) {
      case 'name':
        this.bind(target.name, value, scope);
        return;
      case 'index':
        putIndex(this, evaluate(this, target.value, scope), evaluate(this, target.index, scope), value);
        return;
      case 'attribute':
        setAttribute(evaluate(this, target.value, scope), target.name, value);
        return;
      case 'tuple':
      case 'list':
        this.#unpack(target.items, this.#unpackable(value), scope);
        return;
      default:
        throw new PythonError('SyntaxError', 'cannot assign to expression');
    }
  }

  #unpackable(value: Value): Value[] {
    if (['number', 'bigint', 'boolean'].includes(typeof value) || value === null)
      throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
    return this.items(value);
  }

  #unpack(targets: readonly Expression[], values: readonly Value[], scope: Scope): void {
    const star = targets.findIndex(({ kind }) => kind === 'star');
    const least = star < 0 ? targets.length : targets.length - 1;
    if (values.length < least)
      throw valueError(
        `not enough values to unpack (expected ${star < 0 ? '' : 'at least '}${least}, got ${values.length})`,
      );
    if (star < 0 && values.length > least) throw valueError(`too many values to unpack (expected ${least})`);
    const extra = values.length - least;
    targets.forEach((target, index) => {
      if (target.kind === 'star')
        this.assign(target.value, new List(values.slice(index, index + extra)), scope);
      else this.assign(target, values[star >= 0 && index > star ? index + extra - 1 : index], scope);
    });
  }

  /** Gives a value to a name. */
  bind(name: string, value: Value, scope: Scope): void {
    if (scope === this.globals) this.touched.add(name);
    scope.names.set(name, value);
  }

  /** The value of a name. Raises a NameError if it has none. */
  lookUp(name: string, scope: Scope): Value {
    for (let place: Scope | undefined = scope; place; place = place.parent) {
      const value = place.names.get(name);
      if (value !== undefined) {
        if (place === this.globals) this.touched.add(name);
        return value;
      }
      if (place.own?.has(name))
        throw new PythonError(
          'UnboundLocalError',
          `cannot access local variable '${name}' where it is not associated with a value`,
        );
    }
    const value = this.builtins.get(name);
    if (value !== undefined) return value;
    throw new PythonError('NameError', `name '${name}' is not defined`);
  }

  /** A function of the cell's. */
  define(
    name: string,
    params: readonly Parameter[],
    scope: Scope,
    body: (scope: Scope) => Value,
    statements: readonly Statement[] = [],
  ): Callable {
    const shared = new Set(globalsIn(statements));
    const own = new Set(
      [...params.map((param) => param.name), ...namesIn(statements)].filter((one) => !shared.has(one)),
    );
    const fallbacks = params.map(({ fallback }) => (fallback ? evaluate(this, fallback, scope) : undefined));
    const call = (args: Args): Value => {
      const names = bindParameters(name, params, fallbacks, args);
      const at = this.at;
      const result = body({ names: shared.size ? this.#sharing(names, shared) : names, own, parent: scope });
      this.at = at;
      return result;
    };
    return new Callable(name, call, 'function');
  }

  /** Names of a call of which some are the notebook's. */
  #sharing(names: Map<string, Value>, shared: ReadonlySet<string>): Map<string, Value> {
    const all = this.globals.names;
    const store = new Map(names);
    const set = store.set.bind(store);
    store.set = (key, value) => {
      if (!shared.has(key)) return set(key, value);
      all.set(key, value);
      return store;
    };
    return store;
  }

  /** A tensor of one number as that number. */
  item(tensor: Tensor): Value {
    return itemOf(tensor);
  }
}
