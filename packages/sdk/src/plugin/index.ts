import type {
  Plugin,
  PluginAction,
  PluginChannel,
  PluginCheck,
  PluginFacts,
  PluginLook,
  PluginProvider,
  PluginSent,
  PluginToolCallFormat,
} from './types.ts';

export type * from './types.ts';

/** Checks the shape of a plugin and gives it back. Its main module exports it as `plugin`, or as its default. */
export const definePlugin = (plugin: Plugin): Plugin => plugin;
export const defineCheck = (check: PluginCheck): PluginCheck => check;
export const defineAction = (action: PluginAction): PluginAction => action;
export const defineChannel = (channel: PluginChannel): PluginChannel => channel;
export const defineProvider = (provider: PluginProvider): PluginProvider => provider;
export const defineToolCallFormat = (format: PluginToolCallFormat): PluginToolCallFormat => format;

/** All is well. */
export const healthy = (facts: PluginFacts = {}): PluginLook => ({ state: 'ok', facts });
/** It answered, wrongly. */
export const failing = (reason: string, facts: PluginFacts = {}): PluginLook => ({
  state: 'failing',
  reason,
  facts,
});
/** It cannot be told: no key, no network, a host that is away. */
export const unknown = (reason: string, facts: PluginFacts = {}): PluginLook => ({
  state: 'unknown',
  reason,
  facts,
});

/** The message went through. */
export const sent = (answer = ''): PluginSent => ({ ok: true, answer });
/** Trying again is of no use until somebody changes something. */
export const refused = (reason: string): PluginSent => ({ ok: false, again: false, reason });
/** It may go through later. */
export const later = (reason: string, waitMs?: number): PluginSent => ({
  ok: false,
  again: true,
  reason,
  ...(waitMs === undefined ? {} : { waitMs }),
});
