import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceConfig, type GatewayConfig } from '@vigiles/contract';
import { readRunFile } from '../features/gateway/index.ts';
import type { ServiceHooks } from '../features/watchdog/index.ts';
import { freePort } from '../platform/process/index.ts';
import { intactBundle } from './intact-bundle.ts';
import { version } from './version.ts';

/**
 * A young generation of 8 MB is collected rarely enough to be nearly empty by then; with V8's own 16 MB the process is
 * 40 MB larger for 2 % less CPU. Helper threads cost more to wake than they collect: on two busy cores they took 17 % of
 * the pipe's CPU time a turn (`npm run bench -- --only RSS`).
 */
const NODE_FLAGS = ['--max-semi-space-size=8', '--no-parallel-scavenge'];

/**
 * What is larger than 256 KB, a long prompt, gets pages of its own, which go back when it is freed: glibc by itself raises that
 * limit to what was freed last, and then such prompts leave holes among what lives longer. Two heaps are enough for threads
 * that mostly wait (`npm run bench -- --only "RSS over" --soak 30`).
 */
const MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '4194304',
};

const reachable = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;

/** Where clients reach the gateway. */
export const gatewayUrl = (host: string, port: number): string => `http://${reachable(host)}:${port}`;

/**
 * The port the gateway serves on. `0` in the configuration means: the one it had before, so that agents find it again
 * and a restarted one is the same to them; else any free one.
 */
export async function gatewayPort(home: string, config: GatewayConfig): Promise<number> {
  if (config.port !== 0) return config.port;
  return (await readRunFile(home))?.port ?? freePort(config.host);
}

const gatewayEntry = (): string =>
  intactBundle('gateway', 'gateway-main.js') ?? fileURLToPath(new URL('./gateway-main.ts', import.meta.url));

/** The gateway as the first service of the watchdog: looked at every second, so that a frozen one is soon replaced. */
export function gatewayService(
  home: string,
  config: GatewayConfig,
  port: number,
  env: Record<string, string | undefined>,
): ServiceConfig {
  const service = {
    name: 'gateway',
    title: 'Model gateway',
    command: [process.execPath, ...NODE_FLAGS, gatewayEntry(), '--home', home, '--port', String(port)],
    // It resolves `${env:…}` itself, so it gets the environment Vigiles was started with.
    env: {
      ...MALLOC,
      ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
      // A restarted gateway finds its code compiled: that is half of the time until it serves.
      NODE_COMPILE_CACHE: join(home, 'cache', 'node'),
    },
    port,
    checks: [{ type: 'http', url: `${gatewayUrl(config.host, port)}/health`, interval_s: 1, timeout_s: 1.5 }],
    failures_to_down: 3,
    successes_to_up: 2,
    stop_timeout_s: 35,
  };
  // Read once in a start: compiling its schema would take longer than interpreting it.
  return ServiceConfig.parse(service, { jitless: true });
}

/** Adopts a running gateway only when it can answer a challenge with the secret of its run file. */
export function gatewayHooks(home: string): ServiceHooks {
  return {
    async prove({ pid }) {
      const file = await readRunFile(home);
      if (file?.pid !== pid) return false;
      const nonce = randomBytes(16).toString('hex');
      try {
        const response = await fetch(`${gatewayUrl(file.host, file.port)}/health?nonce=${nonce}`, {
          signal: AbortSignal.timeout(2000),
        });
        const { proof } = (await response.json()) as { proof?: unknown };
        const expected = createHmac('sha256', file.secret).update(nonce).digest();
        const given = typeof proof === 'string' ? Buffer.from(proof, 'hex') : Buffer.alloc(0);
        return given.length === expected.length && timingSafeEqual(given, expected);
      } catch {
        return false;
      }
    },
    version: () => version,
  };
}
