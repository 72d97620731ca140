import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Store } from '../../../platform/store/store.ts';
import { readRunFile } from '../run-file.ts';
import { createGatewayClient } from './gateway-client.ts';
import { createTurnStore } from './turn-store.ts';

interface OwnQuestion {
  /** A model or a route, as agents ask for it. */
  model: string;
  system: string;
  user: string;
  maxTokens: number;
  signal: AbortSignal;
}

interface OwnAnswer {
  /** Of the HTTP answer. */
  status: number;
  text: string;
  /** Why it was refused, where it was. */
  error: string | null;
  turnId: string | null;
}

/** What the ledger says of a turn. */
interface TurnCost {
  tokensIn: number;
  tokensOut: number;
  /** null: unpriced. */
  costMicros: number | null;
}

/** Vigiles' own questions to models: through the gateway like any client, so that limits and budgets hold. */
interface OwnModel {
  /** null: no gateway answers. Throws when the signal is aborted. */
  ask(question: OwnQuestion): Promise<OwnAnswer | null>;
  /** null: the ledger does not know it (yet). */
  costOf(turnId: string): Promise<TurnCost | null>;
  /** Dollars per million tokens; null: unpriced, or not a single model. */
  priceOf(model: string): Promise<{ input: number; output: number } | null>;
}

const ChatAnswer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** The ledger writes a moment after the answer. */
const rowWaitMs = 10_000;

/** @param device under which name limits and ledger count it */
export function createOwnModel({
  home,
  store,
  device,
}: {
  home: string;
  store: Store;
  device: string;
}): OwnModel {
  const client = createGatewayClient(() => readRunFile(home));
  const turns = createTurnStore(store);
  return {
    async ask({ model, system, user, maxTokens, signal }) {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ];
      const body = { model, messages, max_tokens: maxTokens, temperature: 0 };
      const sent = await client.complete(device, body, signal, { 'x-vigiles-intent': 'ops' });
      if (!sent) return null;
      const answer = ChatAnswer.safeParse(sent.body).data;
      const text = answer?.choices?.[0]?.message.content ?? '';
      return { status: sent.status, text, error: answer?.error?.message ?? null, turnId: sent.turnId };
    },
    async costOf(turnId) {
      const deadline = performance.now() + rowWaitMs;
      for (;;) {
        const row = await turns.find(turnId);
        if (row) {
          const { input_tokens, output_tokens, cost_micros } = row;
          return { tokensIn: input_tokens ?? 0, tokensOut: output_tokens ?? 0, costMicros: cost_micros };
        }
        if (performance.now() > deadline) return null;
        await delay(20, undefined, { ref: false });
      }
    },
    async priceOf(model) {
      const found = (await client.models())?.find(({ id, model: name }) => id === model || name === model);
      return found?.price ?? null;
    },
  };
}
