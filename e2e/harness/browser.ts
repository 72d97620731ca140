import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

export interface RunningBrowser {
  browser: Browser;
  close(): Promise<void>;
}

let shared: Promise<Browser> | null = null;
let users = 0;
let leaving: NodeJS.Timeout | undefined;

/** How long a browser waits for the next file that shares its process, ms. */
const lingerMs = 2000;

/**
 * A real Chromium: the one CHROMIUM_PATH names, else the one that ships inside @sparticuz/chromium. Files that share a process share
 * it too, one after another: `close` takes away all pages.
 */
export async function startBrowser(): Promise<RunningBrowser> {
  clearTimeout(leaving);
  users += 1;
  const browser = await (shared ??= launch());
  return {
    browser,
    async close() {
      await Promise.all(browser.contexts().map((context) => context.close()));
      users -= 1;
      if (users > 0) return;
      leaving = setTimeout(() => {
        shared = null;
        void browser.close();
      }, lingerMs);
    },
  };
}

async function launch(): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await packagedChromium()),
    // Chromium takes its language from here; of `C` it makes a name that Intl refuses.
    env: { ...process.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en_US' },
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/**
 * Unpacked once for all tests, beside other caches of the installed modules: 200 MB each time are 2 s of CPU, and as many pages that
 * several browsers cannot share.
 */
async function packagedChromium(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8')) as {
    version: string;
  };
  const folder = resolve('node_modules/.cache', `chromium-${version}`);
  const path = join(folder, 'chromium');
  if (existsSync(path)) return path;
  mkdirSync(dirname(folder), { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  await unpack(own);
  try {
    renameSync(own, folder);
  } catch {
    // Another process was faster.
    rmSync(own, { recursive: true, force: true });
  }
  return path;
}

/** It unpacks itself into what it takes for the folder of temporary files. */
async function unpack(folder: string): Promise<void> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    await packaged.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
