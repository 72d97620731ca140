import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '../harness/wait-for.ts';
import type { ServiceRow } from './service-row.ts';

interface Got {
  headers: IncomingHttpHeaders;
  body: string;
}

export const row: ServiceRow = {
  service: 'notifications',
  peer: 'webhook receiver that fails at first',
  async run(rig) {
    const got: Got[] = [];
    let refusals = 1;
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        if (refusals > 0) {
          refusals -= 1;
          response.writeHead(503, { 'retry-after': '1' }).end();
          return;
        }
        got.push({ headers: request.headers, body });
        response.end('{}');
      });
    });
    await new Promise<void>((done) => void receiver.listen(0, '127.0.0.1', done));
    rig.later(() => {
      receiver.closeAllConnections();
      receiver.close();
    });
    const { port } = receiver.address() as AddressInfo;
    const vigiles = await rig.start({
      config: `egress: { allow_private: ['127.0.0.1:${port}'] }
notifications:
  group_wait_s: 0
  channels:
    - { name: hook, type: webhook, url: 'http://127.0.0.1:${port}/hook', secret: '\${env:HOOK_SECRET}', min_severity: info }
`,
      env: { HOOK_SECRET: 'the-hook-secret-0123456789' },
    });
    const said = await rig.call<{ data: { id: string } }>(vigiles, 'POST', '/api/v1/notifications', {
      body: { type: 'error', title: 'Disk', message: '=HYPERLINK("http://evil.example")' },
    });
    await waitFor('the notice to arrive', () => got.length > 0, 60_000);
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    const signature = String(headers['x-vigiles-signature'] ?? '');
    const stamp = /t=(\d+)/.exec(signature)?.[1] ?? String(headers['x-vigiles-timestamp'] ?? '');
    const mac = createHmac('sha256', 'the-hook-secret-0123456789').update(`${stamp}.${body}`).digest('hex');
    const csv = await rig.call<{ data: { content: string } }>(
      vigiles,
      'GET',
      '/api/v1/notifications/export?format=csv',
    );
    return [
      {
        ok: said.status === 201 && got.length === 1 && body.includes('Disk'),
        seen: `refused with 503 at first, then delivered once: ${got.length}`,
      },
      { ok: signature.includes(mac), seen: 'its HMAC over timestamp and body is right' },
      {
        ok: csv.body.data.content.includes(`'=HYPERLINK`),
        seen: 'a formula in the CSV export is escaped',
      },
    ];
  },
};
