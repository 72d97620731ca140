// Written by npm run gen. Do not edit.
import { provider as anthropic } from './anthropic.ts';
import { provider as demo } from './demo.ts';
import { provider as ollama } from './ollama.ts';
import { provider as openai } from './openai.ts';
import { provider as openaiCompatible } from './openai-compatible.ts';
import { provider as openrouter } from './openrouter.ts';

export const providers = {
  anthropic,
  demo,
  ollama,
  openai,
  'openai-compatible': openaiCompatible,
  openrouter,
} as const;
