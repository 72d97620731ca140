import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginPlan, PluginProcess, Service } from '../../packages/contract/src/index.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { Vigiles } from '../harness/vigiles.ts';
import type { ServiceRig, ServiceRow } from './service-row.ts';

/** A queue, and models that write their calls in a way of their own. */
function startPeer(rig: ServiceRig): Promise<{ place: string; asked: string[] }> {
  const asked: string[] = [];
  const said = '<|house|>{"do":"read_file","with":{"path":"a.txt"}}<|/house|>';
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    const body = request.url?.startsWith('/v1/')
      ? {
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'house-1',
          choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
        }
      : { depth: 3 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  rig.later(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () =>
      done({ place: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }),
    );
  });
}

const module = (place: string): string => `
import { definePlugin, failing, healthy } from '@vigiles/sdk/plugin';
import { readFileSync } from 'node:fs';
const came = async (work) => { try { await work(); return 'done'; } catch (error) { return String(error.code ?? error.message); } };
export const plugin = definePlugin({
  checks: { depth: { title: 'Depth', async look({ fetch }) {
    const { depth } = (await fetch('http://${place}/depth')).json();
    const facts = {
      depth,
      file: await came(() => readFileSync('/etc/hostname')),
      network: await came(() => import('node:net')),
      elsewhere: await came(() => fetch('http://127.0.0.1:1/')),
    };
    return depth > 100 ? failing('too deep', facts) : healthy(facts);
  } } },
  providers: { house: { name: 'House', base_url: 'http://${place}/v1', protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }] } },
  toolCallFormats: { house: { open: ['<|house|>'], close: ['<|/house|>'], payload: 'json', name_key: 'do', arguments_key: 'with' } },
});
`;

const tools = [
  {
    type: 'function',
    function: {
      name: 'read_file',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
  },
];

export const row: ServiceRow = {
  service: 'plugins run',
  peer: 'plugin processes and an HTTP server',
  async run(rig) {
    const { place, asked } = await startPeer(rig);
    const vigiles = await rig.start({
      config: `server: { port: 0 }
egress: { allow_private: ["${place}"] }
watchdog:
  services:
    - { name: queue, checks: [{ type: plugin, plugin: e2e-queue/depth, interval_s: 1 }] }
gateway:
  port: 0
  providers: [{ id: house, type: e2e-queue/house, api_key: k, models: [house-1] }]
`,
    });
    const queue = async () =>
      (await rig.call<{ services: Service[] }>(vigiles, 'GET', '/api/v1/services')).body.services.find(
        ({ name }) => name === 'queue',
      );
    const processOf = async () =>
      (
        await rig.call<{ processes: PluginProcess[] }>(vigiles, 'GET', '/api/v1/plugin-processes')
      ).body.processes.find(({ id }) => id === 'e2e-queue');
    const before = await waitFor('a first look', async () => {
      const seen = await queue();
      return seen && JSON.stringify(seen).includes('not installed') ? seen : null;
    });
    const seen = [
      {
        ok: before.state === 'UNKNOWN',
        seen: `its plugin is missing: the service is ${before.state}, not DOWN`,
      },
    ];

    const folder = join(rig.folder(), 'e2e-queue');
    mkdirSync(folder);
    const manifest = {
      id: 'e2e-queue',
      name: 'Queue',
      version: '1.0.0',
      description: 'Looks at a queue.',
      license: 'MIT',
      author: 'e2e',
      engine: '*',
      main: 'index.mjs',
      permissions: { network: [place] },
      provides: [
        { kind: 'check', name: 'depth' },
        { kind: 'provider', name: 'house' },
        { kind: 'tool_call_format', name: 'house' },
      ],
    };
    writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'index.mjs'), module(place));
    const published = await rig.cli(vigiles, 'plugin', 'publish', folder);
    const plan = (await rig.call<PluginPlan>(vigiles, 'GET', '/api/v1/plugin/e2e-queue/plan')).body;
    const installed = await rig.call(vigiles, 'POST', '/api/v1/plugin/e2e-queue/install', {
      body: { consent: plan.consent },
    });
    const running = await waitFor('its process', async () => {
      const one = await processOf();
      return one?.state === 'running' ? one : null;
    });
    const up = await waitFor('a look of the plugin', async () => {
      const one = await queue();
      return one?.state === 'UP' ? one : null;
    });
    seen.push({
      ok: published.code === 0 && installed.status < 300 && asked.includes('GET /depth'),
      seen: `published, installed with consent; pid ${running.pid}, network fence: ${running.network_fence}; the service is ${up.state}`,
    });
    const facts = JSON.stringify(up);
    const denied = (facts.match(/ERR_ACCESS_DENIED/g) ?? []).length;
    seen.push({
      ok: denied >= 2 && facts.includes('none of the hosts'),
      seen: 'a file, a socket and a host that were not granted are refused within it',
    });
    const answer = await turn(vigiles);
    seen.push({
      ok: answer.includes('"name":"read_file"') && !answer.includes('<|house|>'),
      seen: 'the gateway serves its provider, and its way of writing calls becomes calls',
    });

    process.kill(running.pid ?? 0, 'SIGKILL');
    const again = await waitFor('it to be started again', async () => {
      const one = await processOf();
      return one?.state === 'running' && one.pid !== running.pid ? one : null;
    });
    seen.push({
      ok: again.crashes === 1,
      seen: `killed, it was started again: ${again.crashes} crash, pid ${again.pid}`,
    });
    await rig.call(vigiles, 'POST', '/api/v1/plugin/e2e-queue/uninstall', { body: {} });
    const gone = await waitFor('the service to be unknown', async () => {
      const one = await queue();
      return one?.state === 'UNKNOWN' ? one : null;
    });
    seen.push({
      ok: (await processOf()) === undefined,
      seen: `uninstalled: no process, and the service is ${gone.state}`,
    });
    return seen;
  },
};

/** A turn to the plugin's provider; asked again until the gateway knows of it. */
function turn(vigiles: Vigiles): Promise<string> {
  return waitFor('the gateway to serve it', async () => {
    const response = await fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${vigiles.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'house/house-1',
        messages: [{ role: 'user', content: 'read a.txt' }],
        tools,
      }),
    });
    const text = await response.text();
    return response.status === 200 ? text : null;
  });
}
