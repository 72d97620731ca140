import type { GatewaySnapshot, ModelInfo, RouteTrialAsk } from '@vigiles/contract';
import type { AccountState } from '../core/gate.ts';
import type { OverLimit } from '../core/limits/limiter.ts';
import type { GatewayRunFile } from '../run-file.ts';
import type { Trial } from '../turn/try-route.ts';

/** An answer of the gateway to one of control's own turns. */
export interface OwnTurn {
  status: number;
  body: unknown;
  turnId: string | null;
  provider: string | null;
}

/** How budgets stand, and the limits of the devices that were asked for. */
export interface GatewayMoney {
  accounts: AccountState[];
  limits: Omit<OverLimit, 'retryAfterMs'>[];
}

/** Control's way to the gateway process, over loopback and with the secret of its run file. */
export interface GatewayClient {
  /** Where it listens, by its run file; null: nobody has started it. */
  url(): Promise<string | null>;
  /** null: it does not answer, or nobody has started it. */
  snapshot(): Promise<GatewaySnapshot | null>;
  /** Every model it can reach, with what is known of it; null as above. */
  models(): Promise<ModelInfo[] | null>;
  /** Where a turn would go; null as above. */
  tryRoute(ask: RouteTrialAsk): Promise<Trial | null>;
  /** Whether a provider answers, by asking it for its models; null: it cannot be asked so, or as above. */
  probe(provider: string): Promise<{ ok: boolean; message: string } | null>;
  money(devices: readonly string[]): Promise<GatewayMoney | null>;
  /** Sends a Chat Completions turn for a device; its limits and budgets hold. null: no gateway. */
  complete(
    deviceId: string,
    body: object,
    signal: AbortSignal,
    headers?: Record<string, string>,
  ): Promise<OwnTurn | null>;
}

const READ_TIMEOUT_MS = 1500;
/** The provider itself may take its time. */
const PROBE_TIMEOUT_MS = 10_000;

/** @param runFile reads `<home>/run/gateway.json` */
export function createGatewayClient(runFile: () => Promise<GatewayRunFile | null>): GatewayClient {
  const address = ({ host, port }: GatewayRunFile): string => {
    const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  };
  async function read<T>(path: string, body?: object, timeoutMs = READ_TIMEOUT_MS): Promise<T | null> {
    const file = await runFile();
    if (!file) return null;
    try {
      const answer = await fetch(address(file) + path, {
        headers: { authorization: `Bearer ${file.secret}` },
        ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return answer.ok ? ((await answer.json()) as T) : null;
    } catch {
      return null;
    }
  }
  return {
    async url() {
      const file = await runFile();
      return file && address(file);
    },
    snapshot: () => read<GatewaySnapshot>('/monitoring'),
    models: () => read<ModelInfo[]>('/monitoring/models'),
    tryRoute: (ask) => read<Trial>('/monitoring/route', ask),
    probe: (provider) =>
      read<{ ok: boolean; message: string }>(
        `/monitoring/probe?provider=${encodeURIComponent(provider)}`,
        undefined,
        PROBE_TIMEOUT_MS,
      ),
    money: (devices) =>
      read<GatewayMoney>(
        `/monitoring/money?${devices.map((id) => `device=${encodeURIComponent(id)}`).join('&')}`,
      ),
    async complete(deviceId, body, signal, headers = {}) {
      const file = await runFile();
      if (!file) return null;
      try {
        const answer = await fetch(`${address(file)}/v1/chat/completions`, {
          method: 'POST',
          headers: {
            ...headers,
            authorization: `Bearer ${file.secret}`,
            'content-type': 'application/json',
            'x-vigiles-device': deviceId,
          },
          body: JSON.stringify(body),
          signal,
        });
        return {
          status: answer.status,
          body: await answer.json(),
          turnId: answer.headers.get('x-vigiles-turn'),
          provider: answer.headers.get('x-vigiles-provider'),
        };
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        return null;
      }
    },
  };
}
