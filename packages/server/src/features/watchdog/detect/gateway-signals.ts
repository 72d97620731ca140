import type { CallFailures, Turn, VigilesEvent } from '@vigiles/contract';
import type { Signal } from '../core/detect/signal.ts';

/** Causes that concern one model rather than its provider. */
const ofModel = new Set(['context-length', 'not-found', 'no-route']);

/** The subject of a model’s faults. Clients choose names: bounded. */
const modelTarget = (provider: string, model: string): string =>
  `model:${provider === '' ? 'any' : provider}/${model}`.slice(0, 200);

/** What the gateway reported, as signals: failed calls, calls that work again, and what models garble. */
export function gatewaySignals(event: VigilesEvent, now: number): Signal[] {
  if (event.type === 'calls.failed') return ofCalls(event.data as CallFailures, now);
  if (event.type === 'turn.settled' && 'turn' in event.data) return ofTurn(event.data.turn, now);
  return [];
}

function ofCalls({ failures, recovered }: CallFailures, now: number): Signal[] {
  const out: Signal[] = [];
  for (const { provider, model, cause, status, code, message, count, in_a_row, retry_after_ms } of failures) {
    const aboutModel = ofModel.has(cause);
    out.push({
      name: 'call.failed',
      target: aboutModel ? modelTarget(provider, model) : `provider:${provider}`,
      targetClass: aboutModel ? 'model' : 'provider',
      at: now,
      source: 'gateway',
      times: count,
      fields: { provider, model, cause, status, code, in_a_row, retry_after_ms },
      ...(message === '' ? {} : { line: message }),
    });
  }
  for (const { provider, model } of recovered) {
    const base = { name: 'call.recovered', at: now, source: 'gateway', fields: { provider, model } } as const;
    out.push({ ...base, target: `provider:${provider}`, targetClass: 'provider' });
    out.push({ ...base, target: modelTarget(provider, model), targetClass: 'model' });
  }
  return out;
}

function ofTurn(turn: Turn, now: number): Signal[] {
  const { provider, model, session_id: session } = turn;
  // Written by a gateway of an older version: it knew no faults.
  const faults = turn.faults ?? [];
  return faults.map(({ fault, count, recovered, detail }) => ({
    name: 'turn.fault',
    target: modelTarget(provider, model),
    targetClass: 'model',
    at: now,
    source: 'gateway',
    fields: { fault, recovered, count, detail, provider, model, turn: turn.id, session },
  }));
}
