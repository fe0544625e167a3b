/* eslint-disable max-lines -- a table of words, nothing else */
/**
 * Every word of the interface, grouped by area, so that a translation is one other table.
 * Placeholders stand in braces: `{count}`. Use only ` ` (U+202F) before a per cent sign and inside numbers.
 */
const words = {
  // ── Site ──────────────────────────────────────────────────────────────
  'site.title': 'Thaw',
  'site.description':
    'A visual course on transfer learning: freeze a layer, thaw another, train a real network in the page, and read what it did.',

  // ── Navigation ────────────────────────────────────────────────────────
  'nav.course': 'The course',
  'nav.reference': 'Reference',
  'nav.glossary': 'Glossary',
  'nav.bibliography': 'Bibliography',
  'nav.models': 'Model cards',
  'nav.credits': 'Credits',
  'nav.settings': 'Settings',
  'nav.source': 'Source',

  // ── Shared links ──────────────────────────────────────────────────────
  'social.promise': 'Melt a network.\nTeach it something new.',
  'social.chapter': 'Chapter {number}',
  'social.pictureOf': '{title}: a backbone of blocks, frozen ones in ice, trainable ones in ember.',

  // ── Figures: shared ───────────────────────────────────────────────────
  'figure.status.idle': 'not loaded',
  'figure.status.loading': 'downloading',
  'figure.status.ready': 'ready',
  'figure.status.running': 'running',
  'figure.status.failed': 'failed',
  'figure.precomputed': 'precomputed',
  'figure.run': 'Run this network',
  'figure.runAgain': 'Run again',
  'figure.cancel': 'Cancel',
  'figure.tryAgain': 'Try again',
  'figure.details': 'Details',
  'figure.numbers': 'The same numbers as a table',
  'figure.nothingYet': 'nothing is downloaded until you press',
  'figure.stored': 'already stored in this browser',
  'figure.noScript': 'This drawing was computed when the page was built. With JavaScript on, the network runs here.',
  'progress.bytes': '{received} of {total}',
  'progress.left': '{seconds} s left',
  'progress.download': '{model} and the runtime',
  'progress.start': 'Everything is here. Starting the runtime.',
  'progress.session': 'Building the network.',
  'state.frozen': 'frozen',
  'state.trainable': 'trainable',
  'state.plain': 'no weights',
  'backend.auto': 'automatic',
  'backend.wasm': 'WebAssembly',
  'backend.webgpu': 'WebGPU',
  'backend.label': 'Runs on',
  'backend.missing': 'This browser has no WebGPU here; WebAssembly does the same work.',
  'backend.threads': '{backend} · {count} threads',
  'backend.thread': '{backend} · 1 thread',

  // ── ResNet lens ───────────────────────────────────────────────────────
  'lens.title': 'ResNet lens',
  'lens.ask': 'What does each block keep of the picture?',
  'lens.pictures': 'Pictures',
  'lens.yourPicture': 'Your picture',
  'lens.otherWays': 'or drop or paste one',
  'lens.dropHere': 'Let go to use this picture',
  'lens.approach': 'Who learns',
  'lens.approach.feature-extractor': 'Feature extractor',
  'lens.approach.fine-tuning': 'Fine-tuning',
  'lens.approach.from-scratch': 'From scratch',
  'lens.count': '{moving} of {all} weights trainable',
  'lens.countWhy.feature-extractor': 'The backbone stays as it was learnt; only the head moves.',
  'lens.countWhy.fine-tuning': 'Every weight moves, starting from what was learnt.',
  'lens.countWhy.from-scratch': 'Every weight moves, starting from random numbers.',
  'lens.pictureAlt': '{name}, 64 by 64 pixels on white',
  'lens.pictureNote': '{shape}, as the network gets it',
  'lens.ownPicture': 'your picture',
  'lens.blocks': 'Blocks',
  'lens.blocksHint': 'pick one to open it',
  'lens.blockLabel': '{name}, {shape}, {state}',
  'lens.likeliest': 'Five likeliest',
  'lens.ofClasses': 'of {count} classes',
  'lens.inside': 'Inside {name}',
  'lens.insideHint': 'in running order, from the file',
  'lens.weights': '{count} weights',
  'lens.macs': '{count} MACs',
  'lens.noWeights': 'no weights',
  'lens.op.conv': '{size}×{size} convolution',
  'lens.op.stride': ', stride {stride}',
  'lens.op.add': 'adds the block’s input',
  'lens.op.Add': 'addition',
  'lens.op.BatchNormalization': 'batch normalisation',
  'lens.op.Relu': 'ReLU',
  'lens.op.MaxPool': 'max pooling',
  'lens.op.GlobalAveragePool': 'average over places',
  'lens.op.Flatten': 'flatten',
  'lens.op.Gemm': 'fully connected',
  'lens.maps': 'Block {name},',
  'lens.mapsNote': '{count} channels after {op}, {size} each',
  'lens.mapsVector': '{count} numbers, one for each channel',
  'lens.mapsLogits': '{count} scores, one for each class',
  'lens.mapsAbsent': 'Run the network to see what this block makes of the picture. Shape, weights and MACs are known from the file.',
  'lens.showAll': 'Show all {count}',
  'lens.showFewer': 'Show fewer',
  'lens.channelLabel': 'channel {channel}, mean {mean}',
  'lens.channel': 'Channel {channel}',
  'lens.unit': 'Class {name}',
  'lens.enlarged': 'Channel {channel}, enlarged; arrow keys read single values',
  'lens.place': 'row {row}, column {column}: {value}',
  'lens.placeHint': 'point at a cell to read its value',
  'lens.mean': 'mean',
  'lens.zeros': 'share of zeros',
  'lens.value': 'value',
  'lens.sees': 'sees',
  'lens.seesPixels': '{size}×{size} pixels',
  'lens.seesAll': 'the whole picture',
  'lens.weightsName': 'weights of the block',
  'lens.macsName': 'MACs of the block',
  'lens.perPicture': '{time} a picture',
  'lens.keys': 'arrow keys move between blocks and channels',
  'lens.announceRun': '{name}: {share}. {time} on {backend}.',
  'lens.announceBlock': 'Block {name}, {shape}.',
  'lens.storageRefused': 'this browser refused to store the files; the next visit downloads them again',
  'lens.differs': 'The file’s blocks differ from those drawn at build time; the drawing now follows the file.',
  'lens.kept': 'The drawing above is as it was.',
  'lens.keptBytes': '{received} of {total} arrived and is kept.',
  'lens.table.block': 'block',
  'lens.table.tensor': 'tensor',
  'lens.table.operation': 'operation',
  'lens.table.shape': 'output shape',
  'lens.table.weights': 'weights',
  'lens.table.macs': 'MACs',
  'lens.table.state': 'state',
  'lens.tableTop': 'Class and probability',
  'lens.tableTensors': 'Every tensor of the network',
  'lens.finding': 'Early blocks keep where; late blocks keep what.',
  'lens.findingMore': 'From {early} in stage 1 to {late} in stage 4, places are traded for channels. More ink is a larger value, in both themes. Each front face shows one channel of the block’s output.',
} as const;

/** The name of a word or sentence of the interface. */
export type WordKey = keyof typeof words;

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Params<K extends WordKey> = Placeholders<(typeof words)[K]>;
type Args<K extends WordKey> = [Params<K>] extends [never] ? [] : [params: Record<Params<K>, string | number>];

/** Returns a word of the interface with its placeholders filled in. Keys and placeholders are checked by the compiler. */
export function t<K extends WordKey>(key: K, ...[params]: Args<K>): string {
  const text: string = words[key];
  if (!params) return text;
  const values = params as Record<string, string | number>;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
