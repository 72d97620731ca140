import type { PluginIndexHead } from '@vigiles/contract';
import { fault, type Fault } from '../../../kernel/fault.ts';

/** What was believed of a registry before. */
export interface SeenHead {
  version: number;
  sha512: string;
}

/** How far ahead another machine's clock may be. */
const aheadMs = 10 * 60_000;

/**
 * Whether a head whose signature is right may be believed now, as The Update Framework has it for its timestamps: its version
 * never falls (no rollback), one version is one thing, and its time is not over (no freeze). Null: it may.
 */
export function judgeHead(
  head: PluginIndexHead,
  sha512: string,
  seen: SeenHead | null,
  now: number,
): Fault | null {
  const refuse = (code: string, message: string) => fault('upstream', code, message, { retryable: false });
  if (seen && head.version < seen.version)
    return refuse(
      'plugin_index_rolled_back',
      `The index is older than one that was seen before (version ${head.version} after ${seen.version}): somebody may be hiding what came since.`,
    );
  if (seen && head.version === seen.version && sha512 !== seen.sha512)
    return refuse(
      'plugin_index_forked',
      `There are two indexes of version ${head.version}: somebody shows different ones to different people.`,
    );
  if (head.issued_at > now + aheadMs)
    return refuse(
      'plugin_index_from_future',
      'The index was signed in the future: one of the clocks is wrong.',
    );
  if (head.expires_at <= now)
    return refuse(
      'plugin_index_expired',
      `The index counted until ${new Date(head.expires_at).toISOString()}: somebody may be holding back newer ones.`,
    );
  return null;
}
