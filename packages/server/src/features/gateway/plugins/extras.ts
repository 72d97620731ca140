import type { PluginProvider, PluginToolCallFormat } from '@vigiles/contract';
import { declaredFormat, type TextFormat } from '@vigiles/wire';
import type { ProviderType } from '../providers/define-provider.ts';
import { configuredQuirks } from '../upstream/quirks-of.ts';

/** What plugins give the gateway besides what is built in: data, read where the built-in ones are. */
export interface GatewayExtras {
  /** By `<plugin>/<provider>`, as `type` of a provider names them. */
  types: ReadonlyMap<string, ProviderType>;
  formats: readonly TextFormat[];
}

export const noExtras: GatewayExtras = { types: new Map(), formats: [] };

interface Given {
  providers: Readonly<Record<string, PluginProvider>>;
  formats: Readonly<Record<string, PluginToolCallFormat>>;
}

/** A plugin's data as the gateway's own kinds of things. */
export function extrasOf(given: ReadonlyMap<string, Given>): GatewayExtras {
  const types = new Map<string, ProviderType>();
  const formats: TextFormat[] = [];
  for (const [plugin, data] of given) {
    for (const [name, provider] of Object.entries(data.providers)) {
      const type = typeOf(`${plugin}/${name}`, provider);
      types.set(type.type, type);
    }
    for (const [name, format] of Object.entries(data.formats)) {
      formats.push(
        declaredFormat({
          name: `${plugin}/${name}`,
          open: format.open,
          close: format.close,
          payload: format.payload,
          nameKey: format.name_key,
          argumentsKey: format.arguments_key,
          separator: format.separator,
        }),
      );
    }
  }
  return { types, formats };
}

/** A provider's id has no slash. */
const idOf = (type: string): string => type.replace('/', '-').slice(0, 32).replace(/-+$/, '');

function typeOf(type: string, given: PluginProvider): ProviderType {
  return {
    type,
    name: given.name,
    ...(given.base_url === undefined ? {} : { baseUrl: given.base_url }),
    ...(given.base_path === undefined ? {} : { basePath: given.base_path }),
    protocols: given.protocols.map(({ protocol, path, stream_path: streamPath, strict }) => ({
      protocol,
      path,
      ...(streamPath === undefined ? {} : { streamPath }),
      ...(strict ? { strict } : {}),
    })),
    auth: given.auth,
    headers: given.headers,
    quirks: configuredQuirks(given.quirks),
    models: given.models_path === null ? null : { path: given.models_path },
    prices: given.free ? 'free' : null,
    countsTokens: false,
    usualPorts: given.usual_ports.map((port) => ({ id: idOf(type), name: given.name, port })),
    ...(given.models.length > 0 ? { usualModels: given.models } : {}),
  };
}
