// `npm run build`: assets, then the site into dist/. SITE_URL and BASE_PATH say where it will stand.
import { installPackages, runOrExit } from './install.mjs';

installPackages();
runOrExit('node', ['scripts/build-assets.ts']);
runOrExit('astro', ['build', ...process.argv.slice(2)]);
