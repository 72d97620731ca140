import type { ChannelConfig } from '@vigiles/contract';
import { decideBatch, type Waiting } from './core/batch.ts';
import { retryWait, take, type Bucket } from './core/pace.ts';
import { quietNow, spansOf } from './core/quiet.ts';
import { plain, render } from './core/render.ts';
import { blot, definitionOf, prepare } from './configured-channels.ts';
import type { ChannelContext, Sent } from './define-channel.ts';
import { later, noPluginChannels } from './define-channel.ts';
import type { NotificationsDeps } from './deps.ts';
import type { DeliveryStore, Pending } from './delivery-store.ts';
import type { Push } from './push.ts';
import { createWaker } from '../../kernel/waker.ts';

/** Longest time for one try; the claim lasts longer, so that nobody else begins meanwhile. */
const tryMs = 60_000;
const claimMs = 150_000;
/** How often it is looked whether something waits of which nobody here was told. */
const standardLookMs = 60_000;

export interface DispatcherDeps extends NotificationsDeps {
  deliveries: DeliveryStore;
  push: Push;
  linkOf(incidentId: string | null): string | null;
  /** A channel does not get through; whoever is told of it decides how often. */
  failing(channel: string, reason: string): Promise<void>;
}

/** What is under way when control ends may come to its answer for so long: cut off, it would be sent twice. */
const graceMs = 2000;

/** From this try on a failure is more than a hiccup. */
const seriousTries = 3;

interface Lane {
  waker: ReturnType<typeof createWaker>;
  bucket: Bucket;
  /** The service asked to be left alone until then, UTC ms. */
  pausedUntil: number;
  /** What came of a try, where the store has not taken it yet: nothing is sent before, so that nothing is sent twice. */
  unwritten: (() => Promise<void>) | null;
}

