import type { ChannelConfig } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { channels as registry } from './channels/registry.gen.ts';
import type { ChannelDefinition } from './define-channel.ts';

/** The definition of a channel: its config decides the type, so the pair always fits. */
export const definitionOf = (config: ChannelConfig): ChannelDefinition<ChannelConfig['type']> =>
  registry[config.type] as unknown as ChannelDefinition<ChannelConfig['type']>;

export interface Ready {
  config: ChannelConfig;
  /** What must not be seen in anything that is told about it. */
  secrets: readonly string[];
}

/** Fields that say how a channel is called and when it is used; everything else may hold a secret. */
const open = new Set([
  'type',
  'name',
  'min_severity',
  'kinds',
  'services',
  'tags',
  'faults',
  'tell',
  'quiet',
  'title',
  'message',
  'method',
  'region',
  'security',
  'from',
  'to',
  'topic',
  'chat_id',
  'room_id',
  'host',
  'plugin',
]);

/** A channel with its references filled in, or what is missing. */
export function prepare(config: ChannelConfig, resolve: (text: string) => string): Ready | string {
  const secrets = new Set<string>();
  const fill = (value: unknown, secret: boolean): unknown => {
    if (typeof value === 'string') {
      const filled = resolve(value);
      if (secret || filled !== value) for (const part of partsOf(filled)) secrets.add(part);
      return filled;
    }
    if (Array.isArray(value)) return value.map((each) => fill(each, secret));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, secret)]));
    }
    return value;
  };
  try {
    const filled = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, fill(value, !open.has(key))]),
    );
    const ordered = [...secrets].toSorted((a, b) => b.length - a.length);
    return { config: filled as unknown as ChannelConfig, secrets: ordered };
  } catch (thrown) {
    return toFault(thrown).message;
  }
}

/** A secret text, and of an address what stands behind its host: services put keys into paths. */
function partsOf(text: string): string[] {
  if (!URL.canParse(text)) return text.length >= 6 ? [text] : [];
  const { pathname, search, password } = new URL(text);
  return [text, `${pathname}${search}`, pathname, search, password].filter((part) => part.length >= 6);
}

/** A text without a channel's secrets. */
export function blot(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]');
  return clean;
}
