import type { GatewaySnapshot } from '@vigiles/contract';
import type { Component } from '../../../kernel/lifecycle.ts';

export interface GatewayLiveOptions {
  snapshot(): Promise<GatewaySnapshot | null>;
  /** How many clients follow `gateway.live` now. */
  watching(): number;
  publish(snapshot: GatewaySnapshot | null): void;
  everyMs?: number;
}

/** Publishes the gateway's own view once a second, and only while somebody looks. */
export function createGatewayLive({
  snapshot,
  watching,
  publish,
  everyMs = 1000,
}: GatewayLiveOptions): Component {
  let timer: NodeJS.Timeout | null = null;
  let asking = false;

  async function look(): Promise<void> {
    if (asking || watching() === 0) return;
    asking = true;
    try {
      publish(await snapshot());
    } finally {
      asking = false;
    }
  }

  return {
    name: 'gateway live view',
    start() {
      timer = setInterval(() => void look().catch(() => undefined), everyMs);
      timer.unref();
    },
    stop() {
      if (timer) clearInterval(timer);
    },
  };
}
