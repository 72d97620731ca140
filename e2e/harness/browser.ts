import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

export interface RunningBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/**
 * A real Chromium: the one CHROMIUM_PATH names, else the one that ships inside @sparticuz/chromium,
 * which unpacks itself into a private temporary folder.
 */
export async function startBrowser(): Promise<RunningBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-chromium-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = process.env.CHROMIUM_PATH ?? (await packaged.executablePath());
    const browser = await chromium.launch({
      executablePath,
      // Chromium takes its language from here; of `C` it makes a name that Intl refuses.
      env: { ...process.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en_US' },
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return {
      browser,
      async close() {
        await browser.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
