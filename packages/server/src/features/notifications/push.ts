import type { Egress } from '../../platform/egress/index.ts';
import type { Secrets } from '../../platform/secrets/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { later, refused, sent, type Sent } from './define-channel.ts';
import type { NotificationTables } from './tables.ts';

/** A browser that wants to be told: Push API, `PushSubscription.toJSON()`. */
export interface Subscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

interface Keys {
  publicKey: string;
  privateKey: string;
}

export interface PushDeps {
  store: Store;
  egress: Egress;
  now(): number;
  newId(prefix: string): string;
  /** Where the keys are kept that prove who sends; null: they cannot be kept. */
  secrets: Pick<Secrets, 'get' | 'set'> | null;
}

/** Loaded for the first browser that asks: it brings big numbers and ASN.1. */
const webPush = async () => (await import('web-push')).default;

const secretName = 'vigiles-vapid-keys';
/** More browsers than this are not told: the oldest go first. */
const mostSubscriptions = 100;

/** Browsers that subscribed, and the keys (VAPID, RFC 8292) their push services know us by. */
export function createPush({ store, egress, now, newId, secrets }: PushDeps) {
  const db = store.db<NotificationTables>();
  let making: Promise<Keys | null> | null = null;

  async function keys(): Promise<Keys | null> {
    if (!secrets) return null;
    const kept = secrets.get(secretName);
    if (kept !== undefined) return JSON.parse(kept) as Keys;
    const made = (await webPush()).generateVAPIDKeys();
    await secrets.set(secretName, JSON.stringify(made));
    return made;
  }
  const keysOnce = (): Promise<Keys | null> => {
    making ??= keys().catch((thrown: unknown) => {
      making = null;
      throw thrown;
    });
    return making;
  };

  const remove = (endpoint: string): Promise<unknown> =>
    db.deleteFrom('push_subscription').where('endpoint', '=', endpoint).execute();

  /** One browser. `gone`: its push service says that it unsubscribed. */
  async function tell(
    own: Keys,
    subscription: Subscription,
    payload: string,
    options: { contact: string; urgent: boolean; topic: string },
    signal: AbortSignal,
  ): Promise<{ state: 'ok' | 'gone' | 'later' | 'refused'; said: string }> {
    const { generateRequestDetails } = await webPush();
    let details;
    try {
      details = generateRequestDetails(subscription, payload, {
        vapidDetails: { subject: options.contact, ...own },
        TTL: 86_400,
        urgency: options.urgent ? 'high' : 'normal',
        topic: options.topic,
        contentEncoding: 'aes128gcm',
      });
    } catch (thrown) {
      return { state: 'gone', said: thrown instanceof Error ? thrown.message : 'not usable' };
    }
    const answer = await egress.fetch({
      url: subscription.endpoint,
      // A browser named it, not the configuration.
      reach: 'asked',
      method: 'POST',
      headers: Object.fromEntries(
        Object.entries(details.headers).flatMap(([name, value]) =>
          name.toLowerCase() === 'content-length' ? [] : [[name, value]],
        ),
      ),
      body: details.body,
      maxBytes: 16_384,
      signal,
    });
    if (!answer.ok)
      return {
        state: answer.fault.code === 'egress_private_address' ? 'refused' : 'later',
        said: answer.fault.message,
      };
    const { status } = answer.value;
    if (status >= 200 && status < 300) return { state: 'ok', said: `HTTP ${status}` };
    // RFC 8030 7.3: 404 or 410 when the subscription has expired.
    if (status === 404 || status === 410) return { state: 'gone', said: `HTTP ${status}` };
    return { state: status === 429 || status >= 500 ? 'later' : 'refused', said: `HTTP ${status}` };
  }

  return {
    /** The public key browsers subscribe with; null where no secrets can be kept. */
    publicKey: async (): Promise<string | null> => (await keysOnce())?.publicKey ?? null,

    async subscribe(subscription: Subscription, deviceId: string, label: string): Promise<string> {
      const { endpoint, keys: pair } = subscription;
      const id = newId('psh');
      const row = { id, ...pair, device_id: deviceId, label, created_at: now(), last_ok_at: null };
      await db
        .insertInto('push_subscription')
        .values({ endpoint, ...row })
        .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
        .execute();
      const rows = await db
        .selectFrom('push_subscription')
        .select('id')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      const tooMany = rows.slice(mostSubscriptions).map((row) => row.id);
      if (tooMany.length > 0) await db.deleteFrom('push_subscription').where('id', 'in', tooMany).execute();
      return id;
    },

    async unsubscribe(idOrEndpoint: string): Promise<boolean> {
      const done = await db
        .deleteFrom('push_subscription')
        .where((where) => where.or([where('id', '=', idOrEndpoint), where('endpoint', '=', idOrEndpoint)]))
        .executeTakeFirst();
      return done.numDeletedRows > 0n;
    },

    list: () => db.selectFrom('push_subscription').selectAll().orderBy('created_at', 'desc').execute(),

    /** Tells every browser. Those that are gone are forgotten. */
    async send(
      payload: string,
      options: { contact: string; urgent: boolean; topic: string },
      signal: AbortSignal,
    ): Promise<Sent> {
      const own = await keysOnce();
      if (!own) return refused('there is nowhere to keep the keys that push needs');
      const rows = await db.selectFrom('push_subscription').selectAll().execute();
      if (rows.length === 0) return refused('no browser has asked for it');
      const outcomes = await Promise.all(
        rows.map(async ({ endpoint, p256dh, auth }) => {
          const outcome = await tell(own, { endpoint, keys: { p256dh, auth } }, payload, options, signal);
          if (outcome.state === 'gone') await remove(endpoint);
          else if (outcome.state === 'ok') {
            await db
              .updateTable('push_subscription')
              .set({ last_ok_at: now() })
              .where('endpoint', '=', endpoint)
              .execute();
          }
          return outcome;
        }),
      );
      const count = (state: string) => outcomes.filter((each) => each.state === state).length;
      const gone = count('gone') > 0 ? `; ${count('gone')} had expired and were removed` : '';
      const answer = `${count('ok')} of ${rows.length} browsers${gone}`;
      if (count('ok') > 0) return sent(answer);
      const bad = outcomes.find(({ state }) => state === 'later' || state === 'refused');
      if (!bad) return refused('every browser that had asked for it is gone', answer);
      return bad.state === 'later' ? later(bad.said, answer) : refused(bad.said, answer);
    },
  };
}

export type Push = ReturnType<typeof createPush>;
