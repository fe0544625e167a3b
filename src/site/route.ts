/** Runs for every page of the course: hands prose components and figures to MDX, so that prose needs no imports. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import { prose } from './prose/index.ts';

type Components = Record<string, AstroComponentFactory>;

// The registry of figures, where it exists: `export const figures = { ResnetLens, … }`
const registries = import.meta.glob<{ figures: Components }>('../figures/index.ts', { eager: true });
const figures = Object.assign({}, ...Object.values(registries).map((module) => module.figures)) as Components;
const components: Components = { ...prose, ...figures };

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  if (route.Content) route.Content = handComponents(route.Content as unknown as AstroComponentFactory) as unknown as typeof route.Content;
});

/** Returns the same component with `components` passed in. Astro keeps facts about a component on the function: copy them. */
function handComponents(Inner: AstroComponentFactory): AstroComponentFactory {
  const wrapped: AstroComponentFactory = (result, props, slots) =>
    Inner(result, { ...props, components: { ...components, ...(props as { components?: Components } | undefined)?.components } }, slots);
  return Object.assign(wrapped, Inner, Object.fromEntries(Object.getOwnPropertySymbols(Inner).map((key) => [key, Reflect.get(Inner, key) as unknown])));
}
