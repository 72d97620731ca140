import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Message, TurnRequest } from '../canonical/index.ts';
import type { TargetQuirks } from '../protocol.ts';
import { createEchoFilter } from './begun-answer.ts';
import { openaiChat } from './index.ts';

const asked: Message = { role: 'user', parts: [{ type: 'text', text: 'A list, as JSON.' }] };
const begun: Message = { role: 'assistant', parts: [{ type: 'text', text: 'Here: [' }] };

const encode = (quirks: TargetQuirks, more: Partial<TurnRequest> = {}, ownFields = false) =>
  openaiChat.encodeRequest(
    { model: 'm', messages: [asked, begun], tools: [], stream: false, ...more },
    { model: 'up', issuer: 'maker', quirks, ownFields },
  );
const lastOf = ({ body }: { body: Record<string, unknown> }) => (body['messages'] as object[]).at(-1);
const whatIsLost = ({ losses }: { losses: { what: string }[] }) => losses.map(({ what }) => what);

describe('an answer that the client began', () => {
  it('is marked as each backend wants it', () => {
    const said = { role: 'assistant', content: 'Here: [' };
    assert.deepEqual(lastOf(encode({ begunAnswer: 'prefix' })), { ...said, prefix: true });
    assert.deepEqual(lastOf(encode({ begunAnswer: 'partial' })), { ...said, partial: true });
    const final = encode({ begunAnswer: 'final-message' });
    assert.deepEqual(lastOf(final), said);
    assert.equal(final.body['continue_final_message'], true);
    assert.equal(final.body['add_generation_prompt'], false);
    const plain = encode({ begunAnswer: 'continued' });
    assert.deepEqual(lastOf(plain), said);
    for (const kind of ['prefix', 'partial', 'final-message', 'continued'] as const)
      assert.deepEqual(whatIsLost(encode({ begunAnswer: kind })), []);
  });

  it('is told of where the backend may answer it anew', () => {
    assert.deepEqual(whatIsLost(encode({})), ['a begun answer']);
    const thinks = encode({ begunAnswer: 'partial' }, { reasoning: { effort: 'high' } });
    assert.ok(whatIsLost(thinks).includes('a begun answer'));
    assert.equal('partial' in (lastOf(thinks) ?? {}), false);
  });

  it('is a history where the client speaks Chat itself, or where something follows it', () => {
    const own = encode({ begunAnswer: 'prefix' }, {}, true);
    assert.deepEqual(lastOf(own), { role: 'assistant', content: 'Here: [' });
    assert.deepEqual(own.losses, []);
    const followed = encode({ begunAnswer: 'prefix' }, { messages: [asked, begun, asked] });
    assert.equal(JSON.stringify(followed.body).includes('prefix'), false);
    assert.equal(followed.echo, undefined);
  });

  it('is not said again in the answer, whole or streamed', () => {
    const { names, echo } = encode({ begunAnswer: 'prefix' });
    const context = { names, issuer: 'maker', newId: (kind: string) => `${kind}_1`, nowSeconds: () => 1 };
    const parts = (content: string, told = echo) => {
      const body = { id: 'c', choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] };
      const decoded = openaiChat.decodeResponse(body, {
        ...context,
        ...(told !== undefined && { echo: told }),
      });
      return decoded.ok && decoded.value.parts;
    };
    assert.deepEqual(parts('Here: [1, 2]'), [{ type: 'text', text: '1, 2]' }]);
    assert.deepEqual(parts('1, 2]'), [{ type: 'text', text: '1, 2]' }]);
    const stream = openaiChat.createStreamDecoder({ ...context, ...(echo !== undefined && { echo }) });
    const chunk = (delta: object, finish: string | null = null) =>
      stream.push({
        data: JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] }),
      });
    const events = [
      ...chunk({ role: 'assistant', content: 'Her' }),
      ...chunk({ content: 'e: [1' }),
      ...chunk({ content: ', 2]' }, 'stop'),
      ...stream.end(),
    ];
    const text = events.flatMap((event) => (event.type === 'text-delta' ? event.text : []));
    assert.deepEqual(text, ['1', ', 2]']);
  });

  it('never costs a letter of an answer that only begins alike, however it is cut', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(fc.nat({ max: 8 })), (echo, answer, cuts) => {
        for (const whole of [answer, echo + answer, echo.slice(0, -1)]) {
          const filter = createEchoFilter(echo);
          let rest = whole;
          let seen = '';
          for (const cut of cuts) {
            seen += filter.take(rest.slice(0, cut));
            rest = rest.slice(cut);
          }
          seen += filter.take(rest) + filter.end();
          assert.equal(seen, whole.startsWith(echo) ? whole.slice(echo.length) : whole);
        }
      }),
    );
  });
});
