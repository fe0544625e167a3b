import type { RunningTraining, TrainingOrder } from '../trainer/types.ts';
import type { Connection } from './connection.ts';

/** Opens a training of a loaded network (by its handle) in the worker; lost with the worker, except for what it kept. */
export async function openWorkerTraining(
  worker: Connection,
  handle: number,
  order: TrainingOrder,
): Promise<RunningTraining> {
  const { training, step, steps } = await worker.request({ kind: 'open-training', handle, order });
  return {
    step,
    steps,
    drive: ({ signal, onNews } = {}) =>
      worker.request({ kind: 'drive-training', training }, { signal, onNews }),
    steer: (action) => worker.request({ kind: 'steer-training', training, action }),
    ask: (question) => worker.request({ kind: 'ask-training', training, question }),
    writeModel: async () => (await worker.request({ kind: 'write-training', training })).file,
    close: () => worker.request({ kind: 'close-training', training }),
  };
}
