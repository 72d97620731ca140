import { afterEach } from 'node:test';
import type { OpenStore } from '../../../testing/stores.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { openRig, type Rig, type RigOptions } from './rig.ts';

/** A channel that tells a receiver, as often as it likes. */
export const hook = (receiver: Receiver, more: object = {}) => ({
  type: 'webhook',
  name: 'hook',
  url: `${receiver.url}/in`,
  max_per_minute: 600,
  ...more,
});

export const titles = (receiver: Receiver) => receiver.calls.map(({ json }) => json['title']);

export const told = async (rig: Rig) =>
  (await rig.deliveries()).map(({ phase, state }) => `${phase} ${state}`);

/** Receivers and rigs that wait for nothing to group with, and end with their test. Call it within the suite. */
export function useRigs(openStore: OpenStore) {
  const receivers: Receiver[] = [];
  const rigs: Rig[] = [];
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.stop();
    for (const receiver of receivers.splice(0)) await receiver.close();
  });
  return {
    async receive(answer?: Receiver['answer']): Promise<Receiver> {
      const receiver = await startReceiver(answer);
      receivers.push(receiver);
      return receiver;
    },
    async open(notifications: object, options: RigOptions = {}, config: object = {}): Promise<Rig> {
      const whole = { ...config, notifications: { group_wait_s: 0, ...notifications } };
      const rig = await openRig(openStore, whole, options);
      rigs.push(rig);
      return rig;
    },
  };
}
