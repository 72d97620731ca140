import { anthropicRefusals } from './anthropic.ts';
import { deepseekXaiRefusals } from './deepseek-xai.ts';
import { geminiRefusals } from './gemini.ts';
import { localServersRefusals } from './local-servers.ts';
import { mistralGroqRefusals } from './mistral-groq.ts';
import { openaiRefusals } from './openai.ts';
import { openaiMoreRefusals } from './openai-more.ts';
import { otherCloudsRefusals } from './other-clouds.ts';
import type { Refusal } from './refusal.ts';

/** Refusals in the words of each provider, gathered from their documentation and their users' reports. */
export const refusals: readonly Refusal[] = [
  ...openaiRefusals,
  ...openaiMoreRefusals,
  ...anthropicRefusals,
  ...geminiRefusals,
  ...mistralGroqRefusals,
  ...deepseekXaiRefusals,
  ...localServersRefusals,
  ...otherCloudsRefusals,
];
