import { spawn, type ChildProcess } from 'node:child_process';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { longestLineBytes } from '../follow/line-block.ts';

/** Lines that come from a program or a socket instead of a file. */
export interface LineStream {
  stop(): void;
}

export interface LineStreamDeps {
  /** Takes whole lines; the stream waits until it has settled. */
  onLines(bytes: Buffer): Promise<void>;
  /** It ended or could not begin; it is tried again. */
  onEnd(reason: string): void;
}

const retryMs = 10_000;

/** Gathers chunks to whole lines; the rest of a line that is too long is left out. */
export function createLineGatherer(
  onLines: (bytes: Buffer) => Promise<void>,
): (chunk: Buffer) => Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  return async (chunk) => {
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (skipping) {
      const end = data.indexOf(10);
      if (end < 0) return;
      skipping = false;
      data = data.subarray(end + 1);
    }
    const last = data.lastIndexOf(10);
    if (last >= 0) await onLines(data.subarray(0, last + 1));
    rest = Buffer.from(data.subarray(last + 1));
    if (rest.length < longestLineBytes) return;
    await onLines(rest.subarray(0, longestLineBytes));
    rest = Buffer.alloc(0);
    skipping = true;
  };
}

/** New entries of a unit's journal as JSON lines: journalctl(1), `-o json`. */
export const followJournal = (unit: string, deps: LineStreamDeps): LineStream =>
  followProgram('journalctl', ['-f', '-n', '0', '-o', 'json', `--unit=${unit}`], deps);

function followProgram(program: string, args: readonly string[], deps: LineStreamDeps): LineStream {
  const gather = createLineGatherer(deps.onLines);
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const begin = (): void => {
    const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    child = started;
    const end = (reason: string): void => {
      if (stopped || child !== started) return;
      child = null;
      deps.onEnd(reason);
      timer = setTimeout(begin, retryMs).unref();
    };
    started.once('error', (thrown) => end(thrown.message));
    started.once('exit', (code) => end(`${program} ended with ${code ?? 'a signal'}`));
    void consume(started.stdout, gather).catch((thrown: unknown) => end(String(thrown)));
  };
  begin();
  return {
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      child?.kill();
    },
  };
}

/** Where Docker and Podman listen; the first that is there is asked. */
export const engineSockets = ['/var/run/docker.sock', '/run/podman/podman.sock'];

/** New output of a container through the engine’s socket: GET /containers/{id}/logs of the Docker Engine API. */
export function followContainer(socketPath: string, container: string, deps: LineStreamDeps): LineStream {
  const gather = createLineGatherer(deps.onLines);
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let stop = (): void => {};
  const begin = (): void => {
    const path = `/containers/${encodeURIComponent(container)}/logs?follow=1&stdout=1&stderr=1&tail=0`;
    const asked = httpRequest({ socketPath, path });
    stop = () => asked.destroy();
    let over = false;
    const end = (reason: string): void => {
      if (stopped || over) return;
      over = true;
      deps.onEnd(reason);
      timer = setTimeout(begin, retryMs).unref();
    };
    asked.once('error', (thrown) => end(thrown.message));
    asked.once('response', (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        return end(`the container engine answered ${answer.statusCode}`);
      }
      // Without a terminal both outputs are told apart by frames; the type is said in the answer.
      const framed = answer.headers['content-type']?.includes('multiplexed') ?? false;
      const take = framed ? createUnframer(gather) : gather;
      consume(answer, take).then(
        () => end('the container’s log ended'),
        (thrown: unknown) => end(String(thrown)),
      );
    });
    asked.end();
  };
  begin();
  return {
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      stop();
    },
  };
}

/** Takes the frames off: 8 bytes each (stream, 3 zeros, length), then so many bytes. */
export function createUnframer(take: (chunk: Buffer) => Promise<void>): (chunk: Buffer) => Promise<void> {
  let header: Buffer = Buffer.alloc(0);
  let left = 0;
  return async (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const part = chunk.subarray(at, at + 8 - header.length);
        header = Buffer.concat([header, part]);
        at += part.length;
        if (header.length < 8) return;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const part = chunk.subarray(at, at + left);
      left -= part.length;
      at += part.length;
      await take(part);
    }
  };
}

/** One chunk after the other: the sender waits while lines are being taken. */
async function consume(
  stream: AsyncIterable<unknown> | null,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  for await (const chunk of stream ?? []) await take(chunk as Buffer);
}
