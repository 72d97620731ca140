import { isAbsolute, join, normalize } from 'node:path';
import type { ActionContext } from './define-action.ts';

type Kind = 'pids' | 'caps';

/** Caches that agents' launchers keep, below the user's home. */
const usual: Record<Kind, readonly string[]> = {
  pids: ['.cache/codex-proxy/pids.json', '.codex/pids.json'],
  caps: ['.cache/codex-proxy/provider-caps.json'],
};

/**
 * Why a file may not be touched; null when it may. Only files that the configuration names and the usual caches of
 * agents: a path that a log line or a model brought along is nobody's word.
 */
export function whyNotThisFile(context: ActionContext<unknown>, kind: Kind): string | null {
  const path = context.targetName;
  if (!isAbsolute(path) || normalize(path) !== path) return 'the path has to be absolute and plain';
  const { files, services } = context.settings();
  const pidFiles = kind === 'pids' ? services.flatMap(({ pid_file }) => pid_file ?? []) : [];
  const known = [...files, ...pidFiles, ...usual[kind].map((one) => join(context.userHome, one))];
  return known.includes(path) ? null : `${path} is not one of watchdog.files`;
}
