import { defineProvider } from './define-provider.ts';

/** Regions are hosts of their own; `global` and the multi-regions are not named like them. */
function hostOf(region: string): string {
  if (region === 'global') return 'https://aiplatform.googleapis.com';
  if (region === 'us' || region === 'eu') return `https://aiplatform.${region}.rep.googleapis.com`;
  return `https://${region}-aiplatform.googleapis.com`;
}

/**
 * Google Vertex AI: Gemini's own protocol for Google's models, Messages for Anthropic's (their model stands in the URL,
 * the version in the body), Chat Completions for those others it offers as `maker/model`.
 * https://cloud.google.com/vertex-ai/generative-ai/docs
 */
export const provider = defineProvider({
  type: 'vertex',
  name: 'Google Vertex AI',
  place({ base_url, region, project }) {
    if (project === undefined || region === undefined) {
      return 'needs a project and a region, for instance europe-west1 or global';
    }
    const host = new URL(base_url ?? hostOf(region));
    const path = host.pathname.replace(/\/+$/, '');
    if (path !== '') return { address: host.origin + path };
    return { address: `${host.origin}/v1/projects/${encodeURIComponent(project)}/locations/${region}` };
  },
  protocols: [
    { protocol: 'gemini', path: '/publishers/google/models', models: /^gemini/ },
    {
      protocol: 'anthropic-messages',
      path: '/publishers/anthropic/models/{model}:rawPredict',
      streamPath: '/publishers/anthropic/models/{model}:streamRawPredict',
      models: /^claude/,
      bodyFields: { anthropic_version: 'vertex-2023-10-16' },
    },
    { protocol: 'openai-chat', path: '/endpoints/openapi/chat/completions', models: /^[^/]+\/./ },
  ],
  auth: 'bearer',
  headers: {},
  quirks: { functionCallIds: false },
  models: null,
  prices: 'google',
  countsTokens: false,
  usualPorts: [],
});
