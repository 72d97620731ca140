import type { ChannelConfig } from '@vigiles/contract';
import type { Egress } from '../../platform/egress/index.ts';
import type { Log } from '../../kernel/log.ts';
import type { Message } from './core/render.ts';
import type { Push } from './push.ts';

/** What came of one try. */
export type Sent =
  | { ok: true; answer: string }
  | {
      ok: false;
      /** Whether it can go through later. */
      again: boolean;
      reason: string;
      /** What the service answered. */
      answer: string;
      /** It asks to be left alone for this long. */
      waitMs?: number;
    };

/** Channels of plugins, by `<plugin>/<channel>`. */
export interface PluginChannels {
  /** Messages per minute that its service takes. */
  perMinute(reference: string): number;
  /** Never rejects; a plugin that is away can be tried again later. */
  send(
    reference: string,
    options: Record<string, unknown>,
    message: Message,
    signal: AbortSignal,
  ): Promise<Sent>;
}

/** Where no plugins run. */
export const noPluginChannels: PluginChannels = {
  perMinute: () => 30,
  send: () => Promise.resolve(later('no plugins run here')),
};

export interface ChannelContext {
  egress: Egress;
  log: Log;
  push: Push;
  plugins: PluginChannels;
  /** UTC ms. */
  now: number;
  /** Aborted when the time for it is over. */
  signal: AbortSignal;
}

export type ConfigOf<Type extends ChannelConfig['type']> = Extract<ChannelConfig, { type: Type }>;

/** One way of telling people. `config` comes with its references filled in. */
export interface ChannelDefinition<Type extends ChannelConfig['type']> {
  type: Type;
  title: string;
  /** Messages per minute that the service takes without complaint. */
  perMinute: number;
  /** It follows incidents by a key: opened, acknowledged and resolved are three calls about one thing. */
  tracks?: true;
  /** Where it leads, for people: no secrets, and no address that is one. */
  target(config: ConfigOf<Type>): string;
  /** Fields of the configuration whose values must not be seen, besides those the schema marks. */
  send(config: ConfigOf<Type>, message: Message, context: ChannelContext): Promise<Sent>;
}

export const defineChannel = <Type extends ChannelConfig['type']>(
  definition: ChannelDefinition<Type>,
): ChannelDefinition<Type> => definition;

export const sent = (answer = ''): Sent => ({ ok: true, answer });
/** Trying again is of no use until somebody changes something. */
export const refused = (reason: string, answer = ''): Sent => ({ ok: false, again: false, reason, answer });
export const later = (reason: string, answer = '', waitMs?: number): Sent => ({
  ok: false,
  again: true,
  reason,
  answer,
  ...(waitMs === undefined ? {} : { waitMs }),
});

/** The host of an address, which is all of it that people see. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is none';
}
