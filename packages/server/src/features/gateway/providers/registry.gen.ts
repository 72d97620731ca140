// Written by npm run gen. Do not edit.
import { provider as anthropic } from './anthropic.ts';
import { provider as azureOpenai } from './azure-openai.ts';
import { provider as bedrock } from './bedrock.ts';
import { provider as cerebras } from './cerebras.ts';
import { provider as cohere } from './cohere.ts';
import { provider as commandCode } from './command-code.ts';
import { provider as deepseek } from './deepseek.ts';
import { provider as demo } from './demo.ts';
import { provider as fireworks } from './fireworks.ts';
import { provider as gemini } from './gemini.ts';
import { provider as githubModels } from './github-models.ts';
import { provider as groq } from './groq.ts';
import { provider as huggingface } from './huggingface.ts';
import { provider as llamaCpp } from './llama-cpp.ts';
import { provider as lmStudio } from './lm-studio.ts';
import { provider as minimax } from './minimax.ts';
import { provider as mistral } from './mistral.ts';
import { provider as moonshot } from './moonshot.ts';
import { provider as nvidia } from './nvidia.ts';
import { provider as ollama } from './ollama.ts';
import { provider as openai } from './openai.ts';
import { provider as openaiCompatible } from './openai-compatible.ts';
import { provider as openrouter } from './openrouter.ts';
import { provider as qwen } from './qwen.ts';
import { provider as together } from './together.ts';
import { provider as vertex } from './vertex.ts';
import { provider as vllm } from './vllm.ts';
import { provider as xai } from './xai.ts';
import { provider as zai } from './zai.ts';

export const providers = {
  anthropic,
  'azure-openai': azureOpenai,
  bedrock,
  cerebras,
  cohere,
  'command-code': commandCode,
  deepseek,
  demo,
  fireworks,
  gemini,
  'github-models': githubModels,
  groq,
  huggingface,
  'llama-cpp': llamaCpp,
  'lm-studio': lmStudio,
  minimax,
  mistral,
  moonshot,
  nvidia,
  ollama,
  openai,
  'openai-compatible': openaiCompatible,
  openrouter,
  qwen,
  together,
  vertex,
  vllm,
  xai,
  zai,
} as const;
