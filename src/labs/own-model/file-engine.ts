/** Opens one network of a reader's, describes it, runs it, reads its tensors. Without the worker around it: tests use it in Node. */
import { checkGraph } from '../../engine/onnx/check-graph.ts';
import { missingFiles } from '../../engine/onnx/external-data.ts';
import { loadTensor } from '../../engine/onnx/load-weights.ts';
import { openModel } from '../../engine/onnx/open-model.ts';
import { inferShapes } from '../../engine/onnx/shapes.ts';
import type { Model, Tensor } from '../../engine/onnx/types.ts';
import { ThawError } from '../../engine/errors.ts';
import type { AnySession } from '../../engine/runtime/any-session.ts';
import { describeModel } from '../describe-atlas.ts';
import { describeWalk } from '../shape-walk/describe-walk.ts';
import type { ShapeWalk } from '../shape-walk/shape-walk.ts';
import { summariseTensor, type TensorSummary } from '../tensor-summary.ts';
import { chooseFile } from './choose-file.ts';
import { findInputs } from './graph-inputs.ts';
import { openFileRuns, type FileRuns } from './file-runs.ts';
import type { Answers, OpenedFile, RequestKind, Requests } from './protocol.ts';
import { elementsOf } from './stored-data.ts';

/** What the engine needs from the worker that it runs in. */
export interface FilePorts {
  /** A runtime's sessions, and how many threads they use; the first call starts it. */
  openRuntime: (
    request: Requests['run'],
    onProgress: (receivedBytes: number, totalBytes: number) => void,
  ) => Promise<{ threads: number; openSession: (graph: Uint8Array<ArrayBuffer>) => Promise<AnySession> }>;
  /** Milliseconds, monotonic. */
  now: () => number;
}

export interface FileEngine {
  /** Answers a request. Rejects with a ThawError whose sentence is fit for the reader. */
  answer: <K extends RequestKind>(
    kind: K,
    request: Requests[K],
    onProgress: (receivedBytes: number, totalBytes: number) => void,
  ) => Promise<Answers[K]>;
}

/** More problems of a file are of no use to anybody. */
const mostProblems = 5;

/** An engine without a network; the first request must be `open`. */
export function createFileEngine(ports: FilePorts): FileEngine {
  let model: Model | undefined;
  let runs: FileRuns | undefined;

  const opened = (): Model => {
    if (model) return model;
    throw new ThawError({
      code: 'disposed',
      message: 'No network is open.',
      advice: 'Choose the file again.',
    });
  };

  async function open({ files }: Requests['open']): Promise<OpenedFile> {
    const chosen = chooseFile(files);
    const read = await openModel(chosen.model, { files: chosen.files });
    const title = chosen.model.name.replace(/\.onnx$/i, '');
    const bytes = [chosen.model, ...chosen.files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const network = describeModel(read, bytes, { id: title, title });
    const { unknownOperators, problems, values } = inferShapes(read);
    model = read;
    runs = openFileRuns(read, values, chosen, ports);
    return {
      network,
      inputs: findInputs(read.graph),
      producer: [read.producerName, read.producerVersion].filter(Boolean).join(' '),
      opset: read.opsets.get(''),
      problems: [...checkGraph(read).map(({ message }) => message), ...problems].slice(0, mostProblems),
      unknownOperators: [...unknownOperators],
      missingFiles: [...missingFiles(read, chosen.files)],
    };
  }

  async function walk({ files }: Requests['walk']): Promise<ShapeWalk> {
    const chosen = chooseFile(files);
    const read = await openModel(chosen.model, { files: chosen.files });
    const title = chosen.model.name.replace(/\.onnx$/i, '');
    return describeWalk(read, { id: title, title });
  }

  async function weights({ names }: Requests['weights']): Promise<TensorSummary[]> {
    const { initializers } = opened().graph;
    const found = names.map((name) => initializers.get(name)).filter((one) => one !== undefined);
    return Promise.all(found.map(summariseStored));
  }

  const answers: { [K in RequestKind]: FileEngineAnswer<K> } = {
    open,
    walk,
    weights,
    run: (request, onProgress) => {
      opened();
      return started(runs).run(request, onProgress);
    },
    values: ({ names }) => started(runs).read(names),
    check: ({ names }) => started(runs).check(names),
    time: ({ parts }) => started(runs).time(parts),
  };
  return { answer: (kind, request, onProgress) => answers[kind](request, onProgress) };
}

type FileEngineAnswer<K extends RequestKind> = (
  request: Requests[K],
  onProgress: (receivedBytes: number, totalBytes: number) => void,
) => Promise<Answers[K]>;

function started(runs: FileRuns | undefined): FileRuns {
  if (runs) return runs;
  throw new ThawError({ code: 'disposed', message: 'No network is open.', advice: 'Choose the file again.' });
}

async function summariseStored(tensor: Tensor): Promise<TensorSummary> {
  const { name, dtype, dims } = tensor;
  return summariseTensor(name, { dtype, shape: [...dims], data: elementsOf(await loadTensor(tensor)) });
}
