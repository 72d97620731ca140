import { readFileSync } from 'node:fs';
import { parts, type Kind } from './parts.ts';

/** What `@vigiles/sdk/plugin` gives, as a file of the plugin's own: so it and its tests run anywhere, with nothing installed. */
const face = `// The same as '@vigiles/sdk/plugin': written here so that the plugin and its tests run with nothing installed.
export const definePlugin = (plugin) => plugin;
export const defineCheck = (check) => check;
export const defineAction = (action) => action;
export const defineChannel = (channel) => channel;
export const defineProvider = (provider) => provider;
export const defineToolCallFormat = (format) => format;

export const healthy = (facts = {}) => ({ state: 'ok', facts });
export const failing = (reason, facts = {}) => ({ state: 'failing', reason, facts });
export const unknown = (reason, facts = {}) => ({ state: 'unknown', reason, facts });

export const sent = (answer = '') => ({ ok: true, answer });
export const refused = (reason) => ({ ok: false, again: false, reason });
export const later = (reason, waitMs) => ({ ok: false, again: true, reason, ...(waitMs === undefined ? {} : { waitMs }) });
`;

const declarations = `
export declare const definePlugin: (plugin: Plugin) => Plugin;
export declare const defineCheck: (check: PluginCheck) => PluginCheck;
export declare const defineAction: (action: PluginAction) => PluginAction;
export declare const defineChannel: (channel: PluginChannel) => PluginChannel;
export declare const defineProvider: (provider: PluginProvider) => PluginProvider;
export declare const defineToolCallFormat: (format: PluginToolCallFormat) => PluginToolCallFormat;
export declare const healthy: (facts?: PluginFacts) => PluginLook;
export declare const failing: (reason: string, facts?: PluginFacts) => PluginLook;
export declare const unknown: (reason: string, facts?: PluginFacts) => PluginLook;
export declare const sent: (answer?: string) => PluginSent;
export declare const refused: (reason: string) => PluginSent;
export declare const later: (reason: string, waitMs?: number) => PluginSent;
`;

const places = {
  check: 'checks',
  action: 'actions',
  channel: 'channels',
  provider: 'providers',
  tool_call_format: 'toolCallFormats',
} as const;

const types = (): string =>
  readFileSync(new URL('../../../sdk/src/plugin/types.ts', import.meta.url), 'utf8') + declarations;

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');

/** The files of a new plugin, by path. */
export function skeletonFiles(id: string, kinds: readonly Kind[]): Record<string, string> {
  const chosen = kinds.map((kind) => ({ kind, ...parts[kind] }));
  const needs = new Set(chosen.flatMap(({ needs: names }) => names));
  const manifest = {
    id,
    name: id,
    version: '0.1.0',
    description: `What ${id} does, in a sentence.`,
    license: 'MIT',
    author: 'Your name',
    engine: '>=0.1.0',
    main: 'index.mjs',
    permissions: { network: [...new Set(chosen.flatMap(({ network }) => network))] },
    provides: chosen.map(({ kind, name }) => ({ kind, name })),
  };
  const body = chosen.map(({ kind, source }) => `  ${places[kind]}: {\n${indented(source)}\n  },`);
  return {
    'plugin.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'index.mjs': `import { ${[...needs, 'definePlugin'].toSorted().join(', ')} } from './vigiles.mjs';\n\nexport const plugin = definePlugin({\n${body.join('\n')}\n});\n`,
    'vigiles.mjs': face,
    'vigiles.d.mts': types(),
    [`test/${id}.test.mjs`]: `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { plugin } from '../index.mjs';\n\n${chosen.map(({ test }) => test).join('\n')}`,
    'README.md': readme(id, chosen),
  };
}

function readme(id: string, chosen: readonly { use(id: string): string }[]): string {
  const uses = chosen.map(({ use }) => `\`\`\`yaml\n${use(id)}\`\`\`\n`).join('\n');
  return `# ${id}\n\nWhat it does, and for whom. In \`vigiles.yaml\`:\n\n${uses}\nWhat it may do stands in \`plugin.json\`. Its tests: \`node --test test/*.test.mjs\`. To others: \`vigiles plugin pack\`, then\n\`vigiles plugin publish\`.\n`;
}
