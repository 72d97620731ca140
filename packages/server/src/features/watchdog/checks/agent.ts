import type { Agent } from 'undici';
import type { CheckFacts } from '@vigiles/contract';
import { namesAt } from './agent/model-list.ts';
import { answeringModel, isListed } from './agent/model-names.ts';
import { protocols } from './agent/protocols.ts';
import { sseData } from './agent/sse-data.ts';
import {
  defineCheck,
  isLoopback,
  remoteUnlessLoopback,
  type CheckKit,
  type ConfigOf,
  type Look,
} from './define-check.ts';
import { cannotTell, failedLook, noAnswer, unhealthy } from './failed-look.ts';

const mostErrorBytes = 4096;
/** A model that was on its provider's list is looked for again after this. */
const listedForMs = 3_600_000;
/** An address that moved is seen after this. */
const connectionLifeMs = 300_000;

interface Place {
  url: string;
  key: string;
  /** Through our own gateway: its own troubles are not the model’s. */
  ours: boolean;
}

async function placeOf(config: ConfigOf<'agent'>, kit: CheckKit): Promise<Place | null> {
  if (config.base_url !== undefined) {
    const key = config.api_key === undefined ? '' : kit.resolve(config.api_key);
    return { url: config.base_url.replace(/\/+$/, ''), key, ours: false };
  }
  const gateway = await kit.gateway();
  return gateway && { url: `${gateway.url}/v1`, key: gateway.token, ours: true };
}

/** What an error answer says; at most its beginning is read. */
async function complaintOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of body) {
    text += piece.toString('utf8');
    if (text.length > mostErrorBytes) break;
  }
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return (message ?? text).replaceAll(/\s+/g, ' ').slice(0, 200);
}

/** What the demo is asked for by name. Where no provider is configured it answers for every other one too. */
const isDemo = (model: string): boolean => model === 'demo' || model.startsWith('demo/');

export const check = defineCheck({
  type: 'agent',
  title: 'Agent protocol',
  target: ({ model, base_url: url }) => (url === undefined ? model : `${model} @ ${new URL(url).host}`),
  remoteHost: ({ base_url: url }) => (url === undefined ? null : remoteUnlessLoopback(new URL(url).hostname)),
  localPort: ({ base_url: url }) =>
    url !== undefined && isLoopback(new URL(url).hostname) ? Number(new URL(url).port) || null : null,
  prepare(config, kit) {
    const protocol = protocols[config.protocol];
    const body = JSON.stringify(protocol.body(config));
    let agent: Agent | null = null;
    let listedUntil = Number.NEGATIVE_INFINITY;

    /** Whether the provider's own list lacks the model. No list, or none that can be had now, lacks nothing. */
    async function isUnlisted(place: Place, answered: string | null, signal: AbortSignal): Promise<boolean> {
      const now = kit.clock.monotonic();
      if (!config.listed || place.ours || now < listedUntil || !agent) return false;
      const names = await namesAt(
        `${place.url}/models${protocol.listQuery}`,
        headersOf(place, 'application/json'),
        agent,
        signal,
      );
      if (names !== null && !isListed(names, config.model, answered)) return true;
      listedUntil = now + listedForMs;
      return false;
    }

    const headersOf = (place: Place, accept: string) => ({
      accept,
      'user-agent': 'vigiles-watchdog',
      ...(place.key === '' ? {} : protocol.headers(place.key)),
    });

    async function ask(place: Place, signal: AbortSignal): Promise<Look> {
      const dial = await import('../../../platform/dial/index.ts');
      agent ??= new dial.Agent({ headersTimeout: 0, bodyTimeout: 0, clientTtl: connectionLifeMs });
      const begun = kit.clock.monotonic();
      const elapsed = () => Math.round(kit.clock.monotonic() - begun);
      const answer = await dial.request(`${place.url}${protocol.path}`, {
        dispatcher: agent,
        method: 'POST',
        signal,
        headers: { 'content-type': 'application/json', ...headersOf(place, 'text/event-stream') },
        body,
      });
      const facts: CheckFacts = { status: answer.statusCode };
      if (answer.statusCode !== 200) {
        const reason = `HTTP ${answer.statusCode}: ${await complaintOf(answer.body as AsyncIterable<Buffer>)}`;
        // Our own limits and budgets say nothing about the model; that nobody has it does.
        const mine =
          place.ours && answer.headers['x-vigiles-error-source'] === 'gateway' && answer.statusCode !== 404;
        return mine ? cannotTell(reason, facts) : unhealthy(reason, facts);
      }
      if (place.ours && answer.headers['x-vigiles-provider'] === 'demo' && !isDemo(config.model)) {
        answer.body.destroy();
        return unhealthy(`no provider offers the model “${config.model}”: the demo answered`, facts);
      }
      let first: number | null = null;
      let answered: string | null = null;
      for await (const data of sseData(answer.body as AsyncIterable<Buffer>)) {
        const { token, usage, failure, done } = protocol.read(data);
        answered ??= answeringModel(data);
        if (failure !== undefined) return unhealthy(failure, facts);
        if (token && first === null) facts['first_token_ms'] = first = elapsed();
        if (typeof usage?.input === 'number') facts['tokens_in'] = usage.input;
        if (typeof usage?.output === 'number') facts['tokens_out'] = usage.output;
        if (done) break;
      }
      facts['total_ms'] = elapsed();
      if (first === null) return unhealthy('the stream ended without a token', facts);
      if (first > config.max_first_token_ms)
        return unhealthy(
          `the first token came after ${first} ms, more than ${config.max_first_token_ms} ms`,
          facts,
        );
      if (await isUnlisted(place, answered, signal))
        return unhealthy(
          `it answers, but does not list the model “${config.model}”; \`listed: false\` where that is right`,
          facts,
        );
      return { ok: true, latencyMs: first, facts };
    }

    return {
      async look({ signal }) {
        const place = await placeOf(config, kit);
        if (!place) return cannotTell('the gateway is switched off');
        try {
          return await ask(place, signal);
        } catch (thrown) {
          if (signal.aborted) return noAnswer();
          const failed = failedLook(thrown, signal);
          return place.ours ? { ...failed, ours: true, reason: `our gateway: ${failed.reason}` } : failed;
        }
      },
      close: () => void agent?.destroy(),
    };
  },
});
