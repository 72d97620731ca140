import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort } from '../packages/server/src/platform/process/index.ts';
import { shellBlocks, stepsOf } from './readme/markdown.ts';
import { Hopeless, waitFor } from './harness/wait-for.ts';

/** What the README's examples name; the test's own Vigiles is elsewhere. */
const writtenPorts = { server: 8765, gateway: 8766 };

const blocks = shellBlocks(readFileSync('README.md', 'utf8'));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const folder = mkdtempSync(join(tmpdir(), 'vigiles-readme-'));
const started: ReturnType<typeof run>[] = [];
let ports: { server: number; gateway: number };

/**
 * Stands in for Claude Code, which cannot be had offline: Anthropic's own package, which reads the same two
 * variables, asks one question.
 */
const claude = `#!/usr/bin/env node
import Anthropic from ${JSON.stringify(import.meta.resolve('@anthropic-ai/sdk'))};
const client = new Anthropic({ apiKey: null, maxRetries: 0 });
const answer = await client.messages.create({
  model: 'claude-sonnet-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }],
});
console.log(JSON.stringify(answer));
`;

/**
 * Runs a shell text as a reader would, in a home of its own. `prestart` is left out: it is what `npm test` ran
 * already, and here it could reinstall what other tests use at this moment.
 */
function run(text: string) {
  const child = spawn('sh', ['-e', '-c', text], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      HOME: folder,
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      VIGILES_HOME: join(folder, 'home'),
      CODEX_HOME: join(folder, 'codex'),
      VIGILES_SERVER__PORT: String(ports.server),
      VIGILES_GATEWAY__PORT: String(ports.gateway),
      npm_config_ignore_scripts: 'true',
      npm_config_update_notifier: 'false',
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    ended,
    stdout: () => stdout,
    output: () => `${stdout}\n${stderr}`,
    /** Ends the whole group: npm, its shell and what they started. */
    signal(name: NodeJS.Signals) {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // It has ended by itself.
      }
    },
  };
}

/** How each command of the README is known to have worked. What is not on this list fails the test. */
const knownCommands: { begins: RegExp; worked?: (output: string) => void }[] = [
  {
    begins: /^npm run vigiles -- connect codex$/,
    worked(output) {
      assert.match(output, /Codex now works through Vigiles/);
      assert.match(readFileSync(join(folder, 'codex', 'config.toml'), 'utf8'), /model_provider = "vigiles"/);
    },
  },
  {
    begins: /^npm run vigiles -- demo$/,
    worked: (output) => assert.match(output, /verified outcome: fixed/),
  },
  // The bundled ones, which no registry is needed for.
  {
    begins: /^npm run vigiles -- plugin search$/,
    worked: (output) => assert.match(output, /api-quota[\s\S]*zulip/),
  },
  {
    begins: /^npm run vigiles -- ports list$/,
    worked: (output) => assert.match(output, new RegExp(`\\b${ports.gateway}\\b`)),
  },
  {
    begins: /^npm run vigiles -- backups list$/,
    worked: (output) => assert.match(output, /backups\.targets/),
  },
  { begins: /^export [A-Z_]+=\S+$/ },
  {
    begins: /^export [A-Z_]+=\$\(npm run --silent vigiles -- device pair [a-z-]+ --scopes gateway --token\)$/,
  },
  { begins: /^claude$/, worked: (output) => assert.match(output, /"type":"message".*scripted demo model/) },
  {
    begins: /^curl "\$OPENAI_BASE_URL\/chat\/completions" /,
    worked: (output) => assert.match(output, /"object":"chat\.completion".*scripted demo model/),
  },
];

const answers = (url: string) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

before(async () => {
  ports = { server: await freePort(), gateway: await freePort() };
  for (const name of ['bin', 'codex']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'bin', 'claude.mjs'), claude);
  writeFileSync(join(folder, 'bin', 'claude'), `#!/bin/sh\nexec node ${join(folder, 'bin', 'claude.mjs')}\n`);
  chmodSync(join(folder, 'bin', 'claude'), 0o755);
});
after(async () => {
  for (const each of started) {
    each.signal('SIGTERM');
    const late = setTimeout(() => each.signal('SIGKILL'), 45_000);
    await each.ended;
    clearTimeout(late);
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('the commands of the README, in its order', { timeout: 300_000 }, () => {
  test('there are commands to run', () => {
    assert.ok(blocks.length >= 5, `only ${blocks.length} sh blocks`);
    assert.equal(scripts['prestart'], scripts['pretest']);
  });

  for (const block of blocks) {
    const [first = ''] = stepsOf(block);
    test(first, async () => {
      const steps = stepsOf(block);
      if (steps.length === 1 && first === 'npm test') {
        assert.match(scripts['test'] ?? '', /^node (\S+)$/);
        assert.ok(existsSync((scripts['test'] ?? '').slice('node '.length)));
        return;
      }
      if (steps.length === 1 && first === 'npm start') {
        const vigiles = run(block);
        started.push(vigiles);
        const until = (what: string, ask: () => boolean | Promise<boolean>) =>
          waitFor(what, () => {
            if (vigiles.child.exitCode !== null) throw new Hopeless(vigiles.output());
            return ask();
          });
        for (const port of [ports.server, ports.gateway])
          await until(`something to answer on ${port}`, () => answers(`http://127.0.0.1:${port}`));
        // The link is made and said after the ports have opened.
        await until('a link to sign in with', () => /\/sign-in#code=\w+/.test(vigiles.stdout()));
        return;
      }
      const known = steps.map((step) => knownCommands.find(({ begins }) => begins.test(step)));
      const unknown = steps.filter((_, i) => !known[i]);
      assert.deepEqual(unknown, [], 'commands that this test does not know how to run');
      const text = Object.entries(writtenPorts).reduce(
        (line, [name, port]) => line.replaceAll(`:${port}`, `:${ports[name as keyof typeof writtenPorts]}`),
        block,
      );
      const command = run(text);
      const code = await command.ended;
      assert.equal(code, 0, command.output());
      for (const each of known) each?.worked?.(command.stdout());
    });
  }
});
