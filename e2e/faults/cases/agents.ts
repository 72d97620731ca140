import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sessionHolder, sessionOf, startCodex, startCodexLike } from '../agents.ts';
import type { FaultCase } from '../fault-case.ts';
import { answerJson } from '../../../packages/server/src/testing/upstreams/scripted-upstream.ts';
import type { Illness } from '../sick-provider.ts';

const begin: Illness = (_seen, res) => {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.write('data: {"type":"response.created","response":{"id":"r1"}}\n\n');
};
const cut: Illness = async (seen, res) => {
  await begin(seen, res);
  setTimeout(() => res.destroy(), 20);
};

/** What a Codex says before its session has a name is filed under its process. */
const unnamed = ['agent:codex:*'];

/** D: agents on this machine, the real Codex wherever it can be made to fail that way. */
export const agentCases: readonly FaultCase[] = [
  {
    fault: 'D1',
    how: 'kill -9 of Codex in the middle of a turn',
    target: 'agent:*',
    action: 'alert_user',
    ends: 'told',
    async happen({ sick, folder }) {
      sick.falls('d1', begin);
      const codex = startCodex(join(folder, 'd1'), sick.url('d1'));
      const pid = await sessionHolder(codex.home);
      // It has to be seen alive before it can be missed.
      await sleep(4000);
      process.kill(pid, 'SIGKILL');
      await codex.ended;
      return { target: await sessionOf(codex.home), mend: codex.stop };
    },
  },
  {
    fault: 'D2',
    how: 'an agent takes 4.3 GB',
    target: 'agent:*',
    action: 'alert_user',
    ends: 'told',
    withinS: 60,
    async happen({ folder }) {
      const script = `const kept = []; for (let i = 0; i < 43; i++) kept.push(Buffer.alloc(1e8, 1)); setInterval(() => kept.length, 1000);`;
      const agent = startCodexLike(join(folder, 'd2'), script);
      return { target: `agent:codex:${agent.child.pid}`, mend: agent.stop };
    },
  },
  {
    fault: 'D3',
    how: 'streams that break again and again under Codex',
    target: 'agent:*',
    actsOn: unnamed,
    action: 'ignore',
    ends: 'noted',
    withinS: 120,
    async happen({ sick, folder }) {
      sick.falls('d3', cut);
      // Half a minute of it: each try waits twice as long as the one before.
      const codex = startCodex(join(folder, 'd3'), sick.url('d3'), 8);
      return { target: await sessionOf(codex.home), mend: codex.stop };
    },
  },
  {
    fault: 'D4',
    how: 'Codex’s configuration is full of zeros, and it says that its state is malformed',
    target: 'agent:*',
    action: 'regenerate_config',
    ends: 'fixed',
    withinS: 60,
    async happen({ folder, command }) {
      await command('connect', 'codex');
      const config = join(folder, '.codex', 'config.toml');
      writeFileSync(config, `${readFileSync(config, 'utf8')}\n${'\0'.repeat(512)}`);
      const script = `setTimeout(() => console.error('Error: database disk image is malformed'), 4000); setTimeout(() => {}, 60_000);`;
      const agent = startCodexLike(join(folder, 'd4'), script);
      await sleep(4000);
      return { target: `agent:codex:${agent.child.pid}`, mend: agent.stop };
    },
  },
  {
    fault: 'D5',
    how: 'Codex is told context_length_exceeded',
    target: 'agent:*',
    action: 'alert_user',
    ends: 'told',
    async happen({ sick, folder }) {
      const error = { message: 'Your input exceeds the context window', code: 'context_length_exceeded' };
      sick.falls('d5', (_seen, res) => answerJson(res, 400, { error }));
      const codex = startCodex(join(folder, 'd5'), sick.url('d5'));
      await codex.ended;
      return { target: await sessionOf(codex.home) };
    },
  },
  {
    fault: 'D6',
    how: 'Codex reconnects five times in a row',
    target: 'agent:*',
    actsOn: unnamed,
    action: 'ignore',
    ends: 'noted',
    withinS: 120,
    async happen({ sick, folder }) {
      sick.falls('d6', cut);
      const codex = startCodex(join(folder, 'd6'), sick.url('d6'));
      await codex.ended;
      return { target: await sessionOf(codex.home) };
    },
  },
];
