// Finds a Chromium for the browser tests; where there is none, gets one. Prints its path, or nothing for Playwright's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser to use: `path`, or `path: null` for the one that Playwright manages; undefined when there is none. */
export async function findBrowser() {
  const wanted = process.env.KUBARIUM_BROWSER;
  if (wanted) return { path: wanted };
  const { chromium } = await import('@playwright/test');
  if (existsSync(chromium.executablePath())) return { path: null };
  const found = places.find((place) => existsSync(place));
  return found ? { path: found } : undefined;
}

const run = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

function fromSystem() {
  if (!existsSync('/etc/debian_version')) return false;
  const root = process.getuid?.() === 0;
  const apt = (...args) => (root ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]));
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium');
}

const fromPlaywright = () => run('npx', ['playwright', 'install', 'chromium']);

/** As `findBrowser`, after trying to install one: on Debian by apt first, elsewhere by Playwright first. */
export async function ensureBrowser() {
  const there = await findBrowser();
  if (there) return there;
  console.log(`no Chromium found on this ${os.platform()} machine, getting one`);
  const ways = existsSync('/etc/debian_version') ? [fromSystem, fromPlaywright] : [fromPlaywright, fromSystem];
  for (const way of ways) {
    way();
    const got = await findBrowser();
    if (got) return got;
  }
  return undefined;
}
