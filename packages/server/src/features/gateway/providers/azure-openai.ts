import { defineProvider } from './define-provider.ts';

/**
 * Azure OpenAI. Models are the names of deployments. Without `api_version` its v1 API, which is OpenAI's own with
 * Responses; with one, the classic door where the deployment stands in the path.
 * https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
export const provider = defineProvider({
  type: 'azure-openai',
  name: 'Azure OpenAI',
  place({ base_url, api_version }) {
    if (base_url === undefined) return 'needs a base_url, for instance https://my-name.openai.azure.com';
    const url = new URL(base_url);
    const path = url.pathname.replace(/\/+$/, '');
    if (api_version === undefined) return { address: url.origin + (path || '/openai/v1') };
    const query = `?api-version=${encodeURIComponent(api_version)}`;
    return {
      address: url.origin + (path || '/openai'),
      protocols: [{ protocol: 'openai-chat', path: `/deployments/{model}/chat/completions${query}` }],
    };
  },
  protocols: [
    { protocol: 'openai-responses', path: '/responses' },
    { protocol: 'openai-chat', path: '/chat/completions' },
  ],
  auth: 'api-key',
  headers: {},
  quirks: {
    developerRole: true,
    maxCompletionTokens: true,
    reasoningEffort: true,
    strictTools: true,
    refusalField: true,
    openaiFields: true,
  },
  models: null,
  prices: 'azure',
  countsTokens: false,
  usualPorts: [],
  media: ['embeddings', 'images', 'audio'],
  keepsResponses: true,
});
