import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, startTestGateway } from '../../../testing/test-gateway.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type SeenRequest,
} from '../../../testing/upstreams/scripted-upstream.ts';
import { chatEvents, type Door, type ProviderFixture } from './__fixtures__/fixture.ts';
import { openModelHosts } from './__fixtures__/open-model-hosts.ts';
import { responsesDoors } from './__fixtures__/responses-doors.ts';
import { strictVendors } from './__fixtures__/strict-vendors.ts';
import type { ProviderType } from './define-provider.ts';
import { providers } from './registry.gen.ts';

const fixtures: readonly ProviderFixture[] = [...strictVendors, ...openModelHosts, ...responsesDoors];
const types: Record<string, ProviderType> = providers;
type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

/** Codex in its second round: thinking, a call with its result, plain, freeform and namespaced tools, and all its extras. */
const codexBody = (model: string) =>
  JSON.stringify({
    model: `p/${model}`,
    instructions: 'Be brief.',
    input: [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Sandbox: on.' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List files.' }] },
      { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'A call.' }] },
      { type: 'function_call', call_id: 'call_zk2Qx8Lw0f', name: 'shell', arguments: '{"command":["pwd"]}' },
      { type: 'function_call_output', call_id: 'call_zk2Qx8Lw0f', output: '/tmp' },
    ],
    tools: [
      {
        type: 'function',
        name: 'shell',
        strict: false,
        parameters: { type: 'object', properties: { command: { type: 'array', items: { type: 'string' } } } },
      },
      { type: 'custom', name: 'apply_patch', description: 'Edits files.', format: { type: 'text' } },
    ],
    tool_choice: 'auto',
    parallel_tool_calls: false,
    reasoning: { effort: 'medium', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'session-1',
    store: false,
    stream: true,
  });

/** The first rule of the vendor's that a request breaks. */
function broken(seen: SeenRequest, door: Door): string | null {
  const body = seen.json ?? {};
  if (seen.path !== door.path) return `nothing at ${seen.path}`;
  if (seen.headers[door.key[0]] !== door.key[1]) return `${door.key[0]} is missing`;
  const unknown = Object.keys(body).find((field) => !door.fields.includes(field));
  if (unknown !== undefined) return `${unknown} is not known`;
  for (const tool of rows(body['tools'])) {
    if (!(door.tools ?? ['function']).includes(String(tool['type']))) return `tool ${String(tool['type'])}`;
  }
  for (const message of rows(body['messages'])) {
    if (door.roles && !door.roles.includes(String(message['role']))) return `role ${String(message['role'])}`;
    const odd = Object.keys(message).find((field) => door.messageFields?.includes(field) === false);
    if (odd !== undefined) return `messages[].${odd} is not known`;
    const ids = [...rows(message['tool_calls']).map(({ id }) => id), message['tool_call_id']] as (
      | string
      | undefined
    )[];
    for (const id of ids) {
      if (id !== undefined && door.callIds?.test(id) === false) return `id ${id}`;
    }
    const thinking = door.thinkingWithCalls;
    if (thinking && message['tool_calls'] !== undefined && typeof message[thinking] !== 'string') {
      return `${thinking} is missing in an assistant message with tool calls`;
    }
  }
  return null;
}

async function runAgainst(fixture: ProviderFixture, fails: boolean) {
  let rule: string | null = null;
  const vendor = await startScriptedUpstream(async (seen, res) => {
    rule = broken(seen, fixture.door);
    if (rule !== null) answerJson(res, 400, { error: { message: rule } });
    else if (fails) answerJson(res, fixture.error.status, fixture.error.body);
    else await streamPieces(res, fixture.stream);
  });
  const base = new URL(types[fixture.type]?.baseUrl ?? 'http://x').pathname.replace(/\/$/, '');
  const gateway = await startTestGateway({
    providers: [{ id: 'p', type: fixture.type, base_url: vendor.origin + base, api_key: 'k' }],
    retry_wait_max_s: 0,
  });
  try {
    const answer = await post(`${gateway.url}/v1/responses`, codexBody(fixture.model));
    return { answer, row: await gateway.row(answer), rule: rule as string | null };
  } finally {
    await gateway.close();
    await vendor.close();
  }
}

