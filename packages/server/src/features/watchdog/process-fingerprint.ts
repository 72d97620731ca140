import { createHash } from 'node:crypto';
import type { ServiceConfig } from '@vigiles/contract';

/**
 * What the process of a service is started with, as a digest: when it is new, only a restart makes it true. A secret
 * that is new behind an unchanged reference counts. A value that is missing says so in its place.
 */
export function processFingerprint(
  service: ServiceConfig,
  environmentOf: (service: ServiceConfig) => Readonly<Record<string, string>>,
): string {
  const { command, cwd, port } = service;
  let env: unknown;
  try {
    env = environmentOf(service);
  } catch (thrown) {
    env = (thrown as Error).message;
  }
  return createHash('sha256')
    .update(JSON.stringify([command, cwd, port, env]))
    .digest('hex');
}
