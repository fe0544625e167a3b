/** Runs for every page: puts fonts, icons and the data of a shared link into its head. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { readFontList, writeFontHead } from '../fonts/head.ts';
import { writeSocialHead } from './head.ts';

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  const base = import.meta.env.BASE_URL;
  const { title, description } = route.entry.data;
  route.head = [
    ...route.head,
    ...writeFontHead(readFontList(), base),
    ...writeSocialHead({ site: context.site, base, path: context.url.pathname, title, description }),
  ];
});
