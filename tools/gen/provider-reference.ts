import type { ProviderType } from '../../packages/server/src/features/gateway/providers/define-provider.ts';
import { providers } from '../../packages/server/src/features/gateway/providers/registry.gen.ts';

const protocolNames: Record<string, string> = {
  'openai-responses': 'Responses',
  'openai-chat': 'Chat Completions',
  'anthropic-messages': 'Messages',
  gemini: 'Gemini',
  'bedrock-converse': 'Converse',
};

const prices = (type: ProviderType): string => {
  if (type.prices === 'free') return 'free';
  if (type.prices !== null) return `\`${type.prices}\``;
  const local = type.baseUrl === undefined || new URL(type.baseUrl).hostname === '127.0.0.1';
  return local ? 'free on this machine' : 'unpriced';
};

const yes = (value: boolean) => (value ? 'yes' : '');

/** What a translated request may contain; bytes that pass through are the client's own. */
function abilities({ quirks }: ProviderType): string[] {
  return [
    quirks.maxCompletionTokens ? '`max_completion_tokens`' : '`max_tokens`',
    quirks.reasoningField ? `\`${quirks.reasoningField}\`` : '',
    yes(quirks.reasoningEffort === true),
    yes(quirks.parallelToolCalls !== false),
    yes(quirks.jsonSchema !== false),
  ];
}

/** Some addresses are made from the rest of the configuration. */
const placed = (type: ProviderType): string => (type.place ? 'made from your settings' : '');

const row = (type: ProviderType): string => {
  const base = type.baseUrl === undefined ? placed(type) : `\`${type.baseUrl}\``;
  const spoken = type.protocols.map(({ protocol }) => protocolNames[protocol] ?? protocol).join(', ');
  const ports = type.usualPorts.map(({ port }) => port).join(', ');
  const cells = [
    `\`${type.type}\``,
    type.name,
    spoken || 'built in',
    base,
    prices(type),
    yes(type.models !== null),
    ports,
  ];
  return `| ${cells.join(' | ')} |`;
};

/** The page that lists every provider type: address, protocols, prices, and what it is sent. */
export function providerReference(): string {
  const types: ProviderType[] = Object.values(providers);
  const chat = types.filter(({ protocols }) => protocols[0]?.protocol === 'openai-chat');
  return `<!-- Written by npm run gen. Do not edit. -->
# Provider types

How to configure them is in [Providers and routes](../guide/providers-and-routes.md).

| type | name | speaks | address unless you say otherwise | prices | lists its models | looked for on port |
| --- | --- | --- | --- | --- | --- | --- |
${types.map(row).join('\n')}

What a Chat Completions backend is sent when the client speaks another protocol. \`developer\` messages become \`system\`; what
is left out is noted on the turn as a loss.

| type | length limit | thinking goes back in | effort | \`parallel_tool_calls\` | \`json_schema\` |
| --- | --- | --- | --- | --- | --- |
${chat.map((type) => `| \`${type.type}\` | ${abilities(type).join(' | ')} |`).join('\n')}
`;
}
