import type { GatewayCore } from '../gateway-core.ts';

/** One coarse clock for all turns: heartbeats and idle timeouts need no timer of their own. */
export interface IdleWatch {
  /** Fits the tick to the configuration; call it again after a reload. */
  start(): void;
  stop(): void;
}

const SHORTEST_TICK_MS = 10;
const LONGEST_TICK_MS = 1000;

export function createIdleWatch(core: GatewayCore): IdleWatch {
  let timer: NodeJS.Timeout | null = null;
  let ticks = 0;

  function tick(): void {
    const now = core.clock.monotonic();
    for (const turn of core.live.list()) turn.activity?.tick(now);
    ticks += 1;
    if (ticks % 64 === 0) core.gate.sweep(core.clock.now());
  }

  return {
    start() {
      if (timer) clearInterval(timer);
      const shortest = Math.min(core.config.heartbeat_s, core.config.idle_timeout_s) * 1000;
      timer = setInterval(tick, Math.min(LONGEST_TICK_MS, Math.max(SHORTEST_TICK_MS, shortest / 4)));
      timer.unref();
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
