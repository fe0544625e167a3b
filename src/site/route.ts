/**
 * Runs for every page of the course: hands prose components and figures to MDX, so that prose needs no imports,
 * and stops the build at a tag that nobody knows.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import { unknownName } from './content/mistake.ts';
import { placeOf, tagsOf, type RenderedPage } from './content/page-source.ts';
import { figures, type Components } from './figures.ts';
import { prose } from './prose/index.ts';

const components: Components = { ...prose, ...figures };

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  if (!route.Content) return;
  refuseUnknownTags(context.locals);
  route.Content = handComponents(route.Content);
});

function refuseUnknownTags(page: RenderedPage): void {
  for (const { name, text } of tagsOf(page))
    if (!(name in components))
      throw unknownName({
        what: 'figure or tag',
        written: name,
        tag: text,
        known: Object.keys(components).filter((tag) => /^[A-Z]/.test(tag)),
        where: placeOf(page, (tag) => tag.name === name),
        advice: 'Figures are listed in src/figures/index.ts, tags of prose in src/site/prose/index.ts.',
      });
}

/** Returns the same component with `components` passed in. Astro keeps facts about a component on the function: copy them all. */
function handComponents(Inner: AstroComponentFactory): AstroComponentFactory {
  const wrapped: AstroComponentFactory = (result, props, slots): ReturnType<AstroComponentFactory> =>
    Inner(
      result,
      {
        ...props,
        components: { ...components, ...(props as { components?: Components } | undefined)?.components },
      },
      slots,
    );
  const symbols = Object.getOwnPropertySymbols(Inner).map(
    (key) => [key, Reflect.get(Inner, key) as unknown] as const,
  );
  for (const [key, value] of [...Object.entries(Inner), ...symbols]) Reflect.set(wrapped, key, value);
  return wrapped;
}
