/// <reference types="astro/client" />

/** For tools that do not read Astro components (tsc, the linter's type service); `astro check` sees the real ones. */
declare module '*.astro' {
  const component: import('astro/runtime/server/index.js').AstroComponentFactory;
  export default component;
}

/** The component that overrides Starlight's search, under the name by which Starlight asks for it. */
declare module 'virtual:starlight/components/Search' {
  const component: import('astro/runtime/server/index.js').AstroComponentFactory;
  export default component;
}
