import { VigilesConfig, type RouteTrial } from '@vigiles/contract';
import { makeBudgets, makeModels } from './make-gateway.ts';
import { makeExplanation } from './make-anatomy.ts';
import type { World } from './make-world.ts';

const types = [
  ['anthropic', 'Anthropic', 'https://api.anthropic.com'],
  ['bedrock', 'Amazon Bedrock', null],
  ['groq', 'Groq', 'https://api.groq.com/openai/v1'],
  ['ollama', 'Ollama', 'http://127.0.0.1:11434'],
  ['openai', 'OpenAI', 'https://api.openai.com'],
  ['openai-compatible', 'OpenAI-compatible', null],
  ['openrouter', 'OpenRouter', 'https://openrouter.ai/api'],
  ['vllm', 'vLLM', null],
].map(([type, name, base_url]) => ({
  type,
  name,
  base_url,
  auth: 'bearer',
  protocols: ['openai-chat'],
  needs: [],
}));

/** What the gateway's screens read. */
export function answerGateway(world: World, path: string): unknown {
  const count = 0;
  switch (path) {
    case '/api/v1/config':
      return {
        path: 'vigiles.yaml',
        loaded_at: 0,
        revision: 'r1',
        config: world.config,
        problems: [],
        overrides: [],
      };
    case '/api/v1/config/schema':
      return VigilesConfig.toJSONSchema({ io: 'input' });
    case '/api/v1/ai/budgets':
      return world.turns.length === 0 ? { budgets: [], limits: [] } : makeBudgets(Date.now());
    case '/api/v1/ai/models':
      return { models: makeModels(), count };
    case '/api/v1/ai/provider-types':
      return { types, count };
    case '/api/v1/ai/adaptations':
      return { adaptations: world.adaptations, count };
    default:
      return undefined;
  }
}

/** What they change. The configuration stays as it is: writing it is the real control's. */
export function changeGateway(
  world: World,
  method: string,
  path: string,
  body: Record<string, unknown>,
): unknown {
  const [, id] = /^\/api\/v1\/ai\/adaptations\/([^/]+)/.exec(path) ?? [];
  const adaptation = world.adaptations.find((each) => each.id === id);
  if (adaptation && method === 'DELETE') {
    world.adaptations.splice(world.adaptations.indexOf(adaptation), 1);
    return adaptation;
  }
  if (adaptation) return Object.assign(adaptation, { pinned: body['pinned'] });
  if (path === '/api/v1/config') return { changed: [], revision: 'r1', overridden: [] };
  if (path === '/api/v1/ai/route-trial') return makeTrial(world, String(body['model']));
  if (path.endsWith('/test')) {
    return {
      worked: true,
      model: 'm',
      status: 200,
      latency_ms: 812,
      message: 'ready',
      turn_id: 'trn_000690',
    };
  }
  return undefined;
}

function makeTrial(world: World, model: string): RouteTrial {
  const [turn] = world.turns;
  if (!turn) return { goes_to: null, decision: null, story: [`The model \`${model}\` does not exist here.`] };
  const { story: _story, turn_id: _id, plain: _plain, ...decision } = makeExplanation(turn);
  return {
    goes_to: { provider: turn.provider, model: turn.model },
    decision: { ...decision, attempts: [] },
    story: [
      `\`${model}\` was asked for: a route matches (\`coder\`, ordered).`,
      'lab/qwen3-coder:30b was passed over: about 61000 tokens do not fit into 32768.',
      `It would go to ${turn.provider}/${turn.model}.`,
    ],
  };
}
