// @ts-check
import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';
import { unified } from '@astrojs/markdown-remark';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import { registryHosts } from './src/engine/registry/models.ts';
import { katexOptions, refuseBrokenFormulas } from './src/site/content/mathematics.ts';
import { isolationWorker } from './src/site/isolation/integration.ts';
import { contentPolicy } from './src/site/policy/integration.ts';
import { socialPictures } from './src/site/social/integration.ts';
import { buildSidebar } from './src/site/content/sidebar.ts';
import { t } from './src/site/strings.ts';

// Where the site will stand. Both come from the environment, so that one repository serves any host:
//   SITE_URL=https://somebody.example BASE_PATH=/course npm run build
const site = process.env.SITE_URL ?? 'https://example.org';
const base = process.env.BASE_PATH ?? '/';

export default defineConfig({
  site,
  base,
  trailingSlash: 'always',
  markdown: {
    processor: unified({
      remarkPlugins: [remarkMath],
      rehypePlugins: [[rehypeKatex, katexOptions], refuseBrokenFormulas],
    }),
  },
  integrations: [
    starlight({
      title: t('site.title'),
      description: t('site.description'),
      titleDelimiter: '·',
      disable404Route: true,
      // Our own search stands in src/site/search
      pagefind: false,
      sidebar: buildSidebar('content'),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      markdown: { processedDirs: ['content'] },
      routeMiddleware: ['./src/site/route.ts', './src/site/social/route.ts'],
      customCss: ['./src/site/styles/tokens.css'],
    }),
    socialPictures(),
    isolationWorker(),
    // Last: whatever changed a page behind it would change the hashes that its policy lists
    contentPolicy({ hosts: registryHosts() }),
  ],
});
