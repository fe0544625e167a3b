// @ts-check
import { existsSync } from 'node:fs';
import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';
import { unified } from '@astrojs/markdown-remark';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import { registryHosts } from './src/engine/registry/models.ts';
import { modelsHome } from './src/engine/registry/read-catalogue.ts';
import { keepClientWords } from './src/site/content/client-words.ts';
import { codeBlocks } from './src/site/content/code-blocks.ts';
import { keepPunctuation } from './src/site/content/keep-punctuation.ts';
import { keepUnits } from './src/site/content/keep-units.ts';
import { dropFormulaSources, katexOptions, refuseBrokenFormulas } from './src/site/content/mathematics.ts';
import { buildSidebar } from './src/site/content/sidebar.ts';
import { wrapTables } from './src/site/content/tables.ts';
import { isolationWorker } from './src/site/isolation/integration.ts';
import { contentPolicy } from './src/site/policy/integration.ts';
import { searchIndex } from './src/site/search/index-site.ts';
import { socialPictures } from './src/site/social/integration.ts';
import { t } from './src/site/strings.ts';
import { stillD3 } from './src/figures/kit/still-d3.ts';

// Where the site will stand. All three come from the environment, so that one repository serves any host:
//   SITE_URL=https://somebody.example BASE_PATH=/course SOURCE_URL=https://somewhere.example/thaw npm run build
const site = process.env.SITE_URL || 'https://example.org';
const base = process.env.BASE_PATH || '/';

const chrome = './src/site/chrome';
const nothing = `${chrome}/Nothing.astro`;

/** In the order of the cascade. */
const styleSheets = [
  'dark',
  'tokens',
  'base',
  'starlight',
  'page-frame',
  'contents',
  'prose',
  'terms',
  'plates',
  'controls',
  'figure',
  'figure-marks',
  'later',
  'print',
];

export default defineConfig({
  site,
  base,
  trailingSlash: 'always',
  build: { inlineStylesheets: 'never' },
  markdown: {
    processor: unified({
      remarkPlugins: [remarkMath],
      rehypePlugins: [
        [rehypeKatex, katexOptions],
        refuseBrokenFormulas,
        dropFormulaSources,
        keepUnits,
        keepPunctuation,
        wrapTables,
      ],
    }),
  },
  vite: {
    // The runtime's WebAssembly is not bundled: the worker unpacks it from public/generated/ort. Setting conditions
    // replaces Vite's own, so they are listed again.
    resolve: {
      conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
    },
    optimizeDeps: { exclude: ['onnxruntime-web'] },
    worker: { format: 'es' },
    plugins: [keepClientWords(), stillD3()],
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
      expressiveCode: codeBlocks,
      customCss: styleSheets.map((name) => `./src/site/styles/${name}.css`),
      components: {
        Header: `${chrome}/Header.astro`,
        SiteTitle: `${chrome}/SiteTitle.astro`,
        Search: existsSync('src/site/search/Search.astro') ? './src/site/search/Search.astro' : nothing,
        ThemeProvider: `${chrome}/ThemeProvider.astro`,
        MobileMenuToggle: `${chrome}/MenuButton.astro`,
        Sidebar: `${chrome}/Sidebar.astro`,
        PageTitle: `${chrome}/PageTitle.astro`,
        MarkdownContent: `${chrome}/MarkdownContent.astro`,
        Footer: `${chrome}/Footer.astro`,
        TableOfContents: `${chrome}/TableOfContents.astro`,
        MobileTableOfContents: `${chrome}/MobileTableOfContents.astro`,
        // What Starlight offers and this site does without
        Banner: nothing,
        DraftContentNotice: nothing,
        FallbackContentNotice: nothing,
        Hero: nothing,
      },
    }),
    searchIndex(),
    socialPictures(),
    isolationWorker(),
    // Last: whatever changed a page behind it would change the hashes that its policy lists
    contentPolicy({ hosts: registryHosts(modelsHome()) }),
  ],
});
