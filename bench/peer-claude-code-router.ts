import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, installPeer, untilAnswers } from './peer-install.ts';
import type { Peer } from './peers.ts';

/** The last version whose every dependency is on npm: 3.1.1 wants `@the-next-ai/ai-gateway`, which is not. */
const version = '2.0.0';

/** claude-code-router translates Messages to Chat Completions; it passes nothing through. */
export const claudeCodeRouter: Peer = {
  name: `claude-code-router ${version}`,
  scenario: 'Messages → Chat, 1 KB',
  async start(upstreamOrigin) {
    const file = '@musistudio/claude-code-router/dist/cli.js';
    const entry = installPeer('ccr', `@musistudio/claude-code-router@${version}`, file);
    const port = await freePort();
    const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-ccr-home-'));
    mkdirSync(join(home, '.claude-code-router'));
    writeFileSync(
      join(home, '.claude-code-router', 'config.json'),
      JSON.stringify({
        HOST: '127.0.0.1',
        PORT: port,
        LOG: false,
        NON_INTERACTIVE_MODE: true,
        Providers: [
          {
            name: 'bench',
            api_base_url: `${upstreamOrigin}/v1/chat/completions`,
            api_key: 'none',
            models: ['bench'],
          },
        ],
        Router: { default: 'bench,bench' },
      }),
    );
    const child = spawn(process.execPath, [entry, 'start'], {
      cwd: home,
      env: { ...process.env, HOME: home },
      stdio: 'ignore',
    });
    await untilAnswers('claude-code-router', port, child);
    return {
      pid: child.pid ?? 0,
      port,
      headers: { 'x-api-key': 'none', 'anthropic-version': '2023-06-01' },
      stop() {
        child.kill('SIGKILL');
        rmSync(home, { recursive: true, force: true });
      },
    };
  },
};
