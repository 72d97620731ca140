import { request } from 'node:http';
import { GatewayConfig, type Identity, type Turn } from '@vigiles/contract';
import { silentLog } from '../kernel/log.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../features/gateway/create-gateway.ts';
import type { StoreContents } from '../features/gateway/contents/write-contents.ts';
import { createLedger } from '../features/gateway/ledger/ledger.ts';
import { pauses } from './pauses.ts';

const device = (deviceId: string, scopes: Identity['scopes']): Identity => ({
  kind: 'device',
  deviceId,
  name: deviceId,
  scopes,
});

/** Tokens every test gateway knows. */
const identities: Record<string, Identity> = {
  'tok-agent': device('agent', ['gateway']),
  'tok-other': device('other', ['gateway']),
  'tok-reader': device('reader', ['read']),
};

export interface TestGateway {
  gateway: Gateway;
  url: string;
  port: number;
  /** Rows that reached the ledger's sink, in order. */
  turns: Turn[];
  /** What turns said, where that is kept. */
  contents: StoreContents[];
  /** The one ledger row of an answered turn. */
  row(answer: Pick<RawAnswer, 'headers'>): Promise<Turn>;
  /** Waits until `count` rows are there and answers them. */
  settled(count: number): Promise<Turn[]>;
  close(): Promise<void>;
}

/** A gateway with real sockets and everything real but the disk under its ledger. */
export async function startTestGateway(
  config: object = {},
  more: Partial<
    Pick<
      GatewayOptions,
      | 'budgets'
      | 'spent'
      | 'door'
      | 'clock'
      | 'log'
      | 'memory'
      | 'overrides'
      | 'redact'
      | 'secrets'
      | 'onBudgetReached'
      | 'onFailures'
      | 'gate'
    >
  > = {},
): Promise<TestGateway> {
  const turns: Turn[] = [];
  const contents: StoreContents[] = [];
  const ledger = createLedger({
    log: silentLog,
    sink: {
      async write(batch) {
        turns.push(...batch);
      },
      store: (one) => void contents.push(one),
      async close() {},
    },
  });
  const gateway = createGateway({
    config: GatewayConfig.parse({ discover_local: false, ...config }),
    budgets: {},
    spent: [],
    door: { peek: (token) => identities[token] ?? null, authenticate: async () => null },
    ledger,
    version: '0.0.0-test',
    log: silentLog,
    ...more,
  });
  const { port } = await gateway.listen('127.0.0.1', 0);
  return {
    gateway,
    url: `http://127.0.0.1:${port}`,
    port,
    turns,
    contents,
    async row(answer) {
      const id = answer.headers['x-vigiles-turn'];
      await until(() => turns.some((turn) => turn.id === id), `the row of ${String(id)}`);
      const rows = turns.filter((turn) => turn.id === id);
      if (rows.length !== 1) throw new Error(`${rows.length} rows for one turn`);
      return rows[0] as Turn;
    },
    async settled(count) {
      await until(() => turns.length >= count, `${count} settled turns`);
      return turns;
    },
    async close() {
      await gateway.stop(0);
    },
  };
}

/** Polls a condition until it holds; fails after half a minute. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  const pause = pauses();
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause();
  }
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  // oxlint-disable-next-line typescript/no-explicit-any -- each protocol has its own shape; tests assert on it
  json(): any;
}

/** POSTs bytes as they are and collects the answer's bytes as they are. */
export function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = { authorization: 'Bearer tok-agent' },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const all = Buffer.concat(chunks);
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body: all,
            json: () => JSON.parse(all.toString()),
          });
        });
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}
