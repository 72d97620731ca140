import type { ProviderProtocolName } from '@vigiles/wire';
import type { Body } from '../body.ts';

/** One refusal as a provider sends it, what was sent, and what is made of it. */
export interface Refusal {
  name: string;
  protocol?: ProviderProtocolName;
  status?: number;
  answer: unknown;
  sent: Body;
  /** The edits in words; null: the refusal is passed on. */
  told: string[] | null;
  becomes?: Body;
  loses?: string[];
}

export const user = { role: 'user', content: 'hi' };
export const chat = (more: Body = {}): Body => ({ model: 'm', messages: [user], ...more });
export const openai = (message: string, param: string | null = null, code: string | null = null) => ({
  error: { message, type: 'invalid_request_error', param, code },
});
export const anthropic = (message: string) => ({
  type: 'error',
  error: { type: 'invalid_request_error', message },
  request_id: 'req_011CTestTestTest',
});
export const tool = (more: Body = {}, parameters: Body = { type: 'object', properties: {} }) => ({
  type: 'function',
  function: { name: 'look', parameters, ...more },
});
