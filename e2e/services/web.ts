import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { EgressConfig } from '../../packages/contract/src/index.ts';
import { createEgress } from '../../packages/server/src/platform/egress/index.ts';
import type { Seen, ServiceRig, ServiceRow } from './service-row.ts';

type Answer = (response: ServerResponse, path: string) => void;

/** A server on the loopback; closed with the rig. */
async function serve(rig: ServiceRig, answer: Answer, host = '127.0.0.1', port = 0) {
  const hits: string[] = [];
  const server: Server = createServer((request, response) => {
    hits.push(request.url ?? '');
    answer(response, request.url ?? '');
  });
  await new Promise<void>((done) => void server.listen(port, host, done));
  rig.later(async () => {
    server.closeAllConnections();
    await new Promise((done) => void server.close(done));
  });
  return { hits, port: (server.address() as AddressInfo).port };
}

const redirect = (response: ServerResponse, to: string): void =>
  void response.writeHead(302, { location: to }).end();

/** Writes zeros, compressed, until the reader goes away: 64 MB for a few kilobytes on the wire. */
function bomb(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
  const zeros = createGzip();
  zeros.on('error', () => {}).pipe(response);
  const block = Buffer.alloc(1_048_576);
  let left = 64;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!zeros.write(block)) return void zeros.once('drain', more);
    }
    zeros.end();
  };
  more();
}

/** The name leads to a harmless address when it is checked, and to a private one whenever it is asked again. */
async function rebinding(rig: ServiceRig): Promise<Seen> {
  const bait = await serve(rig, (response) => response.end('harmless'), '127.0.0.2');
  const victim = await serve(rig, (response) => response.end('secret'), '127.0.0.1', bait.port);
  let asked = 0;
  const egress = createEgress({
    config: () => EgressConfig.parse({ allow_private_asked: ['127.0.0.2'] }),
    resolve: async () => [(asked += 1) === 1 ? '127.0.0.2' : '127.0.0.1'],
  });
  const ask = async (): Promise<string> => {
    const answer = await egress.fetch({ url: `http://rebind.test:${bait.port}/`, reach: 'asked' });
    return answer.ok ? answer.value.body.toString() : answer.fault.code;
  };
  const first = await ask();
  await egress.close();
  const second = await ask();
  await egress.close();
  return {
    ok: first === 'harmless' && second === 'egress_private_address' && victim.hits.length === 0,
    seen: `rebinding name: first “${first}”, then ${second}; the private server was called ${victim.hits.length} times`,
  };
}

export const row: ServiceRow = {
  service: 'web fetch',
  peer: 'hostile HTTP servers',
  async run(rig) {
    const inside = await serve(rig, (response) => response.end('secret'));
    const site = await serve(rig, (response, path) => {
      const [, kind, rest = ''] = path.split('/');
      if (kind === 'page')
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<title>T</title><article><h1>H</h1><p>Words.</p><script>evil()</script></article>');
      else if (kind === 'to') redirect(response, decodeURIComponent(rest));
      else if (kind === 'chain')
        redirect(response, Number(rest) > 0 ? `/chain/${Number(rest) - 1}` : '/page');
      else if (kind === 'bomb') bomb(response);
      else if (kind === 'drip') response.writeHead(200, { 'content-type': 'text/plain' }).write('a');
      else response.writeHead(404).end();
    });
    const vigiles = await rig.start({
      config: `egress: { allow_private_asked: ['127.0.0.1:${site.port}'] }\n`,
    });
    const fetchPage = async (url: string, options: object = {}): Promise<string> => {
      const { status, body } = await rig.call<{ code?: string; content?: string }>(
        vigiles,
        'POST',
        '/api/v1/web/fetch',
        { body: { url, options } },
      );
      return body.code ?? `${status} ${body.content ?? ''}`;
    };
    const here = `http://127.0.0.1:${site.port}`;
    const seen: Seen[] = [];
    const page = await fetchPage(`${here}/page`, { format: 'markdown' });
    seen.push({
      ok: /Words\./.test(page) && !/evil/.test(page),
      seen: `a page as markdown, its script gone: “${page}”`,
    });
    const spellings = [
      `127.0.0.1:${inside.port}`,
      `2130706433:${inside.port}`,
      `[::ffff:127.0.0.1]:${inside.port}`,
      `localhost.:${inside.port}`,
      '169.254.169.254',
    ];
    const answers = await Promise.all(
      spellings.map((host) => fetchPage(`${here}/to/${encodeURIComponent(`http://${host}/`)}`)),
    );
    seen.push({
      ok: answers.every((code) => code === 'egress_private_address') && inside.hits.length === 0,
      seen: `redirects to ${spellings.length} spellings of private addresses: ${[...new Set(answers)].join(', ')}; called ${inside.hits.length} times`,
    });
    const chain = await fetchPage(`${here}/chain/30`);
    seen.push({
      ok: chain === 'egress_redirect' && site.hits.length < 30,
      seen: `chain of 30 redirects: ${chain}`,
    });
    const burst = await fetchPage(`${here}/bomb`);
    seen.push({ ok: burst === 'egress_too_large', seen: `bomb of 64 MB behind gzip: ${burst}` });
    const drip = await fetchPage(`${here}/drip`, { timeout: 0.5 });
    seen.push({ ok: drip === 'egress_timeout', seen: `an answer that never ends: ${drip}` });
    seen.push(await rebinding(rig));
    return seen;
  },
};
