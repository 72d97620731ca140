import { anthropicInvoke } from './anthropic-invoke.ts';
import { bash } from './bash.ts';
import { cohere } from './cohere.ts';
import { deepseek } from './deepseek.ts';
import { dsml } from './dsml.ts';
import { escalation } from './escalation.ts';
import { exploreAgent } from './explore-agent.ts';
import { fenced } from './fenced.ts';
import { gemma } from './gemma.ts';
import { gemmaCall } from './gemma-call.ts';
import { glm } from './glm.ts';
import { granite } from './granite.ts';
import { harmony } from './harmony.ts';
import { hermes } from './hermes.ts';
import { kimi } from './kimi.ts';
import { llama } from './llama.ts';
import { minimax } from './minimax.ts';
import { mistral } from './mistral.ts';
import { phi } from './phi.ts';
import { pythonic } from './pythonic.ts';
import { qwenCoder } from './qwen-coder.ts';
import { rawJson } from './raw-json.ts';
import { roo } from './roo.ts';
import type { TextFormat } from './text-format.ts';
import { pythonTags } from './python-tags.ts';
import { wrapped } from './wrapped.ts';
import { xlam } from './xlam.ts';

/** The chain: where several formats share an opener, the first that reads a call wins. */
export const textFormats: readonly TextFormat[] = [
  dsml,
  deepseek,
  kimi,
  hermes,
  qwenCoder,
  glm,
  minimax,
  anthropicInvoke,
  mistral,
  llama,
  harmony,
  phi,
  granite,
  cohere,
  roo,
  bash,
  exploreAgent,
  escalation,
  gemma,
  gemmaCall,
  wrapped,
  pythonTags,
  fenced,
  xlam,
  pythonic,
  rawJson,
];
