import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The demo's agent, a process of its own: it asks the gateway's model, runs the tool calls it gets, and works
 * with a service that crashes on it. Everything it needs comes in its environment.
 */
const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
};
const gateway = need('DEMO_GATEWAY');
const token = need('DEMO_TOKEN');
const service = need('DEMO_SERVICE');
const paceMs = Number(process.env['DEMO_PACE_MS'] ?? 1200);

/** One JSON line for whoever tells the story. */
const tell = (kind: string, text: string): void => {
  process.stdout.write(`${JSON.stringify({ kind, text })}\n`);
};

interface ToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}
interface ChatMessage {
  role: string;
  content: string | null;
  tool_calls?: ToolCall[];
  tool_call_id?: string;
}

const tools = [
  {
    type: 'function',
    function: {
      name: 'shell',
      description: 'Runs a command',
      parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    },
  },
];

async function ask(messages: ChatMessage[], offered: readonly object[]): Promise<ChatMessage> {
  const response = await fetch(`${gateway}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'demo/scripted',
      messages,
      ...(offered.length > 0 ? { tools: offered } : {}),
    }),
  });
  if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${await response.text()}`);
  const { choices } = (await response.json()) as { choices: { message: ChatMessage }[] };
  return choices[0]?.message ?? { role: 'assistant', content: '' };
}

const runCommand = (command: string): Promise<string> =>
  new Promise((resolve) => {
    const shell = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    shell.on('error', () => resolve('the command could not be run'));
    shell.on('close', () => resolve(output));
  });

/** One task: turns until the model calls no tool any more. */
async function task(prompt: string, offered: readonly object[]): Promise<void> {
  tell('task', prompt);
  const messages: ChatMessage[] = [{ role: 'user', content: prompt }];
  for (let turn = 0; turn < 8; turn += 1) {
    const answer = await ask(messages, offered);
    messages.push(answer);
    if (answer.content) tell('says', answer.content);
    if (!answer.tool_calls?.length) return;
    for (const call of answer.tool_calls) {
      const { command } = JSON.parse(call.function.arguments) as { command?: string };
      tell('runs', command ?? '');
      messages.push({ role: 'tool', tool_call_id: call.id, content: await runCommand(command ?? 'true') });
    }
    await delay(paceMs);
  }
}

const submit = (job: string): Promise<boolean> =>
  fetch(`${service}/jobs/${job}`, { method: 'POST' }).then(
    async (response) => (await response.text(), response.ok),
    () => false,
  );

await task('Look around in this folder and tell me what is here.', tools);
tell('job', 'gives its service a job');
await submit('ordinary');
await delay(paceMs);
tell('job', 'gives its service a job that it cannot bear');
await submit('poisoned');
tell('lost', 'the service does not answer any more; waiting');
const deadline = Date.now() + 40_000;
while (!(await submit('ordinary'))) {
  if (Date.now() > deadline) {
    tell('gaveup', 'the service did not come back');
    process.exit(1);
  }
  await delay(200);
}
tell('back', 'the service answers again; going on');
await task('Finish the work.', []);
tell('done', 'finished');
