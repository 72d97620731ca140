import { Socket } from 'node:net';
import { contextOf } from './context.ts';
import { declare, type Exported } from './declare.ts';
import { raiseFence } from './fence.ts';
import { openLink } from './link.ts';
import type { StartParams } from './messages.ts';

/** Entry of a plugin's process: `node --permission … plugin-child.ts`. Descriptor 3 is the line to control. */
const socket = new Socket({ fd: 3 });
const calls = new Map<number, AbortController>();
let plugin: Exported = {};
let dataFolder = '';

const link = openLink(socket, serve);

type Verb = (...given: unknown[]) => unknown;

async function serve(method: string, params: Record<string, unknown>, id: number | null): Promise<unknown> {
  if (method === 'ping') return 'pong';
  if (method === 'cancel') {
    calls.get(params['id'] as number)?.abort();
    return null;
  }
  if (method === 'start') return start(params as unknown as StartParams);
  return perform(method, params, id ?? 0);
}

async function start(given: StartParams): Promise<unknown> {
  raiseFence((socket as unknown as { _handle: object })._handle, { processes: given.processes });
  dataFolder = given.dataFolder;
  const loaded = (await import(given.main)) as { plugin?: Exported; default?: Exported };
  const exported = loaded.plugin ?? loaded.default;
  if (typeof exported !== 'object' || exported === null)
    throw new Error('its main module exports no `plugin`, and no default');
  plugin = exported;
  return declare(plugin);
}

async function perform(method: string, params: Record<string, unknown>, id: number): Promise<unknown> {
  const name = String(params['name']);
  const controller = new AbortController();
  calls.set(id, controller);
  const context = contextOf(link, id, params, controller.signal, dataFolder);
  try {
    if (method === 'look') return await verbOf(plugin.checks?.[name], 'look')(context);
    if (method === 'send') return await verbOf(plugin.channels?.[name], 'send')(params['message'], context);
    if (method === 'act') {
      const { target, reason, snapshot } = params;
      const step = verbOf(plugin.actions?.[name], String(params['step']));
      return await step({ ...context, target, reason }, snapshot);
    }
    throw new Error(`nothing is known of ${method}`);
  } finally {
    calls.delete(id);
  }
}

/** A function of a thing, bound to it. */
function verbOf(thing: Record<string, unknown> | undefined, verb: string): Verb {
  const found = thing?.[verb];
  if (typeof found !== 'function') throw new Error(`it has no ${verb}`);
  return (...given) => (found as Verb).apply(thing, given);
}
