import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type {
  AssistantPart,
  Message,
  ToolDefinition,
  TurnEvent,
  TurnRequest,
  UserPart,
} from './canonical/index.ts';
import { protocols } from './index.ts';
import type { Protocol } from './protocol.ts';
import { answerPart, anyText, callId, eventsOf, usage } from './testing/arbitraries.ts';
import { fixtureTools } from './testing/tools.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents, foldTurn } from './testing/turn.ts';
import { createToolNames, fitCallId } from './tools/index.ts';

const all = Object.values(protocols);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const tools: ToolDefinition[] = [
  ...fixtureTools,
  { kind: 'tool-search', name: 'tool_search', parameters: {} },
];
const names = () => createToolNames(tools);

function fixturesOf(protocol: Protocol): { file: string; bytes: Uint8Array }[] {
  const folder = new URL(`./${protocol.name}/__fixtures__/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.sse'));
  assert.ok(files.length > 0, `${protocol.name} has no recorded streams`);
  return files.map((file) => ({ file, bytes: readFileSync(new URL(file, folder)) }));
}

/**
 * What every protocol can say: the text (a refusal is text to Messages), then the calls with kind, name and namespace.
 * Ids are compared as the strictest client gets them. Chat streams text and calls in two lists, which loses the order between them.
 */
function saidAndCalled(parts: readonly AssistantPart[]): unknown {
  let said = '';
  const called: unknown[] = [];
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'refusal') said += part.text;
    if (part.type !== 'tool-call') continue;
    const { id, kind, name, namespace = null, input } = part;
    called.push({ id: fitCallId(id, 'anthropic'), kind, name, namespace, input: readInput(kind, input) });
  }
  return { said, called };
}

/** Gemini's arguments are objects, not text: what they say is compared, not how it is spaced. */
function readInput(kind: string, input: string): unknown {
  try {
    return kind === 'custom' ? input : (JSON.parse(input) as unknown);
  } catch {
    return input;
  }
}

for (const protocol of all) {
  test(`${protocol.name}: any cut of the same bytes gives the same events (no UTF-8 is torn)`, () => {
    for (const { file, bytes } of fixturesOf(protocol)) {
      const whole = decodeBytes(protocol, bytes, decodeContext(names()));
      for (const size of [1, 2, 3, 7]) {
        assert.deepEqual(
          decodeBytes(protocol, bytes, decodeContext(names()), [size]),
          whole,
          `${file} by ${size}`,
        );
      }
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }), (sizes) => {
          assert.deepEqual(decodeBytes(protocol, bytes, decodeContext(names()), sizes), whole, file);
        }),
        { numRuns: 15 },
      );
    }
  });

  test(`${protocol.name}: every recorded stream keeps the contract of canonical events`, () => {
    for (const { file, bytes } of fixturesOf(protocol)) {
      assert.doesNotThrow(() => foldTurn(decodeBytes(protocol, bytes, decodeContext(names()))), file);
    }
  });

  test(`${protocol.name}: a stream it writes decodes back to the same turn`, () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(answerPart, { selector: keyFor(protocol), maxLength: 6 }),
        usage,
        fc.boolean(),
        (parts, used, overlap) => {
          const events = eventsOf(parts, used, overlap);
          const text = encodeEvents(protocol, events, answerContext(tools));
          const turn = foldTurn(decodeBytes(protocol, bytesOf(text), decodeContext(names())));
          const wanted = foldTurn(events);
          assert.deepEqual(saidAndCalled(turn.parts), saidAndCalled(wanted.parts));
          assert.equal(thought(turn.parts), thought(wanted.parts));
          assert.equal(turn.finish, wanted.finish);
          assert.equal(turn.usage?.inputTokens, used.inputTokens);
          assert.equal(turn.usage?.outputTokens, used.outputTokens);
          assert.equal(turn.usage?.cachedInputTokens, used.cachedInputTokens);
        },
      ),
    );
  });

  test(`${protocol.name}: a whole answer it writes decodes back to the same parts`, () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(answerPart, { selector: keyFor(protocol), minLength: 1, maxLength: 6 }),
        usage,
        (parts, used) => {
          const finish = parts.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop';
          const response = {
            id: 'turn_1',
            model: 'm',
            createdAt: 1_700_000_000,
            parts,
            finish,
            usage: used,
          } as const;
          const body = protocol.encodeResponse({ ...response }, answerContext(tools));
          const decoded = protocol.decodeResponse(structuredClone(body), decodeContext(names()));
          assert.ok(decoded.ok);
          assert.deepEqual(saidAndCalled(decoded.value.parts), saidAndCalled(parts));
          assert.equal(thought(decoded.value.parts), thought(parts));
          assert.equal(decoded.value.finish, finish);
          assert.equal(decoded.value.usage?.inputTokens, used.inputTokens);
          assert.deepEqual(decoded.losses, []);
        },
      ),
    );
  });

  test(`${protocol.name}: a request that it can express comes back whole, with no losses`, () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const request: TurnRequest = {
          model: 'm',
          messages,
          tools: fixtureTools.filter((tool) => tool.kind === 'function' && !tool.namespace),
          toolChoice: { type: 'required' },
          // Gemini has no word for it and says so.
          ...(protocol.name !== 'gemini' && { parallelToolCalls: false }),
          maxOutputTokens: 100,
          stream: true,
        };
        const { body, losses } = protocol.encodeRequest(request, { model: 'up', issuer: 'maker' });
        assert.deepEqual(losses, []);
        const decoded = protocol.decodeRequest(JSON.parse(JSON.stringify(body)));
        assert.ok(decoded.ok, JSON.stringify(decoded));
        assert.deepEqual(decoded.losses, []);
        assert.equal(decoded.value.model, 'up');
        assert.deepEqual(decoded.value.toolChoice, request.toolChoice);
        assert.equal(decoded.value.maxOutputTokens, 100);
        assert.deepEqual(
          decoded.value.tools.map(({ name }) => name),
          request.tools.map(({ name }) => name),
        );
        assert.deepEqual(piecesOf(decoded.value.messages), piecesOf(messages));
      }),
    );
  });

  test(`${protocol.name}: hostile request bodies are one clear error or a request, never an exception`, () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (input, tools, choice) => {
        for (const body of [
          input,
          { model: 'm', input, messages: input, tools, tool_choice: choice, max_tokens: 5 },
          { model: 'm', contents: input, tools, toolConfig: choice, generationConfig: choice },
          { model: 'm', contents: [{ role: 'model', parts: [input, tools] }], systemInstruction: choice },
        ]) {
          const decoded = protocol.decodeRequest(body);
          if (!decoded.ok) assert.equal(decoded.error.kind, 'invalid-request');
        }
      }),
      { numRuns: 300 },
    );
  });

  test(`${protocol.name}: hostile stream payloads never throw and always end`, () => {
    const payload = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '{"type":"response.output_item.done","item":{"type":"function_call"}}',
        '{"choices":[{"delta":{"tool_calls":[{}]}}]}',
        '{"type":"content_block_delta","index":9,"delta":null}',
        '{"candidates":[{"content":{"parts":[{"functionCall":{}},{"functionCall":{"name":"f","args":"x"}}]}}]}',
      ),
    );
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 8 }), (payloads) => {
        const text = payloads.map((data) => `data: ${data.replaceAll(/[\r\n]/g, ' ')}\n\n`).join('');
        const events = decodeBytes(protocol, bytesOf(text), decodeContext(names()));
        assert.equal(events.filter(({ type }) => type === 'error' || type === 'finish').length, 1);
      }),
      { numRuns: 300 },
    );
  });

  for (const client of all) {
    test(`every recorded ${protocol.name} stream reaches a ${client.name} client with its text and calls`, () => {
      for (const { file, bytes } of fixturesOf(protocol)) {
        const events = decodeBytes(protocol, bytes, decodeContext(names()));
        const wanted = foldTurn(events);
        const text = encodeEvents(client, events, answerContext(tools));
        const turn = foldTurn(decodeBytes(client, bytesOf(text), decodeContext(names())));
        if (wanted.error) {
          assert.equal(turn.error?.kind, wanted.error.kind, file);
          continue;
        }
        assert.deepEqual(saidAndCalled(turn.parts), saidAndCalled(wanted.parts), file);
        if (wanted.usage) assert.equal(turn.usage?.inputTokens, wanted.usage.inputTokens, file);
      }
    });
  }

  test(`${protocol.name}: what it cannot express is reported, and only that`, () => {
    const plain: TurnRequest = { model: 'm', messages: hello, tools: [], stream: true };
    const cases: [string, Partial<TurnRequest>][] = [
      [
        'hosted tool',
        { tools: [{ kind: 'hosted', name: 'x', protocol: other(protocol), raw: { type: 'x' } }] },
      ],
      ['opaque part', { messages: [...hello, { role: 'user', parts: [foreignPart(protocol)] }] }],
      [
        'foreign reasoning',
        { messages: [...hello, { role: 'assistant', parts: foreignReasoning }, ...hello] },
      ],
    ];
    assert.deepEqual(protocol.encodeRequest(plain, target).losses, []);
    for (const [what, change] of cases) {
      const { losses } = protocol.encodeRequest({ ...plain, ...change }, target);
      assert.notEqual(losses.length, 0, what);
      for (const loss of losses) assert.ok(loss.path && loss.what && loss.why, what);
    }
  });
}

const target = { model: 'm', issuer: 'maker' };
const hello: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }];
const foreignReasoning: AssistantPart[] = [
  {
    type: 'reasoning',
    text: 'hm',
    summary: [],
    signature: { issuer: 'someone', kind: 'signature', data: 'x' },
  },
  { type: 'text', text: 'yes' },
];

function other(protocol: Protocol): Protocol['name'] {
  return protocol.name === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';
}

function foreignPart(protocol: Protocol): UserPart {
  return { type: 'opaque', protocol: other(protocol), label: 'input_audio', raw: { type: 'input_audio' } };
}

/** Call ids are unique in an answer; Chat has one text and one reasoning per answer, Gemini joins neighbours. */
function keyFor(protocol: Protocol): (part: AssistantPart) => unknown {
  return (part) => {
    if (part.type === 'tool-call') return part.id;
    return protocol.name === 'openai-chat' || protocol.name === 'gemini' ? part.type : part;
  };
}

function thought(parts: readonly AssistantPart[]): string {
  return parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
}

const image: fc.Arbitrary<UserPart> = fc.constantFrom(
  { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } },
  { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } },
);
/** Messages refuses a text of blanks alone: with ink, every protocol can say it. */
const userMessage: fc.Arbitrary<Message> = fc
  .tuple(anyText.filter(hasInk), fc.option(image, { nil: undefined }))
  .map(([text, picture]): Message => ({
    role: 'user',
    parts: picture ? [{ type: 'text', text }, picture] : [{ type: 'text', text }],
  }));
const round: fc.Arbitrary<Message[]> = fc
  .tuple(
    userMessage,
    fc.option(anyText.filter(hasInk), { nil: undefined }),
    fc.uniqueArray(callId, { maxLength: 3 }),
    anyText.filter(hasInk),
  )
  .map(([question, text, ids, result]): Message[] => {
    const calls = ids.map((id): AssistantPart => ({
      type: 'tool-call',
      kind: 'function',
      id,
      name: 'look_up',
      input: '{"q":"x"}',
    }));
    const parts: AssistantPart[] = [
      ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
      ...calls,
    ];
    if (!parts.length) return [question];
    const answer: Message = { role: 'assistant', parts };
    if (!ids.length) return [question, answer];
    const results: Message = {
      role: 'tool',
      parts: ids.map((callId) => ({
        type: 'tool-result',
        kind: 'function',
        callId,
        content: [{ type: 'text', text: result }],
      })),
    };
    return [question, answer, results];
  });
const conversation: fc.Arbitrary<Message[]> = fc
  .tuple(anyText.filter(hasInk), fc.array(round, { minLength: 1, maxLength: 4 }))
  .map(([text, rounds]) => {
    const system: Message[] = [{ role: 'system', parts: [{ type: 'text', text }] }];
    return system.concat(withOwnIds(rounds), hello);
  });

function hasInk(text: string): boolean {
  return text.trim() !== '';
}

/** Call ids are unique in a request. */
function withOwnIds(rounds: readonly Message[][]): Message[] {
  return rounds.flatMap((messages, at) =>
    messages.map((message): Message => {
      if (message.role === 'assistant') {
        const parts = message.parts.map((part) =>
          part.type === 'tool-call' ? { ...part, id: `${part.id}_${at}` } : part,
        );
        return { ...message, parts };
      }
      if (message.role !== 'tool') return message;
      return {
        role: 'tool',
        parts: message.parts.map((part) => ({ ...part, callId: `${part.callId}_${at}` })),
      };
    }),
  );
}

/** Every part with its role; neighbouring texts of one role joined, since targets may merge messages. */
function piecesOf(messages: readonly Message[]): unknown[] {
  const pieces: Record<string, unknown>[] = [];
  for (const message of messages) {
    for (const part of message.parts) pieces.push({ role: message.role, ...part });
  }
  return JSON.parse(JSON.stringify(pieces)) as unknown[];
}

test('a stream without a terminal event is an error in every protocol', () => {
  for (const protocol of all) {
    const events: TurnEvent[] = decodeBytes(protocol, bytesOf(''), decodeContext());
    const last = events.at(-1);
    assert.ok(last?.type === 'error' && last.error.code === 'stream_truncated', protocol.name);
  }
});
