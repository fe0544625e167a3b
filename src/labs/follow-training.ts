import type { RunningTraining, TrainingEnd, TrainingNews } from '../engine/trainer/types.ts';

/**
 * Drives a training to its end and gives its news in order, none lost; `heard` gets each when it comes. Throws what the drive
 * throws, after the news before it.
 */
export async function* followTraining(
  training: RunningTraining,
  signal: AbortSignal,
  heard: (news: TrainingNews) => void = () => undefined,
): AsyncGenerator<TrainingNews, TrainingEnd, void> {
  const queue: TrainingNews[] = [];
  let wake = (): void => undefined;
  let isOver = false;
  const driving = training
    .drive({
      signal,
      onNews(news) {
        heard(news);
        queue.push(news);
        wake();
      },
    })
    .finally(() => {
      isOver = true;
      wake();
    });
  // its failure is thrown below, after what came before it
  driving.catch(() => undefined);
  for (;;) {
    const event = queue.shift();
    if (event) yield event;
    else if (isOver) return driving;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
