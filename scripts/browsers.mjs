// Finds a browser for the tests, or installs one from the distribution's packages.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
const WEBKIT = ['/usr/bin/WebKitWebDriver'];

/** Paths of the browsers, as environment variables that the tests read. Installs what is missing where apt-get allows it. */
export function findBrowsers() {
  if (!first(CHROMIUM)) install(['chromium']);
  if (!first(FIREFOX)) install(['firefox-esr']);
  if (!first(WEBKIT)) install(['webkit2gtk-driver']);
  if (!first(['/usr/bin/Xvfb'])) install(['xvfb']);
  const chromium = process.env.CHROMIUM_PATH ?? first(CHROMIUM);
  if (!chromium) {
    console.error(
      'The tests drive a Chromium, and none was found or could be installed.\n' +
        'Install it (Debian, Ubuntu: apt-get install chromium) or set CHROMIUM_PATH to one.',
    );
    process.exit(1);
  }
  return {
    CHROMIUM_PATH: chromium,
    FIREFOX_PATH: process.env.FIREFOX_PATH ?? first(FIREFOX) ?? '',
    WEBKIT_DRIVER_PATH: process.env.WEBKIT_DRIVER_PATH ?? first(WEBKIT) ?? '',
  };
}

const first = (paths) => paths.find((path) => existsSync(path));

let isIndexFresh = false;

function install(packages) {
  if (!existsSync('/usr/bin/apt-get')) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    const { status } = spawnSync(command, rest, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return status === 0;
  };
  console.log(`Installing ${packages.join(', ')} from the distribution's packages …`);
  if (!isIndexFresh) isIndexFresh = apt('update', '-qq');
  if (!apt('install', '-y', '-qq', '--no-install-recommends', ...packages))
    console.log(`${packages.join(', ')} could not be installed.`);
}
