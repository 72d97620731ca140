import type { CheckFacts } from '@vigiles/contract';
import { redactText } from '../../actions/index.ts';
import { defineCheck, remoteUnlessLoopback, isLoopback, type ConfigOf, type Look } from './define-check.ts';
import { cannotTell, failedLook, unhealthy } from './failed-look.ts';
import { askMysql } from './sql/mysql.ts';
import { askPostgres } from './sql/postgres.ts';
import { askRedis } from './sql/redis.ts';
import { askSqlite } from './sql/sqlite.ts';
import { CannotAsk, type Ask } from './sql/ask.ts';
import { tooSlow } from './too-slow.ts';

const drivers: Record<string, { ask: Ask; port: number }> = {
  postgres: { ask: askPostgres, port: 5432 },
  postgresql: { ask: askPostgres, port: 5432 },
  mysql: { ask: askMysql, port: 3306 },
  mariadb: { ask: askMysql, port: 3306 },
  redis: { ask: askRedis, port: 6379 },
  rediss: { ask: askRedis, port: 6379 },
  sqlite: { ask: askSqlite, port: 0 },
};

const reference = /\$\{[^}]*\}/g;
const schemeOf = (url: string): string => url.slice(0, url.indexOf(':')).toLowerCase();

/** The address without secrets; null when all of it is one. */
function placeOf({ url }: ConfigOf<'sql'>): URL | null {
  const text = url.replaceAll(reference, 'x');
  return URL.canParse(text) ? new URL(text) : null;
}

function hostOf(config: ConfigOf<'sql'>): string | null {
  const place = placeOf(config);
  return place && place.protocol !== 'sqlite:' && place.hostname !== '' ? place.hostname : null;
}

function judge(config: ConfigOf<'sql'>, value: string | null): string | null {
  const { expect, at_most: most, at_least: least } = config;
  const shown = value === null ? 'nothing' : `“${value}”`;
  if (expect !== undefined && value !== expect) return `it answered ${shown} instead of “${expect}”`;
  const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
  if (most !== undefined && !(number <= most)) return `it answered ${shown}, not at most ${most}`;
  if (least !== undefined && !(number >= least)) return `it answered ${shown}, not at least ${least}`;
  return null;
}

export const check = defineCheck({
  type: 'sql',
  title: 'Database',
  target: (config) => {
    const place = placeOf(config);
    if (!place) return 'a database';
    if (place.protocol === 'sqlite:') return place.pathname;
    return `${place.protocol}//${place.host}${place.pathname === '/' ? '' : place.pathname}`;
  },
  remoteHost(config) {
    const host = hostOf(config);
    return host === null ? null : remoteUnlessLoopback(host);
  },
  localPort(config) {
    const host = hostOf(config);
    if (host === null || !isLoopback(host)) return null;
    return Number(placeOf(config)?.port) || (drivers[schemeOf(config.url)]?.port ?? null);
  },
  prepare(config, { clock, resolve }) {
    const whole = /^\$\{[^}]*\}$/.test(config.url);
    // A password may hold what means something in an address.
    const address = () =>
      whole
        ? resolve(config.url)
        : config.url.replaceAll(reference, (one) => encodeURIComponent(resolve(one)));
    return {
      async look({ signal }): Promise<Look> {
        const url = address();
        const driver = drivers[schemeOf(url)];
        if (!driver) return cannotTell('its address is not that of a database Vigiles knows');
        const begun = clock.monotonic();
        let answer: string | null;
        try {
          answer = await driver.ask({
            url,
            query: config.query ?? null,
            timeoutMs: config.timeout_s * 1000,
            signal,
          });
        } catch (thrown) {
          return thrown instanceof CannotAsk ? cannotTell(thrown.message) : failedLook(thrown, signal);
        }
        const latencyMs = clock.monotonic() - begun;
        const value = answer === null ? null : redactText(answer.slice(0, 200));
        const facts: CheckFacts = config.query === undefined ? {} : { value };
        const problem = judge(config, answer);
        if (problem !== null) return unhealthy(problem, facts);
        return tooSlow(config, latencyMs) ?? { ok: true, latencyMs, facts };
      },
    };
  },
});
