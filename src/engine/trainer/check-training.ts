/** Refuses a training that cannot work, in words that a reader understands. */
import { ThawError } from '../errors.ts';
import type { ExampleSet, TrainingSettings, TrainingTask } from './types.ts';

/** The most pictures that a training takes: beyond, a browser's memory is at risk. */
const mostExamples = 20_000;

/** @throws ThawError 'bad-input' that says what is missing and what to do. */
export function checkTraining(task: TrainingTask, settings: TrainingSettings): void {
  checkClasses(task.classes);
  checkSet(task.train, task.classes.length, 'to learn from');
  if (task.heldOut) checkSet(task.heldOut, task.classes.length, 'to measure with');
  if (task.validation) checkSet(task.validation, task.classes.length, 'to validate with');
  const present = new Set(task.train.labels);
  // with the head that it has, a network may keep classes that the task has no example of
  const isNew = settings.replacesHead ?? true;
  const missing = task.classes.filter((_, label) => isNew && !present.has(label));
  if (missing.length > 0)
    refuse(
      `There is no example of ${missing.map((name) => `“${name}”`).join(', ')}.`,
      'Give every class at least one example, or take the class out.',
    );
  checkSettings(settings, task);
}

function checkClasses(classes: readonly string[]): void {
  if (classes.length < 2)
    refuse(
      classes.length === 0
        ? 'There is no class to learn.'
        : `There is only one class, “${classes[0]}”: every answer would be right.`,
      'Give two classes or more.',
    );
  const seen = new Map<string, string>();
  for (const name of classes) {
    const plain = name.trim().toLowerCase();
    const other = seen.get(plain);
    if (other !== undefined)
      refuse(`Two classes are called “${name}”.`, 'Give one of them another name, or put them together.');
    if (plain === '') refuse('A class has no name.', 'Name it.');
    seen.set(plain, name);
  }
}

function checkSet({ inputs, labels, views = 1 }: ExampleSet, classes: number, what: string): void {
  const tensors = Object.entries(inputs);
  const rows = tensors.at(0)?.[1].shape[0] ?? 0;
  if (labels.length === 0 || rows === 0) refuse(`There are no examples ${what}.`, 'Add some.');
  if (rows / views > mostExamples)
    refuse(
      `${rows / views} examples ${what} are more than the ${mostExamples} that fit into memory.`,
      'Take fewer.',
    );
  for (const [name, { data, shape }] of tensors) {
    const size = shape.reduce((product, one) => product * one, 1);
    if (
      data.length !== size ||
      shape[0] !== rows ||
      rows % views !== 0 ||
      labels.length % (rows / views) !== 0
    )
      refuse(
        `The examples ${what} do not fit together: “${name}” has the shape [${shape.join(', ')}] with ${data.length} numbers, for ${labels.length} labels and ${views} views.`,
        'Give as many rows as there are examples, times their views.',
      );
  }
  const wrong = labels.find((label) => label !== -100 && (label < 0 || label >= classes));
  if (wrong !== undefined)
    refuse(`An example ${what} is of class ${wrong}; there are ${classes}.`, 'Count classes from 0.');
}

function checkSettings(settings: TrainingSettings, task: TrainingTask): void {
  if (settings.phases.length === 0 || settings.phases.some(({ epochs }) => !isCount(epochs)))
    refuse('There is nothing to do: no epoch is asked for.', 'Ask for one epoch or more.');
  if (!isCount(settings.batchSize ?? 16))
    refuse(`A batch of ${settings.batchSize} examples cannot be.`, 'Take 1 or more.');
  for (const { id, learningRate } of settings.phases.flatMap(({ groups }) => groups))
    if (!Number.isFinite(learningRate) || learningRate < 0)
      refuse(`The learning rate of “${id}” is ${learningRate}.`, 'Take a number from 0 up, such as 0.001.');
  if (settings.patience !== undefined && task.validation === undefined)
    refuse(
      'Early stopping has nothing to watch: there are no examples for validation.',
      'Set some examples apart, or train without early stopping.',
    );
}

const isCount = (value: number) => Number.isInteger(value) && value > 0;

function refuse(message: string, advice: string): never {
  throw new ThawError({ code: 'bad-input', message, advice });
}
