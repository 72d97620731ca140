import { startVigiles, type Vigiles } from '../harness/vigiles.ts';
import { startChatProvider } from '../providers/chat-provider.ts';
import { startGeminiProvider } from '../providers/gemini-provider.ts';
import { startMessagesProvider } from '../providers/messages-provider.ts';
import type { ProviderServer } from '../providers/provider-server.ts';
import { startResponsesProvider } from '../providers/responses-provider.ts';
import { anyScript } from '../providers/scripted-model.ts';
import type { Door } from './client.ts';

/** The provider protocols, by the id of the provider that speaks each. */
export const protocols = {
  responses: 'openai-responses',
  chat: 'openai-chat',
  messages: 'anthropic-messages',
  google: 'gemini',
} as const;

export type ProviderId = keyof typeof protocols;
export const providerIds = Object.keys(protocols) as ProviderId[];

/** A provider; `signed` counts its own opaque reasoning that came back to it, where its protocol has some. */
export type CountingProvider = ProviderServer & { readonly signed?: number };

/** Vigiles with its gateway process, and a strict stand-in of each provider protocol behind it. */
export interface World extends Door {
  vigiles: Vigiles;
  providers: Record<ProviderId, CountingProvider>;
  close(): Promise<void>;
}

const key = 'sk-provider-key-for-tests';

export async function startWorld(): Promise<World> {
  const providers = {
    responses: await startResponsesProvider(anyScript, key),
    chat: await startChatProvider(anyScript, key),
    messages: await startMessagesProvider(anyScript, key),
    google: await startGeminiProvider(anyScript, key),
  };
  const closeProviders = () => Promise.all(Object.values(providers).map((provider) => provider.close()));
  const provider = (id: ProviderId, more: string) =>
    `    - { id: ${id}, base_url: "${providers[id].url}", api_key: "\${env:PROVIDER_KEY}", ${more} }`;
  const route = (id: ProviderId, model: string) =>
    `    - { model: "${id}/*", provider: ${id}, upstream_model: ${model} }`;
  // The upstream models' names decide how they are asked to think.
  const config = `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  providers:
${provider('responses', 'type: openai, protocol: openai-responses')}
${provider('chat', 'type: openai-compatible')}
${provider('messages', 'type: anthropic')}
${provider('google', 'type: gemini')}
  routes:
${route('responses', 'gpt-5.5')}
${route('chat', 'scripted')}
${route('messages', 'claude-sonnet-4-5')}
${route('google', 'gemini-3-scripted')}
`;
  try {
    const vigiles = await startVigiles({ env: { PROVIDER_KEY: key }, config });
    return {
      vigiles,
      providers,
      gatewayUrl: vigiles.gatewayUrl,
      token: await vigiles.pairDevice('clients', ['gateway']),
      async close() {
        await vigiles.stop();
        await closeProviders();
      },
    };
  } catch (thrown) {
    await closeProviders();
    throw thrown;
  }
}
