import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { QuotasAnswer } from '../../packages/contract/src/index.ts';
import {
  goodFiles,
  packageOf,
  rawEntry,
} from '../../packages/server/src/features/plugins/testing/make-tar.ts';
import type { Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { Seen, ServiceRow } from './service-row.ts';

interface Refused {
  code?: string;
  details?: { quota: string; used: number; limit: number; resets_at: number };
}

/** Incompressible, so that it weighs what it says. */
const heavy = (id: string, kilobytes: number): Buffer =>
  packageOf(
    ...goodFiles({ id, name: id }),
    rawEntry({
      name: 'data.txt',
      content: Array.from({ length: kilobytes * 16 }, (_, at) =>
        createHash('sha256').update(`${id}${at}`).digest('hex'),
      ).join(''),
    }),
  );

async function publish({ url, token }: Vigiles, bytes: Buffer): Promise<string> {
  const answer = await fetch(`${url}/api/v1/plugin/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
    body: new Uint8Array(bytes),
  });
  const { code = '' } = (await answer.json()) as { code?: string };
  return `${answer.status} ${code}`.trim();
}

async function download({ url, token }: Vigiles, id: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/plugin/${id}/download`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/gzip' },
  });
  if (answer.ok) return `${answer.status}, ${(await answer.arrayBuffer()).byteLength} bytes`;
  return `${answer.status} ${((await answer.json()) as { code: string }).code}`;
}

export const row: ServiceRow = {
  service: 'quotas',
  peer: 'an HTTP server, packages',
  async run(rig) {
    let hits = 0;
    const site = createServer((_request, response) => {
      hits += 1;
      response.writeHead(200, { 'content-type': 'text/plain' }).end('words');
    });
    await new Promise<void>((done) => void site.listen(0, '127.0.0.1', done));
    rig.later(() => {
      site.closeAllConnections();
      site.close();
    });
    const { port } = site.address() as AddressInfo;
    const config = `server: { port: 0 }
gateway: { port: 0, limits: [{ device: '*', requests_per_day: 2 }] }
web: { max_concurrent: 32 }
egress: { allow_private_asked: ['127.0.0.1:${port}'] }
quotas:
  devices:
    '*': { web_requests: { daily: 10 }, storage_mb: 0.05, bandwidth_mb: { daily: 0.02 } }
`;
    const vigiles = await rig.start({ config });
    const page = (at: number) =>
      rig.call<Refused>(vigiles, 'POST', '/api/v1/web/fetch', {
        body: { url: `http://127.0.0.1:${port}/${at}` },
      });
    const seen: Seen[] = [];
    const asked = await Promise.all(Array.from({ length: 25 }, (_, at) => page(at)));
    const refused = asked.filter(({ status }) => status === 429);
    const { code, details } = refused[0]?.body ?? {};
    seen.push({
      ok: refused.length === 15 && hits === 10 && code === 'quota_exhausted' && details?.used === 10,
      seen: `25 pages at once, 10 a day allowed: ${25 - refused.length} came, the site was asked ${hits} times, then ${code ?? 'nothing'} (${details?.quota ?? ''} ${details?.used ?? ''} of ${details?.limit ?? ''})`,
    });
    const told = await waitFor('the notification', async () => {
      const { body } = await rig.call(vigiles, 'GET', '/api/v1/notifications?limit=100');
      const titles = JSON.stringify(body).match(/daily web_requests of [^"]* is used up to (\d+) %/g) ?? [];
      return titles.length >= 4 && titles;
    });
    seen.push({
      ok: [50, 75, 90, 100].every((step) => told.some((title) => title.endsWith(`${step} %`))),
      seen: `notifications: ${told.map((title) => title.slice(-5).trim()).join(', ')}`,
    });
    const small = await publish(vigiles, heavy('small', 24));
    const large = await publish(vigiles, heavy('large', 128));
    seen.push({
      ok: small === '201' && large === '429 quota_exhausted',
      seen: `0.05 MB may be stored: a small package ${small}, one beyond it ${large}`,
    });
    const first = await download(vigiles, 'small');
    const second = await download(vigiles, 'small');
    seen.push({
      ok: first.startsWith('200') && second === '429 quota_exhausted',
      seen: `0.02 MB of traffic a day: a download ${first}, the next ${second}`,
    });
    const turn = async () => {
      const answer = await fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${vigiles.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'demo/scripted', messages: [{ role: 'user', content: 'Hello' }] }),
      });
      await answer.text();
      return answer.status;
    };
    const turns = [await turn(), await turn(), await turn()];
    const model = await waitFor('the turns to be told', async () => {
      const { body } = await rig.call(vigiles, 'GET', '/api/v1/notifications?limit=100');
      return /daily ai_requests of [^"]* is used up to 100 %/.exec(JSON.stringify(body))?.[0];
    });
    seen.push({
      ok: turns.join() === '200,200,429',
      seen: `2 turns a day by the gateway’s own limit: ${turns.join(', ')}; told: ${model}`,
    });
    const shown = await rig.cli(vigiles, 'quotas', '--json');
    const { devices } = JSON.parse(shown.out) as QuotasAnswer;
    const states = devices.flatMap(({ quotas }) => quotas);
    const web = states.find(({ quota, percent }) => quota === 'web_requests' && percent === 100);
    const drawn = await rig.cli(vigiles, 'quotas');
    seen.push({
      ok: web?.used === 10 && web.remaining === 0 && /web_requests +daily +10 +10 +100 %/.test(drawn.out),
      seen: `vigiles quotas: web_requests ${web?.used ?? '?'} of ${web?.limit ?? '?'}, ${web?.percent ?? '?'} %`,
    });
    return seen;
  },
};
