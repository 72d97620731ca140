import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { freePort, installPeer, untilAnswers } from './peer-install.ts';
import type { Peer } from './peers.ts';

const version = '1.15.2';

/** Portkey's gateway passes Chat Completions through. */
export const portkey: Peer = {
  name: `Portkey’s gateway ${version}`,
  scenario: 'chat passed through, 1 KB',
  async start(upstreamOrigin) {
    const file = '@portkey-ai/gateway/build/start-server.js';
    const entry = installPeer('portkey', `@portkey-ai/gateway@${version}`, file);
    const port = await freePort();
    const child = spawn(process.execPath, [entry, '--headless', `--port=${port}`], {
      cwd: tmpdir(),
      stdio: 'ignore',
    });
    await untilAnswers('Portkey’s gateway', port, child);
    const headers = {
      authorization: 'Bearer none',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamOrigin}/v1`,
    };
    return { pid: child.pid ?? 0, port, headers, stop: () => void child.kill('SIGKILL') };
  },
};
