import { anthropicMessages } from './anthropic-messages/index.ts';
import { bedrockConverse } from './bedrock-converse/index.ts';
import { gemini } from './gemini/index.ts';
import type { ProtocolName, ProviderProtocolName } from './canonical/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiResponses } from './openai-responses/index.ts';
import type { Protocol, ProviderProtocol } from './protocol.ts';

/** Every wire protocol, each as client side and as provider side. */
export const protocols: Record<ProtocolName, Protocol> = {
  'openai-responses': openaiResponses,
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
  gemini,
};

/** Every protocol a provider may speak. */
export const providerProtocols: Record<ProviderProtocolName, ProviderProtocol> = {
  ...protocols,
  'bedrock-converse': bedrockConverse,
};

export type * from './canonical/index.ts';
export type * from './protocol.ts';
export * from './errors/index.ts';
export * from './history/index.ts';
export { sealCompaction } from './openai-responses/compaction.ts';
export * from './reasoning/index.ts';
export * from './sse/index.ts';
export * from './toolcall-recovery/index.ts';
export * from './tools/index.ts';
