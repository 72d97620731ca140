import { platform } from 'node:os';
import { runProbe } from '../../../platform/process/index.ts';
import { defineCheck } from './define-check.ts';
import { cannotTell, noAnswer, unhealthy } from './failed-look.ts';
import { tooSlow } from './too-slow.ts';

/** What `ping` says of troubles that are ours. */
const ours = /not permitted|permission denied|network is unreachable|temporary failure in name resolution/i;

/** Round-trip times in milliseconds, as every `ping` prints them: `time=0.045 ms`, `time<1 ms`. */
const timesIn = (text: string): number[] =>
  [...text.matchAll(/\btime[=<]([\d.]+) ?ms/g)].map(([, time]) => Number(time)).filter(Number.isFinite);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export const check = defineCheck({
  type: 'ping',
  title: 'Ping',
  target: (config) => config.host,
  remoteHost: (config) => (/^(localhost|127\.|::1$)/.test(config.host) ? null : config.host),
  localPort: () => null,
  prepare(config, { baseEnv }) {
    const wait =
      platform() === 'darwin' ? config.timeout_s * 1000 : Math.max(1, Math.floor(config.timeout_s));
    // Requests follow each other quickly: all of them have to fit into the time.
    const pace = config.count > 1 ? ['-i', '0.2'] : [];
    const command = ['ping', '-n', '-c', String(config.count), '-W', String(wait), ...pace, config.host];
    const env = { ...baseEnv, LC_ALL: 'C' };
    return {
      async look({ signal }) {
        const end = await runProbe({ command, env, signal });
        if (end.error?.code === 'ENOENT')
          return cannotTell('there is no program `ping` on this machine (Debian: iputils-ping)');
        if (end.error) return cannotTell(`ping cannot be run: ${end.error.code ?? end.error.message}`);
        const times = timesIn(end.stdout);
        const best = Math.min(...times);
        if (times.length > 0) {
          const facts = { rtt_ms: rounded(best), lost_percent: lost(times.length, config.count) };
          return tooSlow(config, best) ?? { ok: true, latencyMs: best, facts };
        }
        const said = `${end.stderr} ${end.stdout}`.trim();
        if (ours.test(said)) return cannotTell(said.split('\n')[0] ?? 'ping failed');
        if (end.aborted || end.code === 1) return noAnswer({ lost_percent: 100 });
        return unhealthy(end.stderr.trim().split('\n')[0] || `ping ended with code ${end.code}`);
      },
    };
  },
});

const lost = (answers: number, sent: number): number => Math.round(100 * (1 - Math.min(1, answers / sent)));
