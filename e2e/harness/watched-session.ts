import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Checkpoint, Decision, Session, SessionCommand, SessionEvent } from '@vigiles/contract';
import type { Vigiles } from './vigiles.ts';
import { waitFor } from './wait-for.ts';

/** A loaded machine takes its time to start an agent. */
const DEADLINE_MS = 90_000;

/** One agent's session, as whoever watches it over the API sees it. */
export interface WatchedSession {
  id: string;
  now(): Promise<Session>;
  events(): Promise<SessionEvent[]>;
  /** Waits; where it never comes true, the error tells the session's story. */
  until<T>(what: string, ask: () => Promise<T> | T): Promise<Exclude<T, null | undefined | false>>;
  /** Waits until so many events of this type are in the log. */
  has(type: string, count?: number): Promise<unknown>;
  /** Gives a command; the answer is that it was taken. */
  give(type: string, args?: object): Promise<{ settled(): Promise<SessionCommand> }>;
  /** Gives a command and waits until it is applied. */
  apply(type: string, args?: object): Promise<SessionCommand>;
  /** The question that waits for an answer. */
  question(): Promise<Decision>;
  /** Newest first. */
  checkpoints(): Promise<Checkpoint[]>;
  delete(): Promise<unknown>;
}

export function watchSession({ api }: Vigiles, id: string): WatchedSession {
  const at = `/api/v1/sessions/${id}`;
  const now = () => api<Session>(at);
  const events = async () =>
    (await api<{ events: SessionEvent[] }>(`${at}/events?limit=500`)).events.filter(
      ({ type }) => !type.startsWith('usage:'),
    );
  const until: WatchedSession['until'] = (what, ask) =>
    waitFor(what, ask, DEADLINE_MS).catch(async (thrown: unknown) => {
      const story = (await events()).slice(-20).map(({ seq, type, data }) => [seq, type, data]);
      throw new Error(`${String(thrown)}\n${JSON.stringify([await now(), ...story], null, 1)}`);
    });
  const give: WatchedSession['give'] = async (type, args = {}) => {
    const taken = await api<{ command_id: string }>(`${at}/commands`, {
      method: 'POST',
      body: { type, ...args },
    });
    const settled = () =>
      until(`${type} to be settled`, async () => {
        const command = await api<SessionCommand>(`${at}/commands/${taken.command_id}`);
        return ['queued', 'delivered'].includes(command.state) ? null : command;
      });
    return { settled };
  };
  return {
    id,
    now,
    events,
    until,
    give,
    has: (type, count = 1) =>
      until(
        `${count} × ${type}`,
        async () => (await events()).filter((event) => event.type === type).length >= count,
      ),
    async apply(type, args) {
      const command = await (await give(type, args)).settled();
      assert.equal(command.state, 'applied', JSON.stringify(command));
      return command;
    },
    question: () =>
      until('a question', async () => {
        const { decisions } = await api<{ decisions: Decision[] }>(`${at}/decisions`);
        return decisions.find(({ state }) => state === 'pending');
      }),
    checkpoints: async () => (await api<{ checkpoints: Checkpoint[] }>(`${at}/checkpoints`)).checkpoints,
    delete: () => api(at, { method: 'DELETE' }),
  };
}

/** Pids of the living processes that were started with exactly these words. */
export function processesOf(...words: string[]): number[] {
  const wanted = words.map((word) => `${word}\0`).join('');
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        if (readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== wanted) return false;
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    });
}
