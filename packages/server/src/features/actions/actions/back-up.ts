import { z } from 'zod';
import { defineAction } from '../define-action.ts';

/** An encrypted copy of the store to a place of `backups.targets`. */
export const action = defineAction({
  id: 'back_up',
  title: 'Make a backup',
  description:
    'Copies the store, encrypts the copy, brings it to a place of backups.targets and reads all of it back; then backups of Vigiles beyond those to be kept there are deleted. Proven by the digest of what was read back.',
  params: z.strictObject({}),
  targets: ['backup'],
  guarded: false,
  timeoutMs: 3_600_000,
  lock: (target) => target,
  risk: () => 'reversible',
  async plan({ backups, targetName }) {
    const view = await backups.look(targetName);
    return view
      ? [
          `Bring an encrypted copy of the store to ${view.what}`,
          'Read it back',
          'Delete what is beyond those to be kept',
        ]
      : [];
  },
  async precheck({ backups, targetName }) {
    const view = await backups.look(targetName);
    return view ? view.refusal : `backups.targets has no “${targetName}”`;
  },
  perform: ({ backups, targetName, signal, note, memory }) =>
    backups.make(targetName, { signal, note }, memory),
  verify: ({ backups, memory }) => backups.seen(memory),
});
