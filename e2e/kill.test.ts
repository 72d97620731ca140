import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SessionEvent } from '@vigiles/contract';
import { createSessionsClient, VigilesError } from '../packages/sdk/src/index.ts';
import { waitFor } from './harness/wait-for.ts';

/** `KILLS=200 node --test e2e/kill.test.ts` for the long run. */
const kills = Number(process.env['KILLS'] ?? 3);
const sessionId = 'under-fire';
const orchestrator = fileURLToPath(new URL('./kill/orchestrator.ts', import.meta.url));

/** A port that nobody has, below those the system gives away by itself: control comes back to it again and again. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const asked = 20_000 + Math.floor(Math.random() * 10_000);
    const open = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(asked, '127.0.0.1', () => resolve(true));
    });
    if (!open) continue;
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
}

const much = '{ per_minute: 1000000, per_hour: 10000000, per_day: 10000000, cooldown_s: 0 }';
const config = (port: number): string => `
server: { port: ${port} }
gateway: { enabled: false }
limits: { light: ${much}, standard: ${much}, heavy: ${much} }
`;

interface Door {
  url: string;
  token: string;
  pid: number;
}

/** States that a command stays in. */
const final = new Set(['applied', 'failed', 'expired', 'superseded', 'rejected']);
/** The last state of each command, by the log. */
const statesOf = (events: readonly SessionEvent[]): Map<string, string> =>
  new Map(
    events
      .filter(({ type }) => type === 'command:update')
      .map(({ data }) => [String(data['command_id']), String(data['state'])]),
  );

/** One life of control. */
class Life {
  readonly control: ChildProcess;
  readonly #home: string;
  constructor(home: string) {
    this.#home = home;
    const args = ['packages/cli/src/vigiles.mjs', 'start', '--no-interactive', '--home', home];
    this.control = spawn(process.execPath, args, { stdio: 'ignore' });
  }
  door(): Promise<Door> {
    return waitFor(
      'control to serve',
      () => {
        assert.equal(this.control.exitCode, null, 'control ended by itself');
        const path = join(this.#home, 'run', 'control.json');
        if (!existsSync(path)) return null;
        const door = JSON.parse(readFileSync(path, 'utf8')) as Door;
        return door.pid === this.control.pid ? door : null;
      },
      120_000,
    );
  }
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ended = once(this.control, 'exit');
    this.control.kill(signal);
    await ended;
  }
}

test(`control killed with -9 at ${kills} moments under load loses no acknowledged event, stores none twice and applies no command twice`, async () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-kill-'));
  const journal = join(home, 'journal.txt');
  const lines = (kind: string): string[] =>
    existsSync(journal)
      ? readFileSync(journal, 'utf8')
          .split('\n')
          .filter((line) => line.startsWith(`${kind} `))
          .map((line) => line.slice(kind.length + 1))
      : [];
  writeFileSync(join(home, 'vigiles.yaml'), config(await freePort()));
  let life = new Life(home);
  let agent: ChildProcess | null = null;
  try {
    const { url, token } = await life.door();
    agent = spawn(process.execPath, [orchestrator, url, token, sessionId, journal], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await waitFor('the agent to be attached', () => (lines('ack').length > 0 ? true : null), 60_000);

    const client = createSessionsClient({ url, token });
    const send = async (command_id: string): Promise<void> => {
      for (;;) {
        const answer = await fetch(`${url}/api/v1/sessions/${sessionId}/commands`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ type: 'INJECT', skill_name: 'x', command_id }),
        }).catch(() => null);
        if (answer?.status === 202) return;
        assert.ok(!answer || answer.status >= 500, `${answer?.status}: ${await answer?.text()}`);
        await delay(20);
      }
    };
    const accepted = new Set<string>();
    const over = new AbortController();
    const commands = (async () => {
      for (let n = 1; !over.signal.aborted; n += 1) {
        const id = `c${n}`;
        // Sent until there is an answer, whoever dies in between; often, so that each life has its share.
        await send(id);
        accepted.add(id);
        // Slower than they are carried out: what is accepted is settled soon after the last death.
        await delay(60);
      }
    })();

    for (let n = 0; n < kills; n += 1) {
      // Every third time while it is still starting, else while commands come, and now and then while events do as well: an
      // SDK that was cut off waits for up to ten seconds before it tries again.
      if (n % 3 === 2) await delay(Math.random() * 1500);
      else {
        await life.door();
        const [sent, stored] = [accepted.size, lines('ack').length];
        await waitFor(
          'load',
          () => accepted.size > sent && (n % 6 !== 1 || lines('ack').length > stored),
          60_000,
        );
        await delay(Math.random() * 300);
      }
      if (n % 20 === 19)
        console.log(`${n + 1} kills, ${accepted.size} commands, ${lines('ack').at(-1)} events`);
      await life.end('SIGKILL');
      life = new Life(home);
    }
    await life.door();
    const before = accepted.size;
    await waitFor('work to go on', () => (accepted.size > before + 5 ? true : null), 60_000);
    over.abort();
    await commands;
    const readAll = async (): Promise<SessionEvent[]> => {
      const all: SessionEvent[] = [];
      for await (const event of client.events(sessionId)) all.push(event);
      return all;
    };
    // What came while the agent was cut off is carried out now, one after the other.
    let open: string[] = [];
    await waitFor(
      'all commands to be settled',
      async () => {
        const states = statesOf(await readAll());
        open = [...accepted].filter((id) => !final.has(states.get(id) ?? ''));
        return open.length === 0;
      },
      120_000 + kills * 5_000,
    ).catch((thrown: unknown) => {
      const said = `${open.length} are open, the first is ${open[0]}; carried out: ${lines('did').length}`;
      throw new Error(said, { cause: thrown });
    });
    const closed = once(agent, 'exit');
    agent.kill('SIGTERM');
    assert.deepEqual(await closed, [0, null], lines('error').join());

    const events = await readAll();
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, i) => i + 1),
      'no gap',
    );
    assert.equal(new Set(events.map(({ event_id: id }) => id)).size, events.length, 'no event twice');
    const said = events.filter(({ type }) => type === 'skill:progress').map(({ data }) => Number(data['n']));
    const acknowledged = Number(lines('ack').at(-1));
    assert.deepEqual(
      said.slice(0, acknowledged),
      Array.from({ length: acknowledged }, (_, i) => i + 1),
      'everything acknowledged, once, in order',
    );
    const applied = events
      .filter(({ type, data }) => type === 'command:update' && data['state'] === 'applied')
      .map(({ command_id: id }) => id);
    assert.equal(new Set(applied).size, applied.length, 'no command applied twice in the log');
    const did = lines('did');
    assert.equal(new Set(did).size, did.length, 'no command carried out twice');
    for (const id of applied) assert.ok(did.includes(id ?? ''), `${id} was carried out`);
    const states = statesOf(events);
    for (const id of accepted) assert.ok(final.has(states.get(id) ?? ''), `${id} is known and settled`);
    assert.ok(acknowledged > 0 && did.length > 0, 'there was load');
    console.log(
      `${kills} kills: ${acknowledged} events acknowledged, ${accepted.size} commands accepted, ${applied.length} applied`,
    );
  } catch (thrown) {
    if (thrown instanceof VigilesError)
      throw new Error(`${thrown.code}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  } finally {
    agent?.kill('SIGKILL');
    if (life.control.exitCode === null && life.control.signalCode === null) await life.end('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
});
