/** What a reader can do in every figure that runs the network: press run and cancel, choose a picture, hand one in. */
import { t } from '../../site/strings.ts';
import { copyText, selectText } from '../kit/copy-text.ts';
import { wasInterrupted } from '../kit/interrupted.ts';
import { setText } from '../kit/join.ts';
import { listenForPictures } from '../kit/picture-input.ts';
import type { LiveDoor } from './live-door.ts';
import { reportText } from './report-text.ts';
import { pictureKey, type RunState } from './run-state.ts';

/** What the controls need from their figure. */
export interface RunControlsHost {
  door: LiveDoor;
  read: () => RunState;
  update: (change: Partial<RunState>) => void;
  /** Takes the picture into the state and into the address; −1 is the reader's own. */
  share: (picture: number) => void;
}

export interface RunControls {
  /** Shows this picture of the gallery, and runs it where the network has run before. */
  usePicture: (index: number) => void;
  /** Takes the reader's picture, and runs it where the network has run before. */
  takePicture: (picture: File) => Promise<void>;
}

/** Makes the run button, the file button, dropping and pasting work inside `figure` until the signal aborts. */
export function listenForRuns(figure: HTMLElement, host: RunControlsHost, signal: AbortSignal): RunControls {
  const { door, read, update, share } = host;

  function press({ target, detail: clicks }: MouseEvent): void {
    const action = (target as Element).closest<HTMLElement>('[data-action]')?.dataset['action'];
    if (action === 'run') void door.run();
    // The second half of a double click on "Run" meets "Cancel", which the reader never meant
    if (action === 'cancel' && clicks < 2) void door.ask((live) => live.cancel());
    if (action === 'report') void copyReport(target as Element);
  }

  /** What went wrong and on what, for whoever mends it; the reader decides where it goes. */
  async function copyReport(button: Element): Promise<void> {
    const { problem, network, backend } = read();
    const details = button.closest('details');
    if (!problem || !details) return;
    const isCopied = await copyText(reportText(problem, { network: network.id, backend }));
    const facts = details.querySelector('pre');
    if (!isCopied && facts) selectText(facts);
    setText(details.querySelector('.report span'), t(isCopied ? 'figure.copied' : 'figure.copyByHand'));
  }

  /** The reader reaches for the run button: find out what is stored already and whether there is WebGPU. */
  function prepare({ target }: Event): void {
    if (door.isOpen() || !(target as Element).closest('.lens-run')) return;
    void door.ask((live) => live.plan());
  }

  async function takePicture(picture: File): Promise<void> {
    await door.ask(async (live) => {
      if (!(await live.take(picture))) return;
      share(-1);
      if (!read().isPrecomputed) await door.run();
    });
  }

  figure.addEventListener('click', press, { signal });
  for (const reach of ['pointerover', 'focusin'] as const)
    figure.addEventListener(reach, prepare, { signal });
  const file = figure.querySelector<HTMLInputElement>('[data-part="file"]');
  if (file) listenForPictures(figure, file, (picture) => void takePicture(picture), signal);
  // After the one reload that threads need, goes on where the reader was
  if (wasInterrupted()) void door.ask((live) => signal.aborted || live.resume());

  return {
    takePicture,
    usePicture: (index) => {
      share(index);
      update({ problem: undefined, own: undefined, notice: undefined });
      if (!read().isPrecomputed && read().result.picture !== pictureKey(read())) void door.run();
    },
  };
}
