/**
 * The members of a circle, in the direction in which `needs` leads, or undefined when there is none. Works on graphs of any depth:
 * the path is a list and not the call stack.
 */
export function findCycle<T>(
  members: readonly T[],
  needs: (member: T) => readonly T[],
): readonly [T, ...T[]] | undefined {
  const done = new Set<T>();
  for (const start of members) {
    if (done.has(start)) continue;
    const path: { readonly member: T; readonly next: Iterator<T> }[] = [];
    const onPath = new Set<T>();
    const enter = (member: T) => {
      path.push({ member, next: needs(member)[Symbol.iterator]() });
      onPath.add(member);
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.next.next();
      const value = step.value as T;
      if (step.done === true) {
        path.pop();
        onPath.delete(top.member);
        done.add(top.member);
      } else if (onPath.has(value)) {
        const from = path.findIndex(({ member }) => member === value);
        const [, ...rest] = path.slice(from).map(({ member }) => member);
        return [value, ...rest];
      } else if (!done.has(value)) enter(value);
    }
  }
  return undefined;
}
