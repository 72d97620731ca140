import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatedFacts } from '../model-facts.ts';
import { readModelList } from './read-model-list.ts';

/** One row of each vendor's list in the form its documentation shows, and what it says. */
const lists: { vendor: string; doc: string; body: unknown; id: string; facts: StatedFacts }[] = [
  {
    vendor: 'OpenAI',
    doc: 'https://platform.openai.com/docs/api-reference/models/list',
    body: { object: 'list', data: [{ id: 'gpt-5.5', object: 'model', created: 1, owned_by: 'openai' }] },
    id: 'gpt-5.5',
    facts: {},
  },
  {
    vendor: 'OpenRouter',
    doc: 'https://openrouter.ai/docs/api-reference/list-available-models',
    body: {
      data: [
        {
          id: 'qwen/qwen3-coder',
          context_length: 262_144,
          architecture: { input_modalities: ['text'], output_modalities: ['text'] },
          pricing: { prompt: '0.00000022', completion: '0.00000095', input_cache_read: '0.000000022' },
          top_provider: { context_length: 262_144, max_completion_tokens: 65_536 },
          supported_parameters: ['tools', 'tool_choice', 'structured_outputs', 'temperature'],
        },
      ],
    },
    id: 'qwen/qwen3-coder',
    facts: {
      contextWindow: 262_144,
      maxOutputTokens: 65_536,
      abilities: { images: false, tools: true, reasoning: false, structuredOutput: true },
      rates: { input: 0.22, output: 0.95, cacheRead: 0.022 },
    },
  },
  {
    vendor: 'Together (a bare array)',
    doc: 'https://docs.together.ai/reference/models-1',
    body: [
      { id: 'BAAI/bge', type: 'embedding', context_length: 512, pricing: { input: 0.01, output: 0.01 } },
      {
        id: 'Qwen/Qwen3-Coder',
        type: 'chat',
        context_length: 262_144,
        pricing: { hourly: 0, input: 2, output: 2, base: 0, finetune: 0 },
      },
    ],
    id: 'Qwen/Qwen3-Coder',
    facts: { contextWindow: 262_144, rates: { input: 2, output: 2 } },
  },
  {
    vendor: 'GitHub Models (a bare array)',
    doc: 'https://docs.github.com/rest/models/catalog',
    body: [
      {
        id: 'openai/gpt-4.1',
        name: 'OpenAI GPT-4.1',
        capabilities: ['streaming', 'tool-calling'],
        limits: { max_input_tokens: 1_048_576, max_output_tokens: 32_768 },
        supported_input_modalities: ['text', 'image'],
      },
    ],
    id: 'openai/gpt-4.1',
    facts: {
      contextWindow: 1_048_576,
      maxOutputTokens: 32_768,
      abilities: { images: true, tools: true },
    },
  },
  {
    vendor: 'Gemini',
    doc: 'https://ai.google.dev/api/models',
    body: {
      models: [
        { name: 'models/embed', supportedGenerationMethods: ['embedContent'], inputTokenLimit: 2048 },
        {
          name: 'models/gemini-3-pro',
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: ['generateContent', 'countTokens'],
          thinking: true,
        },
      ],
    },
    id: 'gemini-3-pro',
    facts: { contextWindow: 1_048_576, maxOutputTokens: 65_536, abilities: { reasoning: true } },
  },
  {
    vendor: 'Mistral',
    doc: 'https://docs.mistral.ai/api/endpoint/models',
    body: {
      object: 'list',
      data: [
        {
          id: 'mistral-medium-latest',
          capabilities: { completion_chat: true, function_calling: true, vision: true, reasoning: false },
          max_context_length: 131_072,
        },
      ],
    },
    id: 'mistral-medium-latest',
    facts: { contextWindow: 131_072, abilities: { images: true, tools: true, reasoning: false } },
  },
  {
    vendor: 'Groq',
    doc: 'https://console.groq.com/docs/api-reference#models-list',
    body: {
      data: [
        { id: 'openai/gpt-oss-120b', context_window: 131_072, max_completion_tokens: 65_536, active: true },
      ],
    },
    id: 'openai/gpt-oss-120b',
    facts: { contextWindow: 131_072, maxOutputTokens: 65_536 },
  },
  {
    vendor: 'Moonshot',
    doc: 'https://platform.moonshot.ai/docs/api/list-models',
    body: {
      data: [{ id: 'kimi-k2.6', context_length: 262_144, supports_image_in: true, supports_reasoning: true }],
    },
    id: 'kimi-k2.6',
    facts: { contextWindow: 262_144, abilities: { images: true, reasoning: true } },
  },
  {
    vendor: 'Fireworks',
    doc: 'https://docs.fireworks.ai/api-reference/list-models',
    body: {
      data: [
        {
          id: 'accounts/fireworks/models/glm-5',
          context_length: 202_752,
          supports_tools: true,
          supports_image_input: false,
        },
      ],
    },
    id: 'accounts/fireworks/models/glm-5',
    facts: { contextWindow: 202_752, abilities: { tools: true, images: false } },
  },
  {
    vendor: 'Hugging Face',
    doc: 'https://huggingface.co/docs/inference-providers/hub-api',
    body: {
      data: [
        {
          id: 'zai-org/GLM-5',
          architecture: { input_modalities: ['text'] },
          providers: [
            {
              provider: 'a',
              context_length: 131_072,
              supports_tools: false,
              pricing: { input: 1, output: 2 },
            },
            {
              provider: 'b',
              context_length: 202_752,
              supports_tools: true,
              supports_structured_output: true,
            },
          ],
        },
      ],
    },
    id: 'zai-org/GLM-5',
    facts: { contextWindow: 202_752, abilities: { images: false, tools: true, structuredOutput: true } },
  },
  {
    vendor: 'Anthropic',
    doc: 'https://platform.claude.com/docs/en/api/models/list',
    body: {
      data: [
        {
          type: 'model',
          id: 'claude-opus-5',
          max_input_tokens: 1_000_000,
          max_tokens: 128_000,
          capabilities: {
            image_input: { supported: true },
            structured_outputs: { supported: true },
            thinking: { supported: true },
          },
        },
      ],
    },
    id: 'claude-opus-5',
    facts: {
      contextWindow: 1_000_000,
      maxOutputTokens: 128_000,
      abilities: { images: true, reasoning: true, structuredOutput: true },
    },
  },
  {
    vendor: 'xAI',
    doc: 'https://docs.x.ai/developers/rest-api-reference/inference/models',
    body: {
      data: [
        {
          id: 'grok-4.3',
          context_length: 1_000_000,
          capabilities: { reasoning_effort: ['none', 'low', 'high'] },
        },
      ],
    },
    id: 'grok-4.3',
    facts: { contextWindow: 1_000_000, abilities: { reasoning: true } },
  },
  {
    vendor: 'Cohere (its own list)',
    doc: 'https://docs.cohere.com/reference/list-models',
    body: {
      models: [
        { name: 'embed-v4.0', endpoints: ['embed'], context_length: 128_000 },
        {
          name: 'command-a-03-2025',
          endpoints: ['chat'],
          context_length: 288_000,
          features: ['tools', 'json_mode', 'json_schema'],
        },
      ],
    },
    id: 'command-a-03-2025',
    facts: {
      contextWindow: 288_000,
      abilities: { images: false, tools: true, reasoning: false, structuredOutput: true },
    },
  },
  {
    vendor: 'vLLM',
    doc: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server/',
    body: { data: [{ id: 'qwen3', object: 'model', owned_by: 'vllm', max_model_len: 40_960 }] },
    id: 'qwen3',
    facts: { contextWindow: 40_960 },
  },
  {
    vendor: 'LM Studio',
    doc: 'https://lmstudio.ai/docs/developer/rest/endpoints',
    body: {
      data: [
        { id: 'nomic', type: 'embeddings', max_context_length: 2048 },
        {
          id: 'qwen2-vl-7b-instruct',
          type: 'vlm',
          state: 'loaded',
          max_context_length: 32_768,
          loaded_context_length: 4096,
          capabilities: ['tool_use'],
        },
      ],
    },
    id: 'qwen2-vl-7b-instruct',
    facts: {
      contextWindow: 4096,
      abilities: { images: true, tools: true },
    },
  },
];