for (const fixture of fixtures) {
  const door = fixture.door.path.endsWith('/responses') ? ' (Responses)' : '';
  test(`${fixture.type}${door}: what Codex asks for keeps its rules, and its streamed call and usage arrive`, async () => {
    const { answer, row, rule } = await runAgainst(fixture, false);
    assert.equal(rule, null);
    assert.equal(answer.status, 200, answer.body.toString());
    const events = answer.body
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice(6)) as { type: string; response?: { output: Row[] } });
    const output = events.find(({ type }) => type === 'response.completed')?.response?.output ?? [];
    const call = output.find(({ type }) => type === 'function_call');
    assert.equal(call?.['name'], 'shell');
    assert.deepEqual(JSON.parse(String(call?.['arguments'])), { command: ['ls'] });
    const thought = JSON.stringify(output.filter(({ type }) => type === 'reasoning'));
    if (fixture.thinking !== undefined) assert.ok(thought.includes(fixture.thinking), thought);
    assert.deepEqual([row.input_tokens, row.output_tokens, row.cached_input_tokens], fixture.usage);
    assert.deepEqual(row.repairs, []);
  });

  test(`${fixture.type}${door}: its error keeps its meaning`, async () => {
    const { row, rule } = await runAgainst(fixture, true);
    assert.equal(rule, null);
    assert.equal(row.outcome, 'upstream_error');
    assert.equal(row.error_kind, fixture.error.kind, row.error_message ?? '');
    assert.ok((row.error_message ?? '').length > 5);
  });
}

for (const stream of [false, true]) {
  test(`an answer that a Messages client began is gone on with by Mistral, ${stream ? 'streamed' : 'whole'}`, async () => {
    let sent: Row | undefined;
    const mistral = await startScriptedUpstream(async (seen, res) => {
      sent = rows(seen.json?.['messages']).at(-1);
      const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
      if (sent?.['role'] === 'assistant' && sent['prefix'] !== true) {
        const message =
          'Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant';
        return answerJson(res, 400, {
          object: 'error',
          message,
          type: 'invalid_request_message_order',
          code: '3230',
        });
      }
      const content = '{"files": ["a.ts"]}';
      if (!stream)
        return answerJson(res, 200, {
          id: 'c1',
          object: 'chat.completion',
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
          usage,
        });
      await streamPieces(
        res,
        chatEvents([{ role: 'assistant', content: '{"fi' }, { content: 'les": ["a' }], {
          choices: [{ index: 0, delta: { content: '.ts"]}' }, finish_reason: 'stop' }],
          usage,
        }),
      );
    });
    const gateway = await startTestGateway({
      providers: [{ id: 'p', type: 'mistral', base_url: `${mistral.origin}/v1`, api_key: 'k' }],
    });
    try {
      const answer = await post(
        `${gateway.url}/v1/messages`,
        JSON.stringify({
          model: 'p/mistral-medium-latest',
          max_tokens: 100,
          stream,
          messages: [
            { role: 'user', content: 'Which files? JSON only.' },
            { role: 'assistant', content: '{"files":' },
          ],
        }),
      );
      assert.equal(answer.status, 200, answer.body.toString());
      const texts = [...answer.body.toString().matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(
        ([, text = '""']) => JSON.parse(text) as string,
      );
      assert.equal(texts.join(''), ' ["a.ts"]}');
      assert.deepEqual(sent, { role: 'assistant', content: '{"files":', prefix: true });
      assert.deepEqual((await gateway.row(answer)).losses, []);
    } finally {
      await gateway.close();
      await mistral.close();
    }
  });
}
