import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RouteSide, type GatewaySnapshot, type Turn } from '@vigiles/contract';
import type { GatewayRoutesDeps } from './routes.ts';

/**
 * The answer of `/api/v1/ai/complete`. `cost` is in dollars; null is unpriced. `backend` is the side that routing takes the
 * provider for; null: nothing was sent.
 */
export const Completion = z.object({
  success: z.boolean(),
  content: z.string(),
  model: z.string(),
  provider: z.string(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
  cost: z.number().nullable(),
  backend: RouteSide.nullable(),
  route: z.string(),
  classification: z.string().nullable(),
  cached: z.boolean(),
  latency_ms: z.number(),
  error: z.string().nullable(),
  timestamp: z.string(),
});
export type Completion = z.infer<typeof Completion>;

export interface Ask {
  prompt: string;
  model: string;
  system?: string | undefined;
  max_tokens: number;
  temperature?: number | undefined;
  deviceId: string;
  conversation_id?: string | undefined;
  mode?: string | undefined;
  workspace?: string | undefined;
  privacy?: string | undefined;
  tags?: string[] | undefined;
}

/** What a prompt says of itself, as the headers that routes and budgets read. */
function taskWords({ conversation_id, mode, workspace, privacy, tags }: Ask): Record<string, string> {
  const words: Record<string, string> = {};
  if (conversation_id !== undefined) words['x-session-id'] = conversation_id;
  if (mode !== undefined) words['x-vigiles-intent'] = mode;
  if (workspace !== undefined) words['x-vigiles-workspace'] = workspace;
  if (privacy !== undefined) words['x-vigiles-privacy'] = privacy;
  if (tags !== undefined && tags.length > 0) words['x-vigiles-tags'] = tags.join(',');
  return words;
}

/** The parts of a Chat answer that are read. */
const ChatAnswer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** The ledger writes a moment after the answer. */
const ROW_WAIT_MS = 10_000;

/** Sends a prompt through the gateway like any client and puts answer and ledger row together; null: no gateway. */
export async function askModel(
  { client, turns, now }: GatewayRoutesDeps,
  ask: Ask,
  snapshot: GatewaySnapshot,
  signal: AbortSignal,
): Promise<Completion | null> {
  const startedAt = performance.now();
  const messages = [
    ...(ask.system === undefined ? [] : [{ role: 'system', content: ask.system }]),
    { role: 'user', content: ask.prompt },
  ];
  const { model, max_tokens, temperature } = ask;
  const body = { model, messages, max_tokens, ...(temperature === undefined ? {} : { temperature }) };
  const sent = await client.complete(ask.deviceId, body, signal, taskWords(ask));
  if (!sent) return null;
  const latency = Math.round(performance.now() - startedAt);
  const answer = ChatAnswer.safeParse(sent.body).data;
  const row = sent.turnId === null ? undefined : await waitForRow(() => turns.find(sent.turnId ?? ''));
  const provider = row?.provider ?? sent.provider ?? '';
  const worked = sent.status === 200;
  return {
    success: worked,
    content: answer?.choices?.[0]?.message.content ?? '',
    model: row?.model ?? model,
    provider,
    prompt_tokens: row?.input_tokens ?? 0,
    completion_tokens: row?.output_tokens ?? 0,
    total_tokens: (row?.input_tokens ?? 0) + (row?.output_tokens ?? 0),
    cost: typeof row?.cost_micros === 'number' ? row.cost_micros / 1e6 : null,
    backend: row?.attempts === 0 ? null : sideOf(provider, snapshot),
    route: provider,
    classification: null,
    cached: false,
    latency_ms: latency,
    error: worked ? null : (answer?.error?.message ?? `The gateway answered ${sent.status}.`),
    timestamp: new Date(now()).toISOString(),
  };
}

const sideOf = (provider: string, { providers }: GatewaySnapshot): RouteSide | null =>
  providers.find(({ id }) => id === provider)?.side ?? null;

async function waitForRow(find: () => Promise<Turn | undefined>): Promise<Turn | undefined> {
  const deadline = performance.now() + ROW_WAIT_MS;
  for (;;) {
    const row = await find();
    if (row || performance.now() > deadline) return row;
    await delay(20);
  }
}