for (const { vendor, body, id, facts } of lists) {
  test(`the list of ${vendor} is read with what it says`, () => {
    assert.deepEqual(readModelList(body), [{ id, facts }]);
  });
}

test('a price that depends, or of nothing at all, is no price', () => {
  const [auto] = readModelList({
    data: [{ id: 'openrouter/auto', pricing: { prompt: '-1', completion: '-1' } }],
  });
  assert.equal(auto?.facts.rates, undefined);
  const [own] = readModelList([{ id: 'x', pricing: { input: 0, output: 0 } }]);
  assert.equal(own?.facts.rates, undefined);
});

test('a free model of OpenRouter is free', () => {
  const [free] = readModelList({ data: [{ id: 'x:free', pricing: { prompt: '0', completion: '0' } }] });
  assert.deepEqual(free?.facts.rates, { input: 0, output: 0 });
});

test('whatever is no list is refused, and rows that are none are passed over', () => {
  for (const body of [null, 1, 'x', {}, { data: {} }, { error: { message: 'no' } }]) {
    assert.throws(() => readModelList(body), /another shape/);
  }
  const body = {
    data: [null, 1, {}, { id: 7 }, { id: '' }, { id: 'x'.repeat(300) }, { id: 'a' }, { id: 'a' }],
  };
  assert.deepEqual(
    readModelList(body).map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(readModelList({ data: [{ id: 'a', context_length: -1, pricing: null }] })[0]?.facts, {});
});

test('a list without end is cut at 2000 models', () => {
  assert.equal(readModelList(Array.from({ length: 5000 }, (_, i) => ({ id: `m${i}` }))).length, 2000);
});
