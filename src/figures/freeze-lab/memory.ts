/**
 * What the lab keeps in this browser: its logs, and the run under way, so that a closed tab loses neither. Weights are kept by the
 * engine; here stand words and numbers. Whatever is not as this file wrote it counts as nothing.
 */
import { readStored, writeStored } from '../../site/storage.ts';
import { readFields } from '../kit/url-state.ts';
import { firstSettings, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import { emptyLog } from '../../labs/run-log.ts';
import {
  networkIds,
  type LabNetwork,
  type LoggedRun,
  type NetworkId,
  type RunLog,
  type RunNow,
} from './model.ts';
import { fromShared, labFields, toShared } from './share.ts';

/** A run that a closed tab broke off. */
export interface OpenRun {
  readonly network: NetworkId;
  /** As a link would say them. */
  readonly settings: string;
  readonly letter: string;
  readonly run: Omit<RunNow, 'settings'>;
}

/** Keeps a network's log; returns whether the browser did. */
export function keepLog(network: LabNetwork, { runs, count }: RunLog): boolean {
  const all = { ...readJson('freezeLog') } as Partial<Record<NetworkId, unknown>>;
  const plain = runs.map((run) => ({ ...run, settings: writeSettings(network, run.settings) }));
  all[network.id] = runs.length > 0 ? { runs: plain, count } : undefined;
  const isEmpty = Object.values(all).every((log) => log === undefined);
  return writeStored('freezeLog', isEmpty ? undefined : JSON.stringify(all));
}

/** The log that was kept of a network. */
export function readLog(network: LabNetwork): RunLog {
  const kept = readJson('freezeLog')?.[network.id] as { runs?: unknown; count?: unknown } | undefined;
  if (!kept || !Array.isArray(kept.runs) || typeof kept.count !== 'number') return emptyLog;
  const runs = (kept.runs as Kept[]).flatMap((one) => readRun(network, one));
  return { runs, count: Math.max(kept.count, runs.length) };
}

/** Keeps the run under way, or forgets it. */
export function keepOpenRun(open: OpenRun | undefined): boolean {
  return writeStored('freezeRun', open && JSON.stringify(open));
}

/** The run that was under way when the tab was closed. */
export function readOpenRun(): OpenRun | undefined {
  const kept = readJson('freezeRun') as Partial<OpenRun> | undefined;
  const id = networkIds.find((one) => one === kept?.network);
  const { run, settings, letter } = kept ?? {};
  if (!id || typeof settings !== 'string' || typeof letter !== 'string' || !isRun(run)) return undefined;
  return { network: id, settings, letter, run: { ...run, losses: run.losses.map(numberOf) } };
}

/** Settings as the query of a link that leaves nothing out. */
export function writeSettings(network: LabNetwork, settings: LabSettings): string {
  const shared = Object.entries(toShared(network, settings)).map(([key, value]) => [key, String(value)]);
  return new URLSearchParams(shared).toString();
}

/** Settings from such a query. */
export function readSettings(network: LabNetwork, query: string): LabSettings {
  return fromShared(network, firstSettings(network, 'head'), readFields(labFields(network), query));
}

type Kept = Partial<Omit<LoggedRun, 'settings'>> & { settings?: unknown };

function readRun(network: LabNetwork, { letter, name, isPinned, settings, result }: Kept): LoggedRun[] {
  if (typeof letter !== 'string' || typeof settings !== 'string' || !isRun(result)) return [];
  if (typeof result.stepMs !== 'number' || !Array.isArray(result.changes)) return [];
  return [
    {
      ...{ letter, name: typeof name === 'string' ? name : '', isPinned: isPinned === true },
      settings: readSettings(network, settings),
      result: { ...result, losses: result.losses.map(numberOf) },
    },
  ];
}

/** JSON writes null for what is no number. */
function numberOf(value: number | null): number {
  return value ?? Number.NaN;
}

interface Curves {
  losses: readonly (number | null)[];
  accuracies: readonly unknown[];
}

function isRun<R>(value: R | undefined): value is R & Curves {
  const { losses, accuracies } = (value ?? {}) as Partial<Curves>;
  return (
    Array.isArray(losses) &&
    losses.every((loss) => loss === null || typeof loss === 'number') &&
    Array.isArray(accuracies)
  );
}

function readJson(key: 'freezeLog' | 'freezeRun'): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readStored(key) ?? 'null');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
