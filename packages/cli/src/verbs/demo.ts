import type { Status } from '@vigiles/contract';
import { setTimeout as delay } from 'node:timers/promises';
import { followEvents } from '../client/events.ts';
import type { Api } from '../client/api.ts';
import { listServices } from '../client/resources.ts';
import { gatewayUrl, newGatewayDevice } from '../codex/gateway.ts';
import { startAgent } from '../demo/agent-process.ts';
import { createNarrator, type Tally } from '../demo/narrator.ts';
import { demoService, openStage, type Stage } from '../demo/stage.ts';
import { CliError } from '../exit-codes.ts';
import { bold, cyan, dim, green } from '../output/style.ts';
import { note, say } from '../output/print.ts';
import { count } from '../output/units.ts';

const startMs = 20_000;
const settleMs = 20_000;
/** Time between the agent's steps: people want to see them on the dashboard, a script does not. */
const paceMs = process.stdout.isTTY ? 2500 : 500;
/** Time to open the link before anything happens. */
const openMs = process.stdout.isTTY ? 6000 : 0;

/** Waits until a condition of the API holds; false when time is up or it was cancelled. */
async function until(
  holds: () => Promise<boolean> | boolean,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline && !signal.aborted) {
    if (await holds()) return true;
    await delay(100, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

const allUp = async (api: Api) => {
  const services = await listServices(api);
  return ['gateway', demoService].every((name) =>
    services.some((service) => service.name === name && service.state === 'UP'),
  );
};

function summary(tally: Tally): string {
  const healed =
    tally.openedAt !== null && tally.closedAt !== null
      ? `${((tally.closedAt - tally.openedAt) / 1000).toFixed(1)} s from the incident to its verified outcome: ${green((tally.outcome ?? 'unknown').replaceAll('_', ' '))}`
      : 'the incident is still open';
  return [
    '',
    bold('What happened'),
    `  turns      ${count(tally.turns)} through the gateway, ${count(tally.tokens)} tokens, $0.00: the demo model is free`,
    `  healing    ${healed}`,
    `  your turn  ${cyan('vigiles start')}, then ${cyan('vigiles connect codex')}`,
  ].join('\n');
}

async function play(stage: Stage, signal: AbortSignal): Promise<Tally> {
  const { api } = stage;
  const { events } = await api.get<Status>('/api/v1/status');
  const narrator = createNarrator(demoService);
  const ended = new AbortController();
  const told = (async () => {
    for await (const event of followEvents(api, ended.signal, events.head_seq)) narrator.event(event);
  })();
  try {
    narrator.chapter('1  Vigiles starts its gateway and the services it watches');
    if (!(await until(() => allUp(api), startMs, signal))) {
      if (signal.aborted) return narrator.tally;
      throw new CliError('The gateway or the demo’s service did not come up.');
    }
    await delay(openMs, undefined, { signal }).catch(() => undefined);
    narrator.chapter('2  An agent works through the gateway, and its service crashes');
    const { token } = await newGatewayDevice(api, 'demo agent');
    const agent = startAgent(
      {
        gateway: (await gatewayUrl(api)).replace(/\/$/, ''),
        token,
        service: `http://127.0.0.1:${stage.servicePort}`,
        folder: stage.workFolder,
        paceMs,
      },
      narrator.agent,
    );
    const end = () => agent.end();
    signal.addEventListener('abort', end, { once: true });
    const code = await agent.finished;
    signal.removeEventListener('abort', end);
    if (code !== 0 && !signal.aborted) throw new CliError('The demo’s agent did not finish.');
    narrator.chapter('3  Vigiles makes sure that it is really fixed');
    await until(() => narrator.tally.closedAt !== null, settleMs, signal);
    return narrator.tally;
  } finally {
    ended.abort();
    await told;
  }
}

/** `vigiles demo`: a Vigiles of its own, so that one which runs already is left alone. */
export async function demo({ port, keep }: { port: number; keep?: boolean }): Promise<void> {
  const ending = new AbortController();
  const end = () => {
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, end);
  const stage = await openStage(port);
  try {
    say(`${bold('Watch it live')} ${dim('(sign-in link, works once)')}\n  ${cyan(stage.link)}`);
    const tally = await play(stage, ending.signal);
    if (!ending.signal.aborted) say(summary(tally));
    if (keep && !ending.signal.aborted) {
      say(`\n${dim('Staying open; Ctrl-C ends the demo.')}`);
      await new Promise<void>((resolve) =>
        ending.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
    }
  } finally {
    note(dim('Cleaning up …'));
    await stage.close();
  }
  process.exit(ending.signal.aborted && !keep ? 130 : 0);
}
