/** What scripts/frames.ts needs from a figure whose first frame takes a network. */
export interface FrameMaker {
  /** The JSON file beside the figure. */
  target: string;
  make: () => Promise<object>;
  /** Whether the committed frame is still what `make` would give, as far as numbers may differ from one processor to the next. */
  isCurrent: (committed: unknown) => Promise<boolean>;
}
