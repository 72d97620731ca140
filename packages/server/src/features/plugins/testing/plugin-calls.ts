import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  PluginOutcome,
  PublishedPlugin,
  type ErrorEnvelope,
  type InstalledPlugin,
  type PluginPlan,
} from '@vigiles/contract';
import type { TestControl } from '../../../testing/test-control.ts';
import { goodFiles, packageOf, rawEntry } from './make-tar.ts';

/** Limits that no test reaches. */
export const noLimits =
  'limits: { heavy: { per_minute: 5000, per_hour: 50000, per_day: 50000, cooldown_s: 0 }, standard: { per_minute: 5000, per_hour: 50000, per_day: 50000, cooldown_s: 0 } }';
/** A secret store in memory. */
export const secretsIn = (kept: Map<string, string>) => ({
  get: (name: string) => kept.get(name),
  set: async (name: string, value: string) => void kept.set(name, value),
});

/** In base64. */
export const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('base64');
/** Bytes of a good package. */
export const plugin = (id: string, version: string, more: Record<string, unknown> = {}, extra = ''): Buffer =>
  packageOf(
    ...goodFiles({ id, name: id, version, ...more }),
    rawEntry({ name: 'extra.txt', content: extra }),
  );

/** Publishes bytes, whatever comes of it. */
export async function upload(to: TestControl, bytes: Buffer, headers: Record<string, string> = {}) {
  const answer = await fetch(`${to.url}/api/v1/plugin/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${to.admin}`, 'content-type': 'application/gzip', ...headers },
    body: new Uint8Array(bytes),
  });
  return { status: answer.status, body: (await answer.json()) as ErrorEnvelope };
}

/** Publishes a good package. */
export async function publish(
  to: TestControl,
  id: string,
  version: string,
  more: Record<string, unknown> = {},
) {
  const { status, body } = await upload(to, plugin(id, version, more));
  assert.equal(status, 201, JSON.stringify(body));
  return PublishedPlugin.parse(body);
}

export const post = <T = PluginOutcome>(to: TestControl, path: string, body?: unknown) =>
  to.call<T>('POST', `/api/v1/plugin/${path}`, body === undefined ? {} : { body });
export const get = <T>(to: TestControl, path: string) => to.call<T>('GET', `/api/v1/plugin/${path}`);

/** Status and code of what is refused. */
export async function failure(to: TestControl, path: string, body?: unknown): Promise<string> {
  const answer = await post<ErrorEnvelope>(to, path, body);
  return `${answer.status} ${answer.body.code}`;
}

export const installedOf = async (to: TestControl, id: string): Promise<InstalledPlugin | undefined> =>
  (await get<{ plugins: InstalledPlugin[] }>(to, 'installed')).body.plugins.find((one) => one.id === id);

/** Installs with whatever consent it takes. */
export async function install(
  to: TestControl,
  id: string,
  more: Record<string, unknown> = {},
): Promise<PluginOutcome> {
  const query = new URLSearchParams(more as Record<string, string>);
  const { body: plan } = await get<PluginPlan>(to, `${id}/plan?${query.toString()}`);
  const { status, body } = await post(to, `${id}/install`, { enable: false, ...more, consent: plan.consent });
  assert.equal(status, 200, JSON.stringify(body));
  return PluginOutcome.parse(body);
}
