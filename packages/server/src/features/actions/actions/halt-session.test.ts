import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionContext } from '../define-action.ts';
import { noSessions, type SessionView } from '../session-targets.ts';
import { action } from './halt-session.ts';

const view: SessionView = {
  id: 's',
  title: '',
  phase: 'running',
  reason: '',
  held: true,
  gated: true,
  agent: 'Claude Code',
  trouble: null,
  spokeAt: null,
};
const context = (seen: SessionView | null) =>
  ({
    sessions: { ...noSessions, look: async () => seen },
    targetName: 's',
    params: { force: false },
  }) as unknown as ActionContext<never>;

test('a HALT of an agent that is stopped at a gate waits for it to come there, a day if need be; others have a minute', async () => {
  assert.equal(await action.waitsMs?.(context(view)), 86_400_000);
  assert.equal(await action.waitsMs?.(context({ ...view, gated: false })), null);
  assert.equal(await action.waitsMs?.(context(null)), null);
  assert.equal(action.timeoutMs, 60_000);
});

test('what a HALT will do is told as it is: at a gate nothing is ended', async () => {
  assert.match((await action.plan(context(view))).join(), /^Turn Claude Code away/);
  assert.match((await action.plan(context({ ...view, gated: false }))).join(), /^End the running turn/);
});
