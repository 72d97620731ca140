import { spansAt } from '../gateway/index.ts';
import { modelLimits } from './core/model-limits.ts';
import type { OverviewDeps } from './overview.ts';

/** Turns may end by the thousand; what they come to is looked at so often. */
const lookMs = 2000;

/** Tells when a device comes near what the gateway lets it ask in a day: once per step and day. */
export function watchModelUse(deps: OverviewDeps) {
  const { events, clock, config, log, service } = deps;
  const seen = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let unsubscribe = () => {};

  async function look(): Promise<void> {
    timer = null;
    const ids = new Set(seen);
    seen.clear();
    const now = clock.now();
    const [uses, devices] = await Promise.all([deps.modelUse(now), deps.devices()]);
    const { day } = spansAt(now, config().budgets.time_zone);
    for (const who of devices.filter(({ deviceId }) => ids.has(deviceId))) {
      const limits = modelLimits(config().gateway.limits, who.deviceId);
      const use = uses.get(who.deviceId);
      for (const unit of ['requests', 'tokens'] as const)
        await service.book.reached(
          who,
          `ai_${unit}`,
          { period: 'daily', startsAt: day.startsAt, endsAt: null, limit: limits[unit] },
          use?.[unit] ?? 0,
        );
    }
  }

  return {
    start() {
      unsubscribe = events.subscribe((event) => {
        if (event.type !== 'turn.settled') return;
        const { device_id: id } = (event.data as { turn: { device_id: string } }).turn;
        const { requests, tokens } = modelLimits(config().gateway.limits, id);
        if (requests === null && tokens === null) return;
        seen.add(id);
        timer ??= setTimeout(() => {
          running = look().catch((thrown: unknown) =>
            log.warn({ err: thrown }, 'what devices asked of models could not be looked at'),
          );
        }, lookMs).unref();
      });
    },
    async stop() {
      unsubscribe();
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
