import { bridgeProtocol, type BridgeDiscovery } from '@vigiles/contract';
import { readDiscovery } from './discovery.ts';
import { connectRpc, type BridgeEvent, type Rpc } from './rpc.ts';

export interface LinkOptions {
  home(): string;
  client: string;
  /** Connected, or connected again: whatever was known is old. */
  connected(rpc: Rpc, bridge: BridgeDiscovery): void;
  /** `reason`: for people. */
  lost(reason: string): void;
  event(event: BridgeEvent): void;
  log(line: string): void;
  /** First and longest wait between two tries. Milliseconds. */
  waits?: { firstMs: number; longestMs: number };
}

/** Keeps a connection to the bridge: over its restarts, each of which has a port and a token of its own. */
export interface Link {
  start(): void;
  stop(): void;
}

const major = (protocol: string): string => protocol.split('.', 1)[0] ?? '';

export function createLink(options: LinkOptions): Link {
  const { home, client, connected, lost, event, log } = options;
  const { firstMs, longestMs } = options.waits ?? { firstMs: 500, longestMs: 5000 };
  let rpc: Rpc | null = null;
  let timer: NodeJS.Timeout | null = null;
  let waitMs = firstMs;
  let running = false;
  let told = '';

  const say = (reason: string): void => {
    if (told !== reason) log(reason);
    told = reason;
    lost(reason);
  };

  function again(): void {
    if (!running) return;
    timer = setTimeout(() => void attempt(), waitMs);
    waitMs = Math.min(waitMs * 2, longestMs);
  }

  async function attempt(): Promise<void> {
    try {
      const found = await readDiscovery(home());
      if (!running) return;
      if (!found) say(`Vigiles does not run (${home()})`);
      else if (major(found.protocol) !== major(bridgeProtocol))
        say(
          `This Vigiles speaks ${found.protocol}, the extension ${bridgeProtocol}: update the older of them`,
        );
      else return await enter(found);
    } catch (thrown) {
      say(thrown instanceof Error ? thrown.message : String(thrown));
    }
    return again();
  }

  async function enter(found: BridgeDiscovery): Promise<void> {
    let entered = false;
    const made = await connectRpc(found, {
      event,
      closed() {
        if (!entered) return;
        rpc = null;
        say('The connection to Vigiles was lost');
        again();
      },
    });
    if (!running) return made.close();
    const { version } = await made
      .call('hello', { client, protocol: bridgeProtocol })
      .catch((thrown: unknown) => {
        // Who does not answer is left, so that there are never two connections.
        made.close();
        throw thrown;
      });
    if (!running) return made.close();
    rpc = made;
    entered = true;
    told = '';
    waitMs = firstMs;
    log(`connected to Vigiles ${version} at ${found.url}`);
    connected(made, found);
  }

  return {
    start() {
      running = true;
      void attempt();
    },
    stop() {
      running = false;
      if (timer) clearTimeout(timer);
      rpc?.close();
    },
  };
}
