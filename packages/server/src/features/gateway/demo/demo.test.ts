import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { post, startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';

let gw: TestGateway;

before(async () => {
  gw = await startTestGateway();
});

after(() => gw.close());

const shell = {
  type: 'object',
  properties: { cmd: { type: 'string' }, workdir: { type: 'string' } },
  required: ['cmd'],
};

test('without any provider the demo answers a Chat client, and the turn is free', async () => {
  const body = { model: 'anything', messages: [{ role: 'user', content: 'hello there' }] };
  const answer = await post(`${gw.url}/v1/chat/completions`, JSON.stringify(body));
  assert.equal(answer.status, 200);
  assert.match(answer.json().choices[0].message.content, /hello there/);
  const row = await gw.row(answer);
  assert.equal(row.provider, 'demo');
  assert.equal(row.cost_micros, 0);
  assert.ok((row.output_tokens ?? 0) > 10);
});

test('with a shell tool the demo runs two commands and then sums up, in Messages', async () => {
  const tools = [
    {
      name: 'Bash',
      input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    },
  ];
  const messages: object[] = [{ role: 'user', content: 'go' }];
  const commands: string[] = [];
  for (;;) {
    const body = JSON.stringify({ model: 'demo/scripted', max_tokens: 100, messages, tools });
    const answer = (await post(`${gw.url}/v1/messages`, body)).json();
    const call = answer.content.find((block: { type: string }) => block.type === 'tool_use');
    if (!call) {
      assert.equal(answer.stop_reason, 'end_turn');
      assert.match(answer.content[0].text, /README/);
      break;
    }
    commands.push(call.input.command);
    messages.push({ role: 'assistant', content: answer.content });
    messages.push({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: call.id, content: 'README.md\n' }],
    });
  }
  assert.deepEqual(commands, ['echo "Vigiles demo: hello from your own shell"', 'ls']);
});

test('the demo streams Responses events that end with response.completed and carry whole items', async () => {
  const body = {
    model: 'gpt-unknown',
    stream: true,
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] }],
    tools: [{ type: 'function', name: 'exec_command', strict: false, parameters: shell }],
  };
  const answer = await post(`${gw.url}/v1/responses`, JSON.stringify(body));
  const events = answer.body
    .toString()
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)));
  const done = events
    .filter((event) => event.type === 'response.output_item.done')
    .map((event) => event.item);
  assert.deepEqual(
    done.map((item) => item.type),
    ['message', 'function_call'],
  );
  assert.equal(JSON.parse(done[1].arguments).cmd, 'echo "Vigiles demo: hello from your own shell"');
  assert.equal(events.at(-1).type, 'response.completed');
  assert.equal((await gw.row(answer)).outcome, 'ok');
});
