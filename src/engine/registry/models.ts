/** A network that the site knows: where its manifest lies below the site's base. */
export interface RegistryEntry {
  id: string;
  manifestPath: string;
}

/** Every network of the site. Adding one is a line here plus its folder in public/models/. */
export const MODELS: readonly RegistryEntry[] = [
  { id: 'resnet-mixed', manifestPath: 'models/resnet-mixed/manifest.json' },
];

/**
 * Origins outside the site that model files may come from, redirects included. The content policy's `connect-src`
 * is made from this list; it is empty as long as every network is bundled.
 */
export function registryHosts(): readonly string[] {
  return EXTERNAL_HOSTS;
}

const EXTERNAL_HOSTS: readonly string[] = [];
