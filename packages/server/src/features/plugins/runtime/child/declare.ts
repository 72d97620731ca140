type Record_ = Record<string, unknown>;

/** A plugin as it was exported: nothing is known of it. */
export interface Exported {
  checks?: Record<string, Record_>;
  actions?: Record<string, Record_>;
  channels?: Record<string, Record_>;
  providers?: Record<string, Record_>;
  toolCallFormats?: Record<string, Record_>;
}

const steps = ['plan', 'precheck', 'perform', 'verify', 'steady', 'snapshot', 'rollback', 'restored'];

/** A thing without its functions: what can be said of it in JSON. */
const said = (thing: Record_): Record_ =>
  Object.fromEntries(Object.entries(thing).filter(([, value]) => typeof value !== 'function'));

const each = (things: Record<string, Record_> | undefined, say: (thing: Record_, name: string) => Record_) =>
  Object.fromEntries(Object.entries(things ?? {}).map(([name, thing]) => [name, say(thing, name)]));

function needs(kind: string, name: string, thing: Record_, verb: string): void {
  if (typeof thing[verb] !== 'function') throw new Error(`the ${kind} “${name}” has no function \`${verb}\``);
}

/** What a plugin brings, in the words of `PluginDeclaration`. Throws where a function is missing. */
export function declare(plugin: Exported): Record_ {
  return {
    checks: each(plugin.checks, (check, name) => {
      needs('check', name, check, 'look');
      return said(check);
    }),
    actions: each(plugin.actions, (action, name) => {
      needs('action', name, action, 'perform');
      return { ...said(action), steps: steps.filter((step) => typeof action[step] === 'function') };
    }),
    channels: each(plugin.channels, (channel, name) => {
      needs('channel', name, channel, 'send');
      return said(channel);
    }),
    providers: each(plugin.providers, said),
    tool_call_formats: each(plugin.toolCallFormats, said),
  };
}