/** Sends what waits. Each channel has a lane of its own: a slow or failing one holds up nobody. */
export function createDispatcher(deps: DispatcherDeps) {
  const { clock, config, log, deliveries, plugins = noPluginChannels, lookMs = standardLookMs } = deps;
  const lanes = new Map<string, Lane>();
  const stop = new AbortController();
  let ending = false;

  const channelOf = (name: string): ChannelConfig | undefined =>
    config().notifications.channels.find((channel) => channel.name === name);

  function laneOf(name: string): Lane {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Lane = {
      bucket: { tokens: 10, at: clock.now() },
      pausedUntil: 0,
      unwritten: null,
      waker: createWaker({
        work: () => workOff(name, lane),
        onFailure: (thrown) =>
          log.warn({ err: thrown, channel: name }, 'A channel’s queue could not be worked off; trying again'),
      }),
    };
    lanes.set(name, lane);
    return lane;
  }

  /** Sends what is due on one channel. Resolves with when there is more, ms, or null. */
  async function workOff(name: string, lane: Lane): Promise<number | null> {
    for (;;) {
      await writeDown(lane);
      if (ending) return null;
      const channel = channelOf(name);
      const now = clock.now();
      await deliveries.releaseExpired(name, now);
      const waiting = await deliveries.waiting(name);
      if (waiting.length === 0) return null;
      if (!channel || !channel.enabled) {
        await deliveries.drop(
          waiting.map(({ id }) => ({ id, reason: 'the channel is off' })),
          now,
        );
        return null;
      }
      if (lane.pausedUntil > now) return lane.pausedUntil - now;
      const { tracks = false, perMinute } = definitionOf(channel);
      const pace = channel.type === 'plugin' ? plugins.perMinute(channel.plugin) : perMinute;
      const { quiet_hours: spans, summary_above: summaryAbove } = config().notifications;
      const batch = decideBatch(waiting, {
        now,
        summaryAbove,
        tracks,
        told: tracks ? await deliveries.told(name, waiting) : new Set(),
        quiet: (critical) => quietNow(spansOf(channel, spans), critical, now),
      });
      await deliveries.drop(batch.drop, now);
      await deliveries.hold(batch.hold);
      const [next] = batch.send;
      if (!next) return soonest(await deliveries.waiting(name), now);
      const wait = take(lane.bucket, channel.max_per_minute ?? pace, now);
      if (wait !== null) return wait;
      await sendOne(channel, next, lane);
    }
  }

  async function writeDown(lane: Lane): Promise<void> {
    await lane.unwritten?.();
    lane.unwritten = null;
  }

  async function sendOne(channel: ChannelConfig, ids: readonly string[], lane: Lane): Promise<void> {
    const now = clock.now();
    const claimed = await deliveries.claim(ids, now + claimMs);
    if (claimed.length === 0) return;
    const outcome = await attempt(channel, claimed);
    const at = clock.now();
    if (outcome.ok) {
      lane.unwritten = () => deliveries.delivered(channel, claimed, outcome.answer, at);
      return writeDown(lane);
    }
    // Cut off by the end of control it is no failed try: the next control sends it.
    if (stop.signal.aborted) return deliveries.release(claimed, at);
    const { max_attempts: most, give_up_after_s: giveUpS } = config().notifications;
    const attempts = Math.max(...claimed.map((each) => each.attempts)) + 1;
    const waitMs = retryWait(attempts, outcome.waitMs);
    const oldest = Math.min(...claimed.map(({ createdAt }) => createdAt));
    const hopeless =
      !outcome.again || attempts >= most || (attempts > 1 && at + waitMs - oldest > giveUpS * 1000);
    if (outcome.waitMs !== undefined) lane.pausedUntil = at + Math.min(outcome.waitMs, 3_600_000);
    log.warn(
      { channel: channel.name, reason: outcome.reason, attempts, hopeless },
      'A notification did not go through',
    );
    const reason =
      hopeless && outcome.again ? `${outcome.reason}; given up after ${attempts} tries` : outcome.reason;
    lane.unwritten = () =>
      hopeless
        ? deliveries.failed(claimed, reason, outcome.answer, at)
        : deliveries.retry(claimed, reason, outcome.answer, at + waitMs);
    await writeDown(lane);
    const asked = claimed.every(({ role }) => role === 'test');
    if ((hopeless || attempts >= seriousTries) && !asked) await deps.failing(channel.name, outcome.reason);
  }

  /** One try. Whatever happens in the channel, it ends within its time and throws nothing. */
  async function attempt(channel: ChannelConfig, claimed: readonly Pending[]): Promise<Sent> {
    const ready = prepare(channel, deps.resolve);
    if (typeof ready === 'string') return later(ready);
    const [first] = claimed;
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(tryMs)]);
    const context: ChannelContext = {
      egress: deps.egress,
      log,
      push: deps.push,
      plugins,
      now: clock.now(),
      signal,
    };
    try {
      const message = render(
        claimed.map(({ notice }) => notice),
        {
          // Of the oldest one: the same for every try of it.
          id: first?.id ?? '',
          title: ready.config.title,
          message: ready.config.message,
          reminder: claimed.length === 1 && first?.role === 'reminder',
          link: deps.linkOf(claimed.length === 1 ? (first?.notice.incidentId ?? null) : null),
        },
      );
      const outcome = await Promise.race([
        definitionOf(ready.config).send(ready.config, message, context),
        aborted(signal),
      ]);
      const answer = plain(blot(outcome.answer, ready.secrets), 300);
      return outcome.ok
        ? { ...outcome, answer }
        : { ...outcome, answer, reason: plain(blot(outcome.reason, ready.secrets), 300) };
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      return later(plain(blot(text, ready.secrets), 300));
    }
  }

  /** What is left to be sent, or was begun by a control that is gone meanwhile. */
  async function lookAround(): Promise<void> {
    for (const name of await deliveries.channelsWithWork()) laneOf(name).waker.wake();
  }
  let looking: NodeJS.Timeout | null = null;

  return {
    async start(): Promise<void> {
      await deliveries.releaseOurs(clock.now());
      await lookAround();
      looking = setInterval(() => {
        lookAround().catch((thrown: unknown) =>
          log.warn({ err: thrown }, 'What waits to be sent could not be looked for; soon again'),
        );
      }, lookMs).unref();
    },
    /** Something was queued, or the configuration changed: look at every channel. */
    wake(): void {
      for (const { name } of config().notifications.channels) laneOf(name).waker.wake();
      for (const { waker } of lanes.values()) waker.wake();
    },
    /** A person wants it now: neither the service's pause nor the wait between tries holds. */
    wakeNow(name: string): void {
      const lane = laneOf(name);
      lane.pausedUntil = 0;
      lane.waker.wake();
    },
    async stop(): Promise<void> {
      ending = true;
      if (looking) clearInterval(looking);
      const cut = setTimeout(() => stop.abort(), graceMs);
      await Promise.all([...lanes.values()].map(({ waker }) => waker.stop()));
      clearTimeout(cut);
    },
  };
}

/** How long until the next one is due; null where none waits. */
function soonest(waiting: readonly Waiting[], now: number): number | null {
  const next = Math.min(...waiting.map(({ nextAt }) => nextAt));
  return Number.isFinite(next) ? Math.max(10, next - now) : null;
}

const aborted = (signal: AbortSignal): Promise<Sent> =>
  new Promise((settle) => {
    const over = () => settle(later('it took too long, or Vigiles was stopped'));
    if (signal.aborted) over();
    else signal.addEventListener('abort', over, { once: true });
  });
