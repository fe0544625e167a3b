/* eslint-disable max-lines -- a table of words, nothing else */
/**
 * Every word of the interface, grouped by area, so that a translation is one other table.
 * Placeholders stand in braces: `{count}`. Use only ` ` (U+202F) before a per cent sign and inside numbers.
 */
const words = {
  // ── Site ──────────────────────────────────────────────────────────────
  'site.title': 'Thaw',
  'site.description':
    'A visual course on transfer learning: run a real network on your own picture in the page, freeze one part, thaw another, and read what would move.',

  // ── Navigation ────────────────────────────────────────────────────────
  'nav.course': 'The course',
  'nav.reference': 'Reference',
  'nav.glossary': 'Glossary',
  'nav.bibliography': 'Bibliography',
  'nav.models': 'Model cards',
  'nav.credits': 'Credits',
  'nav.settings': 'Settings',
  'nav.source': 'Source',
  'nav.site': 'Site',
  'nav.menu': 'Chapters',
  'nav.contents': 'On this page',
  'nav.skip': 'Skip to content',
  'theme.toggle': 'Dark theme',
  'pagination.label': 'Chapters',
  'pagination.previous': 'Previous',
  'pagination.next': 'Next',

  // ── Landing page and course overview ──────────────────────────────────
  'landing.title': 'Melt a network. Teach it something new.',
  'landing.title.first': 'Melt a network.',
  'landing.title.second': 'Teach it something new.',
  'landing.promise':
    'Thaw is a visual course on transfer learning in which every claim is an experiment: run a real network on your own picture in this page, freeze one part, thaw another, and read what would move.',
  'landing.start': 'Start reading',
  'landing.try': 'Try it on your picture',
  'landing.chapters': 'Eight chapters, each one an experiment',
  'landing.soon': 'in preparation',
  'landing.minutes': '{minutes} minutes',
  'landing.private.head': 'Nothing leaves your machine.',
  'landing.private': 'Networks run in this tab. Pictures are never sent anywhere.',
  'landing.honest.head': 'Nothing is invented.',
  'landing.honest':
    'A number in a figure was computed in the page, or stands in a model card with the command that made it.',
  'landing.plain.head': 'Reads without scripts.',
  'landing.plain':
    'Prose, mathematics, code and the first frame of every figure are there before any network loads.',
  'course.lead':
    'Each chapter asks one question, lets you run the experiment that answers it, and then explains what you saw.',
  'course.1.title': 'The idea',
  'course.1.about':
    'What a domain and a task are, and why a network that has learnt to look at some pictures can be asked about others.',
  'course.2.title': 'Why',
  'course.2.about':
    'A race on one, five and twenty examples a class. Three ways to train, timed on your machine.',
  'course.3.title': 'Approaches',
  'course.3.about': 'Frozen or trainable, layer by layer: what each choice costs, and what it can learn.',
  'course.4.title': 'Models',
  'course.4.about': 'VGG, ResNet, Inception, BERT and GPT, drawn from their own files and run on your input.',
  'course.5.title': 'Challenges',
  'course.5.about': 'Find a pair of tasks where transfer hurts, and the learning rate that saves another.',
  'course.6.title': 'Applications',
  'course.6.about': 'Few scans, few reviews, a new robot arm: count the patients missed and the hours saved.',
  'course.7.title': 'Teach it yourself',
  'course.7.about':
    'Your classes, your pictures, an honest test set. Take the trained network home as a file.',
  'course.8.title': 'PyTorch for NLP',
  'course.8.about': 'LongTensor to logits in eight editable cells, each tensor drawn with its axes.',

  // ── Chapters and their parts ──────────────────────────────────────────
  'chapter.number': 'Chapter {number}',
  'chapter.minutes': '{minutes} minutes',
  'chapter.uses': 'uses {models}',
  'chapter.needs': 'Before you read',
  'exercise.title': 'Exercise {number}',
  'exercise.kind.check': 'check what you read',
  'exercise.kind.compute': 'compute',
  'exercise.kind.think': 'think',
  'exercise.done': 'done',
  'exercise.answer': 'Show the answer',
  'equation.title': 'Equation {number}',
  'code.copy': 'Copy',
  'code.copied': 'Copied',
  'code.frozen': 'frozen',
  'code.trainable': 'trainable',

  // ── Reference pages ───────────────────────────────────────────────────
  'glossary.lead': 'The words of this course, each in a sentence or two.',
  'glossary.filter': 'Show terms with',
  'glossary.count': '{count} of {total} terms',
  'glossary.none': 'No term matches. Clear the field to see all.',
  'glossary.aliases': 'also: {names}',
  'glossary.see': 'See',
  'glossary.cites': 'Sources',
  'bibliography.lead': 'The works that the course cites, with what each of them shows.',
  'bibliography.citedIn': 'Cited in',
  'bibliography.checked': 'checked {day}',
  'models.lead':
    'Every network that the figures run, with its data, its measurements and the command that made it.',
  'models.none':
    'No network is in this copy of the site. Run a recipe in training/, which writes one into public/models/.',
  'models.name': 'network',
  'models.parameters': 'parameters',
  'models.macs': 'MACs a picture',
  'models.size': 'download',
  'models.classes': 'classes',
  'models.licence': 'licence',
  'models.trainedOn': 'trained on',
  'models.recipe': 'recipe',
  'models.version': 'version',
  'models.measured': 'Measured',
  'models.measure': 'measure',
  'models.value': 'value',
  'models.split': 'on',
  'models.command': 'with',
  'models.card': 'Read its model card',
  'credits.lead':
    'What this site is made of, and by whom. All of it is served from here; nothing is fetched from anybody else.',
  'credits.ours.head': 'The course',
  'credits.ours':
    'Code is under the MIT licence; text and drawings are under CC BY 4.0. Networks are ours, trained by the recipes in training/.',
  'credits.fonts': 'Fonts',
  'credits.icons': 'Pictures',
  'credits.icons.about':
    'The pictures of the galleries are emoji of open icon sets, rendered to 64 by 64 pixels.',
  'credits.runtime': 'Runtime',
  'credits.packages': 'Other packages',
  'credits.packages.about': 'Parts of these packages are in the pages that you read.',
  'credits.package': 'package',
  'credits.version': 'version',
  'credits.licence': 'licence',
  'credits.by': 'by',
  'credits.texts': 'All licences in full, as one text file',
  'credits.missing': 'The list of licences is made by the build: run npm run build.',

  // ── Settings ──────────────────────────────────────────────────────────
  'settings.lead': 'Three choices. All of them stay in this browser.',
  'settings.noscript':
    'Settings need JavaScript. Without it the site follows your system: its theme, its contrast, its motion.',
  'settings.theme': 'Theme',
  'settings.theme.system': 'As the system',
  'settings.theme.light': 'Light',
  'settings.theme.dark': 'Dark',
  'settings.keys': 'Keys',
  'settings.keys.search': 'Open search with / and Ctrl K',
  'settings.keys.about':
    'Off, these keys do what your browser does with them. They never act while you type in a field.',
  'settings.stored': 'What is stored',
  'settings.stored.about': 'Nothing is sent anywhere. These entries are in this browser, on this machine.',
  'settings.stored.what': 'entry',
  'settings.stored.now': 'now',
  'settings.stored.theme': 'Theme that you chose',
  'settings.stored.keys': 'Search keys switched off',
  'settings.stored.exercises': 'Exercises that you ticked',
  'settings.stored.models': 'Networks that you downloaded',
  'settings.stored.nothing': 'nothing',
  'settings.stored.refused':
    'This browser refuses to store anything for this site. Everything works; choices last until you leave the page.',
  'settings.erase': 'Erase all of it',
  'settings.erased': 'Erased. Nothing is stored any more.',

  // ── Page not found ────────────────────────────────────────────────────
  'notFound.title': 'There is no such page',
  'notFound.lead': 'The address may have been mistyped, or the page has moved.',
  'notFound.search': 'Search the course',
  'notFound.chapters': 'Or go on with a chapter',

  // ── Search ────────────────────────────────────────────────────────────
  'search.open': 'Search',
  'search.label': 'Search the course',
  'search.placeholder': 'A word, a question, a name in code',
  'search.close': 'Close',
  'search.allPages': 'All pages',
  'search.allPages.lead':
    'Every page of this site, for readers without scripts and for whoever prefers a list to a search.',
  'search.empty': 'Finds text, captions, exercises with their answers, terms, works and code.',
  'search.loading': 'Opening the index.',
  'search.failed':
    'The search index could not be read. Check the connection and type again, or go through the list of all pages.',
  'search.none': 'Nothing found for “{query}”.',
  'search.count': '{count} sections found for “{query}”.',
  'search.suggest': 'Did you mean',
  'search.advice': 'Try fewer or more general words.',
  'search.hint.move': 'move',
  'search.hint.open': 'open',
  'search.hint.close': 'close',

  // ── Shared links ──────────────────────────────────────────────────────
  'social.promise': 'Melt a network.\nTeach it something new.',
  'social.chapter': 'Chapter {number}',
  'social.pictureOf': '{title}: a backbone of blocks, frozen ones in ice, trainable ones in ember.',

  // ── Figures: shared ───────────────────────────────────────────────────
  'figure.number': 'Figure {number}',
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
  'figure.noScript':
    'This drawing was computed when the page was built. With JavaScript on, the network runs here.',
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
  'lens.likeliest': 'Five likeliest',
  'lens.ofClasses': 'of {count} classes',
  'lens.inside': 'Inside {name}',
  'lens.insideHint': 'in running order, from the file',
  'lens.weights': '{count} weights',
  'lens.macs': '{count} MACs',
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
  'lens.mapsAbsent':
    'Run the network to see what this block makes of the picture. Shape, weights and MACs are known from the file.',
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
  'lens.differs':
    'The file’s blocks differ from those drawn at build time; the drawing now follows the file.',
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
  'lens.findingMore':
    'From {early} in stage 1 to {late} in stage 4, places are traded for channels. More ink is a larger value, in both themes. Each front face shows one channel of the block’s output.',
  'lens.unexpected': 'Something went wrong while the network ran.',
  'lens.unexpectedAdvice': 'Try again; if it happens again, reload the page.',
  'progress.asking': 'Looking at what is stored already.',

  // ── Backbone on the landing page ──────────────────────────────────────
  'backbone.title': 'The backbone melts',
  'backbone.ask': 'How much of a network has to move to learn something new?',
  'backbone.line': 'Thaw line',
  'backbone.lineHint': 'drag it, or use the arrow keys',
  'backbone.lineValue': 'trainable from {first} up: {move} weights move, {stay} stay',
  'backbone.stay': 'frozen: {count} weights stay',
  'backbone.move': 'trainable: {count} weights move',
  'backbone.picture': 'picture',
  'backbone.none': 'none',
  'backbone.finding': 'Stage 4 and the head hold {move} of the weights; everything before them holds {stay}.',
  'backbone.findingMore':
    'Ice would stay as it was learnt; ember would move if the network were trained from the line up. Each front face shows one channel of the block’s output; faces shrink and depths grow as places are traded for channels.',

  // ── Diagrams ──────────────────────────────────────────────────────────
  'diagram.domains-and-tasks':
    'Source and target differ in their inputs, in how often each input occurs, in their labels, or in the rule from inputs to labels; the backbone is carried from one to the other.',
  'diagram.domains.source': 'source',
  'diagram.domains.target': 'target',
  'diagram.domains.backbone': 'backbone',
  'diagram.domains.carried': 'carried over',
  'diagram.domains.inputs': 'inputs',
  'diagram.domains.inputs.sign': '𝒳',
  'diagram.domains.often': 'how often',
  'diagram.domains.often.sign': 'P(X)',
  'diagram.domains.labels': 'labels',
  'diagram.domains.labels.sign': '𝒴',
  'diagram.domains.rule': 'rule',
  'diagram.domains.rule.sign': 'P(Y|X)',
  'diagram.domains.threeChannels': '3 channels',
  'diagram.domains.oneChannel': '1 channel',
  'diagram.domains.sourceNames': 'dog,bus,chair,plate,beetle,ship',
  'diagram.domains.targetNames': 'morel,russula,bolete',
  'diagram.three-approaches':
    'A feature extractor trains the head alone; fine-tuning and training from scratch train every block, from learnt and from random weights.',
  'diagram.three.feature-extractor': 'only the head moves',
  'diagram.three.fine-tuning': 'from learnt weights',
  'diagram.three.from-scratch': 'from random weights',
  'diagram.three.trainable': 'trainable',
  'diagram.backward-pass':
    'The gradient runs from the loss down to stage 3, the lowest trainable part; it crosses the frozen stage 4 without changing it, and nothing below stage 3 is computed.',
  'diagram.backward.forward': 'forward',
  'diagram.backward.stage': 'stage {name}',
  'diagram.backward.loss': 'loss',
  'diagram.backward.gradient': 'gradient',
  'diagram.backward.passes': 'passes through',
  'diagram.backward.nothing': 'no gradient here',
  'diagram.backward.stops': 'It stops at the lowest trainable block.',
  'diagram.learning-rates':
    'Three schedules: the same rate in all six groups; a rate divided by 2.6 from each group to the one below; and groups that thaw one epoch after the other, head first.',
  'diagram.rates.one': 'one rate',
  'diagram.rates.falling': 'falling rates',
  'diagram.rates.fallingNote': '÷ 2.6 a group',
  'diagram.rates.gradual': 'thawing in turn',
  'diagram.rates.epoch': 'epoch {number}',
  'diagram.batchnorm-modes':
    'In training mode the statistics of the batch normalise and the running ones are updated; in evaluation mode the running ones normalise and nothing is updated. Scale and shift have a switch of their own.',
  'diagram.norm.training': 'training mode',
  'diagram.norm.evaluation': 'evaluation mode',
  'diagram.norm.batch': 'a batch of activations',
  'diagram.norm.ofBatch': 'of this batch',
  'diagram.norm.running': 'running',
  'diagram.norm.statistics': 'mean, spread',
  'diagram.norm.updated': 'a little updated',
  'diagram.norm.ignored': 'not looked at',
  'diagram.norm.normalise': 'subtract mean, divide by spread',
  'diagram.norm.scale': 'scale γ, shift β: weights of their own',
  'figure.status.starting': 'starting',
  'lens.codeLost': 'The code that runs the network could not be fetched.',
  'lens.codeLostAdvice': 'Check the connection and try again; if the site has just changed, reload the page.',
} as const;

/** The name of a word or sentence of the interface. */
export type WordKey = keyof typeof words;

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type Params<K extends WordKey> = Placeholders<(typeof words)[K]>;
type Args<K extends WordKey> = [Params<K>] extends [never]
  ? []
  : [params: Record<Params<K>, string | number>];

/** Returns a word of the interface with its placeholders filled in. Keys and placeholders are checked by the compiler. */
export function t<K extends WordKey>(key: K, ...[params]: Args<K>): string {
  const text: string = words[key];
  if (!params) return text;
  const values = params as Record<string, string | number>;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
