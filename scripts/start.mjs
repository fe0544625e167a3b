// `npm start`: install, build, serve. Works from a fresh clone with any Node from 20.
import { installPackages, runOrExit } from './install.mjs';

installPackages();
runOrExit('node', ['scripts/build.mjs']);
runOrExit('node', ['scripts/serve.ts', 'dist', ...process.argv.slice(2)]);
