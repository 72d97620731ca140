import { userInfo } from 'node:os';
import type { CheckFacts } from '@vigiles/contract';
import { identify, runProbe } from '../../../platform/process/index.ts';
import { defineCheck, local, type ConfigOf, type Look } from './define-check.ts';
import { cannotTell, noAnswer, unhealthy } from './failed-look.ts';

/** Properties of a unit, org.freedesktop.systemd1(5). */
const asked = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'MainPID',
  'NRestarts',
  'ExecMainStatus',
  'MemoryCurrent',
  'ActiveEnterTimestampMonotonic',
];

/** `Key=value` lines. */
const propertiesOf = (text: string): Map<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );

const megabyte = 1_048_576;

function judge(unit: Map<string, string>, config: ConfigOf<'systemd'>, latencyMs: number): Look {
  const of = (name: string) => unit.get(name) ?? '';
  const active = of('ActiveState');
  const memory = Number(of('MemoryCurrent'));
  const facts: CheckFacts = {
    active,
    sub: of('SubState'),
    restarts: Number(of('NRestarts') || 0),
    ...(of('MemoryCurrent') !== '' && Number.isFinite(memory) && memory < 2 ** 60
      ? { memory_mb: Math.round((memory / megabyte) * 10) / 10 }
      : {}),
  };
  if (of('LoadState') === 'not-found') return unhealthy('there is no such unit');
  if (of('LoadState') === 'masked') return unhealthy('the unit is masked', facts);
  const pid = Number(of('MainPID'));
  const result = of('Result');
  const why = result !== '' && result !== 'success' ? ` (${result}, status ${of('ExecMainStatus')})` : '';
  const accepted = config.accept.some((state) => state === active);
  // A job that failed rests as “failed”; one whose last run failed may already be waiting for the next.
  if (!accepted || (active === 'inactive' && why !== '')) {
    const reason = `it is ${active || 'in no state'}${of('SubState') === active ? '' : `, ${of('SubState')}`}${why}`;
    return unhealthy(reason, facts);
  }
  const identity = pid > 0 ? identify(pid) : null;
  return {
    ok: true,
    latencyMs,
    facts: pid > 0 ? { ...facts, pid } : facts,
    ...(identity ? { identity } : {}),
  };
}

export const check = defineCheck({
  type: 'systemd',
  title: 'systemd unit',
  target: (config) => (config.user ? `${config.unit} (user)` : config.unit),
  ...local,
  prepare(config, { baseEnv, clock }) {
    const manager = config.user ? '--user' : '--system';
    const command = ['systemctl', manager, 'show', `--property=${asked.join(',')}`, '--', config.unit];
    const runtime = config.user ? { XDG_RUNTIME_DIR: `/run/user/${userInfo().uid}` } : {};
    const env = { ...runtime, ...baseEnv, LC_ALL: 'C', SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0' };
    return {
      async look({ signal }) {
        const begun = clock.monotonic();
        const end = await runProbe({ command, env, signal });
        if (end.error) return cannotTell(`systemctl cannot be run: ${end.error.code ?? end.error.message}`);
        if (end.aborted) return { ...noAnswer(), ours: true };
        // It fails only when the manager cannot be asked: a unit that does not exist is “not-found” with code 0.
        if (end.code !== 0)
          return cannotTell(end.stderr.trim().split('\n')[0] || `systemctl ended with code ${end.code}`);
        return judge(propertiesOf(end.stdout), config, clock.monotonic() - begun);
      },
    };
  },
});
