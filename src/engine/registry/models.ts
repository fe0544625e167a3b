/** A network that the site knows: where its manifest lies below the site's base. */
export interface RegistryEntry {
  id: string;
  manifestPath: string;
  /** Full addresses of files that the public home keeps elsewhere than beside the weights, by their name in the manifest. */
  elsewhere?: Readonly<Record<string, string>>;
}

/** Every network of the site. Adding one is a line here plus its folder in public/models/. */
export const MODELS: readonly RegistryEntry[] = [
  { id: 'resnet-mixed', manifestPath: 'models/resnet-mixed/manifest.json' },
  { id: 'resnet-photos', manifestPath: 'models/resnet-photos/manifest.json' },
  { id: 'resnet-emoji', manifestPath: 'models/resnet-emoji/manifest.json' },
  { id: 'vgg-mixed', manifestPath: 'models/vgg-mixed/manifest.json' },
  { id: 'inception-mixed', manifestPath: 'models/inception-mixed/manifest.json' },
  { id: 'bert-mini', manifestPath: 'models/bert-mini/manifest.json' },
  { id: 'gpt-mini', manifestPath: 'models/gpt-mini/manifest.json' },
  { id: 'sentiment-mini', manifestPath: 'models/sentiment-mini/manifest.json' },
];

/**
 * Published networks of full size, as the ONNX Model Zoo has them. Manifests and labels are the site's; the weights come from
 * their home when a reader asks for them, or lie beside the manifest after `npm run models:mirror`.
 */
export const FULL_SIZE_MODELS: readonly RegistryEntry[] = [
  { id: 'mobilenetv2-12-int8', manifestPath: 'full-size/mobilenetv2-12-int8/manifest.json' },
  { id: 'resnet50-v1-12-int8', manifestPath: 'full-size/resnet50-v1-12-int8/manifest.json' },
  { id: 'resnet18-v1-7', manifestPath: 'full-size/resnet18-v1-7/manifest.json' },
  {
    id: 'bertsquad-12-int8',
    manifestPath: 'full-size/bertsquad-12-int8/manifest.json',
    // The ONNX Model Zoo refers to BERT's own release for the vocabulary
    elsewhere: { 'vocab.txt': 'https://huggingface.co/google-bert/bert-base-uncased/resolve/main/vocab.txt' },
  },
];

/** Where the weights of full-size networks lie: {id} and {file} stand for the network and its file. */
export const MODELS_HOME = 'https://huggingface.co/onnxmodelzoo/{id}/resolve/main/{file}';

/** Where hosts send those who ask them for a file. Hugging Face names its own in /.well-known/meta.json. */
const REDIRECTS: Readonly<Record<string, readonly string[]>> = {
  'https://huggingface.co': ['https://*.hf.co'],
};

/** The address of a file of this full-size network: at the home, except for what the public home keeps elsewhere. */
export function addressOf({ id, elsewhere }: RegistryEntry, home: string, file: string): string {
  return (home === MODELS_HOME ? elsewhere?.[file] : undefined) ?? addressAt(home, id, file);
}

/** The address of a full-size network's file. A home without {file} is a folder with one folder for each network. */
export function addressAt(home: string, id: string, file: string): string {
  const template = home.includes('{file}') ? home : `${home.replace(/\/$/, '')}/{id}/{file}`;
  return template.replaceAll('{id}', id).replaceAll('{file}', file);
}

/**
 * Origins outside the site that model files may come from, redirects included: the content policy's `connect-src` is made
 * from them. `home` as MODELS_HOME; throws a TypeError if it is no full address.
 */
export function registryHosts(home = MODELS_HOME): readonly string[] {
  const { origin } = new URL(home);
  return [origin, ...(REDIRECTS[origin] ?? [])];
}
