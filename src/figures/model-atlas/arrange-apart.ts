/** Large drawings are laid out in a worker, so that the page goes on meanwhile. */
import type { AtlasNetwork } from '../../labs/atlas-network.ts';

/** Networks with fewer boxes are laid out at once: they take less time than a message to a worker and back. */
const manyBoxes = 1000;

/** Resolves when `arrange` has the drawing in which these boxes are open, or would make it in no time. Never rejects. */
export async function arrangeApart(network: AtlasNetwork, open: ReadonlySet<string>): Promise<void> {
  if (network.boxes.length < manyBoxes) return;
  try {
    const { askLayout } = await import('./layout-client.ts');
    await askLayout(network, open);
  } catch {
    // Without a worker the page lays it out by itself
  }
}
