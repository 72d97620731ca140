import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { attach } from '../../packages/sdk/src/index.ts';

/**
 * An agent with the SDK as anybody writes one, which survives control: it says what happens and carries out commands, and
 * keeps a journal of its own. `did <id>`: carried out; `ack <n>`: everything up to there is stored, by the server's word.
 */
const [url = '', token = '', sessionId = '', journal = ''] = process.argv.slice(2);
const note = (line: string): void => appendFileSync(journal, `${line}\n`);

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const agent = await attach({
  url,
  token,
  sessionId,
  holder: 'orchestrator',
  onError: (error, fatal) => {
    note(`error ${error.code}`);
    if (fatal) process.exit(1);
  },
});
agent.onCommand('INJECT', ({ command_id: id }) => {
  note(`did ${id}`);
  return { journal: id };
});
note('ready');
for (let n = 1; !stop.signal.aborted; n += 10) {
  for (let i = 0; i < 10; i += 1) agent.emit('skill:progress', { n: n + i });
  await agent.flush();
  note(`ack ${n + 9}`);
  await delay(5);
}
await agent.close();
note('closed');
