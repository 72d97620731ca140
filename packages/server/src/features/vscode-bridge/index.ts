import { randomBytes } from 'node:crypto';
import { BridgeState, bridgeProtocol, type VscodeConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { toFault } from '../../kernel/fault.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import { openBridge, type BridgeServer } from './bridge-server.ts';
import { discoveryFile, removeDiscovery, writeDiscovery } from './discovery.ts';
import { createMethods, type CallControl } from './methods.ts';

export type { CallControl } from './methods.ts';

export interface VscodeBridgeDeps {
  home: string;
  version: string;
  config(): VscodeConfig;
  /** Calls back when the settings change; the answer ends that. */
  follow(changed: () => void): () => void;
  call: CallControl;
  events: EventLog;
  clock: Clock;
  newId(prefix: string): string;
  log: Log;
}

/** The door for editors on this machine. It opens with control and follows the settings; without it control goes on. */
export function createVscodeBridge(deps: VscodeBridgeDeps): {
  routes: readonly Route[];
  component: Component;
} {
  const { home, version, config, events, clock, log, call, newId } = deps;
  const methods = createMethods({ version, call, newId, roots: () => config().roots });
  let open: { server: BridgeServer; token: string; port: number } | null = null;
  let problem: string | null = null;
  let settling: Promise<void> = Promise.resolve();
  const ends: (() => void)[] = [];

  async function shut(): Promise<void> {
    if (!open) return;
    const { server, token } = open;
    open = null;
    await removeDiscovery(home, token);
    await server.close();
  }

  async function settle(): Promise<void> {
    const { enabled, port } = config();
    if (open && (!enabled || open.port !== port)) await shut();
    if (open || !enabled) return;
    problem = null;
    const token = randomBytes(32).toString('base64url');
    try {
      const server = await openBridge({
        token,
        port,
        methods,
        mostEditors: () => config().max_editors,
        now: () => clock.now(),
        log,
      });
      open = { server, token, port };
      await writeDiscovery(home, {
        url: `http://127.0.0.1:${server.port}`,
        port: server.port,
        token,
        pid: process.pid,
        started_at: clock.now(),
        protocol: bridgeProtocol,
      });
    } catch (thrown) {
      problem = `The bridge for editors could not be opened: ${thrown instanceof Error ? thrown.message : toFault(thrown).message}`;
      log.warn({ err: thrown, port }, 'The bridge for editors could not be opened');
      await shut();
    }
  }
  const settleNext = (how: () => Promise<void>): Promise<void> => (settling = settling.then(how, how));

  const state = defineRoute({
    method: 'GET',
    path: '/api/v1/vscode/bridge',
    operationId: 'readVscodeBridge',
    summary: 'The door for editors: whether it is open, and who is connected',
    tag: 'vscode',
    scope: 'read',
    audit: 'none',
    tier: 'light',
    success: BridgeState,
    faults: [],
    handle: async () => ({
      enabled: config().enabled,
      listening: open !== null,
      url: open ? `http://127.0.0.1:${open.server.port}` : null,
      discovery_file: discoveryFile(home),
      editors: open?.server.editors() ?? [],
      problem,
    }),
  });

  return {
    routes: [state],
    component: {
      name: 'bridge for editors',
      start() {
        ends.push(
          events.subscribe((event) => open?.server.tell(event)),
          deps.follow(() => void settleNext(settle)),
        );
        return settleNext(settle);
      },
      async stop() {
        for (const end of ends.splice(0)) end();
        await settleNext(shut);
      },
    },
  };
}
