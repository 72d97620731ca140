import type { CommandType, Lease, SessionCommand } from '@vigiles/contract';
import { VigilesError } from './core/vigiles-error.ts';
import type { Http } from './http.ts';

/**
 * Carries out one command. What it returns is the evidence that it was done; what it throws is why it was not. `signal` is
 * aborted when a HALT comes while it runs.
 */
export type CommandHandler = (
  command: SessionCommand,
  signal: AbortSignal,
) => Promise<Record<string, unknown> | void> | Record<string, unknown> | void;

export interface CommandLoopDeps {
  http: Http;
  /** `/api/v1/sessions/<id>` */
  path: string;
  take(idempotent: readonly CommandType[]): Promise<Lease>;
  /** Before a command is said to be done. */
  settled(): Promise<void>;
  /** It is over: nothing is carried out any more. */
  failed(error: VigilesError): void;
}

export interface CommandLoop {
  on(type: CommandType, handler: CommandHandler, idempotent: boolean): void;
  close(graceMs: number): Promise<void>;
}

const waitSeconds = 25;
/** Commands that were carried out here, so that none is twice. */
const maxDone = 1_000;

const asError = (thrown: unknown): VigilesError =>
  thrown instanceof VigilesError
    ? thrown
    : new VigilesError({ status: 0, code: 'internal_error', message: String(thrown), cause: thrown });

const wordsOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 2000);

/** Takes the session's lease, waits for commands, runs their handlers, and says what came of them. */
export function createCommandLoop({ http, path, take, settled, failed }: CommandLoopDeps): CommandLoop {
  const handlers = new Map<CommandType, { handler: CommandHandler; idempotent: boolean }>();
  const done = new Map<string, Promise<void>>();
  /** Got and not yet said to be done: whatever else was given to us was lost on the way, and is given again. */
  const open = new Set<string>();
  const stop = new AbortController();
  let lease: Lease | null = null;
  let running: Promise<void> | null = null;
  /** What runs now, for a HALT to interrupt. */
  const busy = new Set<AbortController>();
  /** Everything but HALT runs one after the other. */
  let line: Promise<void> = Promise.resolve();

  const acknowledge = async (command: SessionCommand, body: object): Promise<void> => {
    const to = `${path}/commands/${encodeURIComponent(command.command_id)}/ack`;
    try {
      await settled();
      await http.persist('POST', to, { body: { epoch: command.epoch, ...body }, signal: stop.signal });
    } catch (thrown) {
      // Settled already, or taken over: the log has what counts.
      const error = asError(thrown);
      if (error.status !== 409 && !stop.signal.aborted) failed(error);
    } finally {
      open.delete(command.command_id);
    }
  };
  const perform = async (command: SessionCommand): Promise<void> => {
    const known = handlers.get(command.type);
    if (!known) return acknowledge(command, { state: 'failed', note: `No handler for ${command.type}` });
    const interrupt = new AbortController();
    busy.add(interrupt);
    try {
      const evidence = await known.handler(command, interrupt.signal);
      // That its handler came back is what an attached process can show for it.
      await acknowledge(command, { state: 'applied', evidence: evidence ?? { handler: 'returned' } });
    } catch (thrown) {
      await acknowledge(command, { state: 'failed', note: wordsOf(thrown) });
    } finally {
      busy.delete(interrupt);
    }
    return undefined;
  };
  const start = (command: SessionCommand): void => {
    // Given out again after the answer was lost: it ran here, and runs no second time.
    if (done.has(command.command_id)) return;
    open.add(command.command_id);
    let run: Promise<void>;
    if (command.type === 'HALT') {
      for (const each of busy) each.abort(new Error('HALT'));
      run = perform(command);
    } else {
      line = line.then(() => perform(command));
      run = line;
    }
    done.set(command.command_id, run);
    const oldest = done.keys().next();
    if (done.size > maxDone && !oldest.done) done.delete(oldest.value);
  };

  const having = (): string => [...open].map(encodeURIComponent).join(',');
  const hold = async (): Promise<Lease> => {
    const idempotent = [...handlers].flatMap(([type, known]) => (known.idempotent ? [type] : []));
    return (lease = await take(idempotent));
  };
  const loop = async (): Promise<void> => {
    // Handlers that are registered together are declared together.
    await Promise.resolve();
    let held = await hold();
    while (!stop.signal.aborted) {
      try {
        const { commands } = await http.persist<{ commands: SessionCommand[] }>(
          'GET',
          `${path}/commands?wait=${waitSeconds}&epoch=${held.epoch}&having=${having()}`,
          { signal: stop.signal, timeoutMs: (waitSeconds + 10) * 1000 },
        );
        for (const command of commands) start(command);
      } catch (thrown) {
        const error = asError(thrown);
        if (stop.signal.aborted) return;
        // Ours ran out while we could not be reached: taken again, unless somebody else has it by now.
        if (error.code === 'stale_epoch') held = await hold();
        else throw error;
      }
    }
  };

  return {
    on(type, handler, idempotent) {
      const late = lease !== null && idempotent && !lease.idempotent.includes(type);
      handlers.set(type, { handler, idempotent: idempotent && !late });
      running ??= loop().catch((thrown: unknown) => {
        if (!stop.signal.aborted) failed(asError(thrown));
      });
    },
    async close(graceMs) {
      const given = setTimeout(() => stop.abort(), graceMs);
      const epoch = lease?.epoch;
      const begun = [...done.values()];
      if (busy.size > 0) await Promise.allSettled(begun);
      clearTimeout(given);
      stop.abort();
      await running;
      if (epoch === undefined) return;
      await http.call('DELETE', `${path}/lease?epoch=${epoch}`).catch(() => undefined);
    },
  };
}
