import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeMethod, BridgeParams, BridgeResult } from '../../packages/contract/src/index.ts';
import { readDiscovery } from '../../packages/vscode/src/bridge/discovery.ts';
import { BridgeFailure, connectRpc } from '../../packages/vscode/src/bridge/rpc.ts';
import type { ServiceRow } from './service-row.ts';

export const row: ServiceRow = {
  service: 'VS Code bridge',
  peer: 'the extension’s own client, twice, and a page',
  async run(rig) {
    const vigiles = await rig.start();
    const found = await readDiscovery(vigiles.home);
    if (!found) return [{ ok: false, seen: 'there is no discovery file' }];
    const mode = (statSync(join(vigiles.home, 'run', 'vscode-bridge.json')).mode & 0o777).toString(8);
    const health = async (headers: Record<string, string>) =>
      (await fetch(`${found.url}/health`, { headers })).status;
    const page = await health({ authorization: `Bearer ${found.token}`, origin: 'https://evil.example' });
    const stranger = await health({ authorization: `Bearer ${vigiles.token}` });

    const heard = { event: () => undefined, closed: () => undefined };
    const [one, two] = await Promise.all([connectRpc(found, heard), connectRpc(found, heard)]);
    rig.later(() => one.close());
    rig.later(() => two.close());
    const codeOf = async <M extends BridgeMethod>(
      from: typeof one,
      method: M,
      params: BridgeParams<M>,
    ): Promise<BridgeResult<M> | string> => {
      try {
        return await from.call(method, params);
      } catch (thrown) {
        return thrown instanceof BridgeFailure ? thrown.code : String(thrown);
      }
    };
    const refused = await fetch(`${found.url}/execute/command`, {
      method: 'POST',
      headers: { authorization: `Bearer ${found.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'shell.run', args: {} }),
    });
    const { code: shell = 'done' } = (await refused.json()) as { code?: string };
    await rig.call(vigiles, 'POST', '/api/v1/sessions', { body: { session_id: 'editor' } });
    const asked = await rig.call<{ decision_id: string }>(
      vigiles,
      'POST',
      '/api/v1/sessions/editor/decisions',
      { body: { question: 'Which?', options: ['a', 'b'] } },
    );
    const answer = { session_id: 'editor', decision_id: asked.body.decision_id };
    const won = await codeOf(one, 'decision.answer', { ...answer, choice: 'a' });
    const lost = await codeOf(two, 'decision.answer', { ...answer, choice: 'b' });
    const script = await codeOf(one, 'script.check', { code: 'let y = {;' });
    return [
      { ok: mode === '600', seen: `discovery file: mode ${mode}` },
      {
        ok: page === 403 && stranger === 401,
        seen: `a page that has the token: ${page}; another token: ${stranger}`,
      },
      {
        ok: shell === 'command_not_allowed',
        seen: `shell.run: ${shell}`,
      },
      {
        ok: typeof won === 'object' && lost === 'decision_made',
        seen: `two editors answer: one is taken, the other hears ${typeof lost === 'string' ? lost : 'nothing'}`,
      },
      {
        ok: typeof script === 'object' && !script.valid,
        seen: `script.check finds the error: ${JSON.stringify(script)}`,
      },
    ];
  },
};
