import type { Turn } from './turn.ts';

/**
 * Has the prompt looked through before the cloud may see it. Names and counts are kept and logged, never what was found.
 * A look that fails counts as a find: what could not be checked stays here.
 */
export async function lookForSecrets(turn: Turn): Promise<void> {
  const { core, routing } = turn;
  if (!routing) return;
  try {
    routing.secrets = await core.secrets.scan(turn.body);
    if (routing.secrets.length > 0) {
      core.log.warn({ turn: turn.id, found: routing.secrets }, 'secrets found in a prompt');
    }
  } catch (thrown) {
    core.log.error({ err: thrown, turn: turn.id }, 'a prompt could not be looked through for secrets');
    routing.secrets = [{ pattern: 'not scanned', count: 1 }];
  }
  routing.scanned = true;
}
