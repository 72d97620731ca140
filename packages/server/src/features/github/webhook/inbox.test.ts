import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fault, FaultError } from '../../../kernel/fault.ts';
import { silentLog } from '../../../kernel/log.ts';
import { alone } from '../../../platform/presence/index.ts';
import { madeDelivery, madeRun } from '../testing/made.ts';
import type { InboxStore, WaitingDelivery } from './inbox-store.ts';
import { createInbox } from './inbox.ts';

const delivery = (id: string): WaitingDelivery => ({
  id,
  event: 'workflow_run',
  repository: 'octo/hello',
  attempts: 0,
  nextAt: 0,
  facts: madeDelivery(madeRun({ id })).facts,
});

/** Deliveries in memory; what the inbox asks for can be held up or refused. */
function openInbox(waiting: WaitingDelivery[], store: Partial<InboxStore>) {
  const handled = Promise.withResolvers<string>();
  const inbox = createInbox({
    store: {
      waiting: async () => [...waiting],
      claim: async ({ id }: WaitingDelivery) => {
        waiting.splice(
          waiting.findIndex((one) => one.id === id),
          1,
        );
        return true;
      },
      settle: async () => {},
      nextAt: async () => null,
      ...store,
    } as InboxStore,
    presence: alone('here'),
    clock: { now: () => 1, monotonic: () => 1 },
    log: silentLog,
    handle: async ({ id }) => handled.resolve(id),
  });
  return { inbox, handled: handled.promise };
}

describe('the inbox of GitHub', () => {
  it('handles what came while it looked when the next one is due', async () => {
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<null>()];
    const waiting: WaitingDelivery[] = [];
    const nextAt = () => {
      asked.resolve();
      return answer.promise;
    };
    const { inbox, handled } = openInbox(waiting, { nextAt });
    inbox.wake();
    await asked.promise;
    waiting.push(delivery('1'));
    inbox.wake();
    answer.resolve(null);
    assert.equal(await handled, '1');
    await inbox.stop();
  });

  it('tries again where what came of one could not be written', async () => {
    let claims = 0;
    const full = new FaultError(fault('unavailable', 'store_disk_full', 'The disk is full.'));
    const { inbox, handled } = openInbox([delivery('1')], {
      claim: async () => {
        claims += 1;
        if (claims === 1) throw full;
        return true;
      },
      later: async () => {
        throw full;
      },
    });
    inbox.wake();
    assert.equal(await handled, '1');
    await inbox.stop();
  });
});
