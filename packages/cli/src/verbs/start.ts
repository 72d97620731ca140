import { flushCompileCache } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Service, Status } from '@vigiles/contract';
import { createApi, type Api } from '../client/api.ts';
import { listServices } from '../client/resources.ts';
import { homeOf } from '../home.ts';
import { launchControl } from '../launcher/control.ts';
import { dim } from '../output/style.ts';
import { note, say } from '../output/print.ts';
import { goOnUnread } from '../output/unread.ts';

export interface StartOptions {
  home?: string;
  host?: string;
  port?: number;
  debug?: boolean;
  interactive: boolean;
}

/** What was compiled is kept so long after the first answer: Node alone keeps it only at an exit in order. */
const keepCompiledMs = 1000;

/** Longest time to drain; a stream that is still open then is cut. */
const patienceMs = 40_000;

const isSet = (value: string | undefined) =>
  value !== undefined && !['', '0', 'false', 'no'].includes(value.toLowerCase());

const wantsConsole = ({ interactive }: StartOptions): boolean =>
  interactive && !isSet(process.env['VIGILES_NO_INTERACTIVE']) && process.stdin.isTTY && process.stdout.isTTY;

/** One press of Ctrl-C comes twice where a terminal and npm both tell of it. */
const sameSignalMs = 500;

/** Aborted by the first SIGTERM, SIGINT or a lost terminal; a later SIGTERM or SIGINT leaves at once, a terminal is lost once. */
function untilSignal(): AbortSignal {
  const ending = new AbortController();
  let since = 0;
  const end = () => {
    if (!ending.signal.aborted) since = performance.now();
    ending.abort();
  };
  const insist = () => {
    if (ending.signal.aborted && performance.now() - since > sameSignalMs) process.exit(1);
    end();
  };
  process.on('SIGHUP', end);
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, insist);
  return ending.signal;
}

/** The services, once each has been looked at; the banner does not wait longer than this for it. */
const firstLooksMs = 2000;

async function settledServices(api: Api, signal: AbortSignal): Promise<Service[]> {
  const deadline = performance.now() + firstLooksMs;
  for (;;) {
    const services = await listServices(api);
    const open = services.some(({ state }) => state === 'UNKNOWN');
    if (!open || performance.now() > deadline || signal.aborted) return services;
    await delay(100);
  }
}

async function showConsole(api: Api, home: string, link: string, signal: AbortSignal): Promise<void> {
  const [{ banner }, { runConsole }] = await Promise.all([
    import('../console/banner.ts'),
    import('../console/console.ts'),
  ]);
  const services = await settledServices(api, signal);
  const status = await api.get<Status>('/api/v1/status');
  say(banner({ status, services, signInLink: link, width: process.stdout.columns || 100 }));
  const { stdin: input, stdout: output } = process;
  await runConsole({ api, home, input, output, afterSeq: status.events.head_seq, signal });
}

/** `vigiles start`: control in this process; it starts and watches the gateway. */
export async function start(options: StartOptions): Promise<void> {
  const home = homeOf(options.home);
  const interactive = wantsConsole(options);
  const signal = untilSignal();
  goOnUnread();
  const { host, port, debug } = options;
  const echo = !interactive && debug ? (line: string) => process.stderr.write(line) : undefined;
  const served = await launchControl({
    home,
    env: process.env,
    host,
    port,
    debug,
    ...(echo ? { echo } : {}),
  });
  setTimeout(flushCompileCache, keepCompiledMs).unref();
  try {
    const link = await served.signInLink();
    if (interactive) await showConsole(createApi(served.url, served.token, home), home, link, signal);
    else {
      say(`Vigiles is running: ${served.url}`);
      say(`Sign in (once, within ten minutes): ${link}`);
      if (!signal.aborted)
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
    }
  } finally {
    note(dim('Stopping: finishing what runs …'));
    const late = setTimeout(() => {
      note('It took too long; leaving now.');
      process.exit(1);
    }, patienceMs);
    late.unref();
    await served.stop();
    clearTimeout(late);
    note(dim('Vigiles has stopped.'));
  }
  // What libraries left open must not keep the terminal waiting.
  process.exit(0);
}
