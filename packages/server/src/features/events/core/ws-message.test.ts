import assert from 'node:assert/strict';
import { it } from 'node:test';
import { wsCall } from './ws-message.ts';

it('a plain message is a payload of its own, or carries one; a command’s type does not clash with it', () => {
  assert.deepEqual(wsCall({ type: 'cli_event', id: 7, session_id: 's', data: { a: 1 } }), {
    name: 'cli_event',
    payload: { session_id: 's', data: { a: 1 } },
    id: 7,
  });
  const halt = { name: 'command', payload: { type: 'HALT', session_id: 's' }, id: null };
  assert.deepEqual(wsCall({ type: 'command', payload: { type: 'HALT', session_id: 's' } }), halt);
  assert.deepEqual(wsCall({ type: 'command', command_type: 'HALT', session_id: 's' }), halt);
  for (const id of ['', 'x'.repeat(201), {}, Number.NaN])
    assert.equal(wsCall({ type: 'command', id }).id, null);
});
