/** One figure's part of the page's address: read when it wakes, written whenever the reader changes something. */
import { addressPrefix, readFields, writeFields, type FieldTable } from './url-state.ts';

export interface FigureAddress<S> {
  /** Stands before the figure's keys, so that several figures share one address. */
  prefix: string;
  /** What the address sets; everything else is absent. */
  read: () => Partial<S>;
  /** Writes the values without a new entry in the history; those that equal their fallback are left out. */
  write: (values: S) => void;
  /** The same once nothing has been written for a moment: while a reader types, the browser need not follow every key. */
  writeSoon: (values: S) => void;
}

/** Browsers refuse to change the address more often than some 200 times in 30 seconds. */
const pauseMs = 300;

/** The address as `figure` shares it with the other figures of the page, which are told by `data-address`. */
export function openAddress<S extends object>(
  figure: HTMLElement,
  table: FieldTable<S>,
  fallbacks: S,
): FigureAddress<S> {
  const prefix = addressPrefix(Math.max(0, [...document.querySelectorAll('[data-address]')].indexOf(figure)));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (values: S): void => {
    clearTimeout(timer);
    const query = writeFields(table, values, fallbacks, location.search, prefix);
    history.replaceState(history.state, '', location.pathname + query + location.hash);
  };
  return {
    prefix,
    read: () => readFields(table, location.search, prefix),
    write,
    writeSoon: (values) => {
      clearTimeout(timer);
      timer = setTimeout(() => write(values), pauseMs);
    },
  };
}
