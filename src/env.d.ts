/// <reference types="astro/client" />

/** For tools that do not read Astro components (tsc, the linter's type service); `astro check` sees the real ones. */
declare module '*.astro' {
  const component: import('astro/runtime/server/index.js').AstroComponentFactory;
  export default component;
}
