/** Questions to a training: what its network answers with the weights as they are, and what moved the answers. */
import { buildInfluence, influenceName } from '../autodiff/influence-graph.ts';
import { writeModel } from '../onnx/writer.ts';
import type { AnyTensors } from '../runtime/any-session.ts';
import type { CreateSession, OrtSession } from '../runtime/ort-session.ts';
import type { Training } from './training.ts';
import type { TrainingAnswer, TrainingQuestion } from './types.ts';

/** Asks one training. The graph that finds what moved an answer is built when it is first wanted, and again when weights have moved. */
export interface Asking {
  ask: (question: TrainingQuestion) => Promise<TrainingAnswer>;
  release: () => Promise<void>;
}

/** Nothing asked yet. */
export function openAsking(training: Training, createSession: CreateSession): Asking {
  let built: { readonly key: string; readonly session: OrtSession } | undefined;

  async function sessionFor({ inputs, influence }: TrainingQuestion): Promise<OrtSession> {
    const sizes = sizesOf(training, inputs);
    const key = JSON.stringify([training.step, sizes, influence]);
    if (built?.key === key) return built.session;
    await release();
    const { value, direction } = influence ?? { value: '', direction: [] };
    const graph = buildInfluence(training.trainedModel(), { value, direction, sizes });
    built = { key, session: await createSession(writeModel(graph)) };
    return built.session;
  }

  async function release(): Promise<void> {
    const old = built;
    built = undefined;
    await old?.session.release();
  }

  return {
    async ask(question) {
      const logits = await training.answer(question.inputs);
      if (!question.influence) return { logits };
      const session = await sessionFor(question);
      const { [influenceName]: influence } = await session.run(question.inputs, [influenceName]);
      return { logits, influence: influence.data };
    },
    release,
  };
}

/** Sizes by the names that the network's inputs give them. */
function sizesOf(training: Training, inputs: AnyTensors): Record<string, number> {
  const entries = training
    .trainedModel()
    .graph.inputs.flatMap(({ name, dims = [] }) =>
      dims.flatMap((axis, at) => (typeof axis === 'string' ? [[axis, inputs[name]?.shape[at] ?? 1]] : [])),
    );
  return Object.fromEntries(entries) as Record<string, number>;
}
