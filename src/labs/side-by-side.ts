/** The networks of the course side by side: what each is, costs, takes here and can do, as plain data. */

/** A network's line. */
export interface SideNetwork {
  id: string;
  takes: 'pictures' | 'text';
  /** Where its weights are: in the site, at the home of the ONNX Model Zoo, or nowhere, so that only its graph was counted. */
  weights: 'here' | 'published' | 'none';
  /** Absent where there is no file. */
  sizeBytes?: number;
  parameters: number;
  /** For one picture, or one text of the network's longest, or of `pieces`. */
  macs: number;
  /** Pieces of the text that the MACs are for. */
  pieces?: number;
  /** The first measurement of its card. */
  accuracy?: { name: string; value: number; unit: string; split: string };
  /** Where its catalogue lies, if it can be measured in the page. */
  catalogue?: string;
}

/** What the table shows: the networks, and what pressing the button fetches. */
export interface SideBySide {
  networks: SideNetwork[];
  /** Bytes that measuring all that are here fetches. */
  downloadBytes: number;
}

/** Columns of the table. */
export const sideColumns = [
  'id',
  'takes',
  'weights',
  'sizeBytes',
  'parameters',
  'macs',
  'time',
  'accuracy',
] as const;

export type SideColumn = (typeof sideColumns)[number];

/** The order of the lines; without a column that of the registry. */
export interface SideSort {
  column: SideColumn | undefined;
  isDescending: boolean;
}

/** Median milliseconds of a run, by network. */
export type SideTimes = ReadonlyMap<string, number>;

/** The lines in this order; those that have nothing in the column come last either way. */
export function sortNetworks(
  networks: readonly SideNetwork[],
  { column, isDescending }: SideSort,
  times: SideTimes,
): SideNetwork[] {
  if (!column) return [...networks];
  const sign = isDescending ? -1 : 1;
  return networks.toSorted((a, b) => {
    const [left, right] = [cellOf(a, column, times), cellOf(b, column, times)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    return sign * (typeof left === 'number' ? left - Number(right) : left.localeCompare(String(right), 'en'));
  });
}

/** What stands in a cell; undefined for nothing. */
export function cellOf(
  network: SideNetwork,
  column: SideColumn,
  times: SideTimes,
): string | number | undefined {
  if (column === 'time') return times.get(network.id);
  return column === 'accuracy' ? network.accuracy?.value : network[column];
}

/** Heading and lines for a spreadsheet, the lines as given. */
export function sideCells(networks: readonly SideNetwork[], times: SideTimes): (string | number)[][] {
  const heading = [
    ...['network', 'takes', 'weights', 'file bytes', 'parameters', 'MACs', 'MACs for pieces'],
    ...['milliseconds here', 'accuracy', 'unit', 'of', 'measured on'],
  ];
  const lines = networks.map((network) => {
    const { id, takes, weights, sizeBytes = '', parameters, macs, pieces = '', accuracy } = network;
    const { value = '', unit = '', name = '', split = '' } = accuracy ?? {};
    return [
      id,
      takes,
      weights,
      sizeBytes,
      parameters,
      macs,
      pieces,
      times.get(id) ?? '',
      value,
      unit,
      name,
      split,
    ];
  });
  return [heading, ...lines];
}
