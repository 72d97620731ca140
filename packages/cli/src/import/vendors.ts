/** How other programs name a sort of provider: LiteLLM's prefixes, and the hosts addresses lead to. */
interface Vendor {
  type: string;
  prefixes: readonly string[];
  hosts: readonly string[];
  /** The address the type has by itself. */
  base?: string;
}

const vendors: readonly Vendor[] = [
  { type: 'openai', prefixes: ['openai'], hosts: ['api.openai.com'], base: 'https://api.openai.com/v1' },
  { type: 'gemini', prefixes: ['gemini'], hosts: [] },
  {
    type: 'anthropic',
    prefixes: ['anthropic'],
    hosts: ['api.anthropic.com'],
    base: 'https://api.anthropic.com/v1',
  },
  {
    type: 'openrouter',
    prefixes: ['openrouter'],
    hosts: ['openrouter.ai'],
    base: 'https://openrouter.ai/api/v1',
  },
  { type: 'ollama', prefixes: ['ollama', 'ollama_chat'], hosts: [], base: 'http://127.0.0.1:11434/v1' },
  { type: 'lm-studio', prefixes: ['lm_studio'], hosts: [], base: 'http://127.0.0.1:1234/v1' },
  { type: 'vllm', prefixes: ['hosted_vllm'], hosts: [], base: 'http://127.0.0.1:8000/v1' },
  {
    type: 'deepseek',
    prefixes: ['deepseek'],
    hosts: ['api.deepseek.com'],
    base: 'https://api.deepseek.com/v1',
  },
  { type: 'mistral', prefixes: ['mistral'], hosts: ['api.mistral.ai'], base: 'https://api.mistral.ai/v1' },
  { type: 'groq', prefixes: ['groq'], hosts: ['api.groq.com'], base: 'https://api.groq.com/openai/v1' },
  { type: 'xai', prefixes: ['xai'], hosts: ['api.x.ai'], base: 'https://api.x.ai/v1' },
  {
    type: 'together',
    prefixes: ['together_ai'],
    hosts: ['api.together.xyz', 'api.together.ai'],
    base: 'https://api.together.xyz/v1',
  },
  {
    type: 'fireworks',
    prefixes: ['fireworks_ai'],
    hosts: ['api.fireworks.ai'],
    base: 'https://api.fireworks.ai/inference/v1',
  },
  {
    type: 'cerebras',
    prefixes: ['cerebras'],
    hosts: ['api.cerebras.ai'],
    base: 'https://api.cerebras.ai/v1',
  },
  {
    type: 'moonshot',
    prefixes: ['moonshot'],
    hosts: ['api.moonshot.ai', 'api.moonshot.cn'],
    base: 'https://api.moonshot.ai/v1',
  },
  {
    type: 'zai',
    prefixes: ['zai'],
    hosts: ['api.z.ai', 'open.bigmodel.cn'],
    base: 'https://api.z.ai/api/paas/v4',
  },
  {
    type: 'qwen',
    prefixes: ['dashscope'],
    hosts: ['dashscope.aliyuncs.com', 'dashscope-intl.aliyuncs.com'],
    base: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  },
  { type: 'minimax', prefixes: ['minimax'], hosts: [], base: 'https://api.minimax.io/anthropic/v1' },
  {
    type: 'cohere',
    prefixes: ['cohere', 'cohere_chat'],
    hosts: [],
    base: 'https://api.cohere.ai/compatibility/v1',
  },
  {
    type: 'github-models',
    prefixes: ['github'],
    hosts: ['models.github.ai'],
    base: 'https://models.github.ai/inference',
  },
  {
    type: 'huggingface',
    prefixes: ['huggingface'],
    hosts: ['router.huggingface.co'],
    base: 'https://router.huggingface.co/v1',
  },
  {
    type: 'nvidia',
    prefixes: ['nvidia_nim'],
    hosts: ['integrate.api.nvidia.com'],
    base: 'https://integrate.api.nvidia.com/v1',
  },
  { type: 'azure-openai', prefixes: ['azure'], hosts: [] },
  { type: 'bedrock', prefixes: ['bedrock'], hosts: [] },
  { type: 'vertex', prefixes: ['vertex_ai', 'vertex_ai_beta'], hosts: [] },
  { type: 'openai-compatible', prefixes: ['openai_like', 'custom_openai'], hosts: [] },
];

export const importableTypes: readonly string[] = vendors.map(({ type }) => type);

/** The type behind a LiteLLM prefix; undefined: none of ours. */
export const typeOfPrefix = (prefix: string): string | undefined =>
  vendors.find(({ prefixes }) => prefixes.includes(prefix))?.type;

/** An address without the path of one call, as `base_url` wants it. Null: no http address, or one with a password in it. */
export function baseOf(address: string): string | null {
  try {
    const url = new URL(address);
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
    url.search = '';
    url.hash = '';
    const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|messages|responses)$/, '');
    return url.origin + path;
  } catch {
    return null;
  }
}

/** The type for an address; servers of one's own are `openai-compatible`. */
export function typeOfAddress(base: string): string {
  const { hostname, port, pathname } = new URL(base);
  if (/\/anthropic(?:\/|$)/.test(pathname)) return 'anthropic';
  const vendor = vendors.find(({ hosts }) => hosts.includes(hostname));
  if (vendor) return vendor.type;
  return ['localhost', '127.0.0.1'].includes(hostname) && port === '11434' ? 'ollama' : 'openai-compatible';
}

/** The `base_url` to write; undefined where the type has this address by itself. */
export function baseToWrite(type: string, base: string): string | undefined {
  const own = vendors.find((vendor) => vendor.type === type)?.base;
  const plain = (address: string) => address.replace('//localhost:', '//127.0.0.1:').replace(/\/v1$/, '');
  if (own !== undefined && plain(own) === plain(base)) return undefined;
  if (type === 'anthropic' && !base.endsWith('/v1')) return `${base}/v1`;
  // Ollama's own API has no /v1; the door used here has.
  return type === 'ollama' && new URL(base).pathname === '/' ? `${base.replace(/\/$/, '')}/v1` : base;
}
