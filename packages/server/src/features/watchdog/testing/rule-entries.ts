import { FaultEntry } from '@vigiles/contract';

/** Entries of a catalogue that a test knows, by id: each is answered in a way of its own. */
export const ruleEntries = new Map(
  [
    { id: 'X1', tier1: [{ action: 'mend' }], escalate: { after: 1, to: 'ai' }, verify: { by: 'checks' } },
    { id: 'X2', tier1: [], escalate: { to: 'ai' }, verify: { by: 'checks' } },
    { id: 'X3', tier1: [{ action: 'ignore' }] },
    { id: 'X4', tier1: [{ action: 'alert_user', params: { kind: 'bad_key' } }] },
    { id: 'X6', tier1: [{ action: 'mend' }], escalate: { after: 1 }, verify: { by: 'none' } },
    {
      id: 'X7',
      tier1: [
        { action: 'mend', next: 'always' },
        { action: 'alert_user', params: { kind: 'blocked' } },
      ],
      verify: { by: 'none' },
    },
    { id: 'X5', tier1: [{ action: 'mend' }], escalate: { after: 1 }, verify: { by: 'quiet', timeout_s: 1 } },
  ].map((more) => {
    const entry = FaultEntry.parse({
      title: 'Something fails',
      applies_to: { class: ['provider'] },
      detectors: [{ type: 'event', signal: 'failed', event: 'call.failed' }],
      when: 'failed',
      docs: { what: 'w', seen: 's', done: 'd', person: 'Look at it.' },
      examples: { match: [{ steps: [{ input: 'call.failed' }] }] },
      ...more,
    });
    return [entry.id, entry] as const;
  }),
);
