import { PluginDeclaration, type PluginManifest, type PluginPermissions } from '@vigiles/contract';
import { mayReach } from './host-rule.ts';
import { optionsSchema } from './options-schema.ts';

const kinds = {
  check: 'checks',
  action: 'actions',
  channel: 'channels',
  provider: 'providers',
  tool_call_format: 'tool_call_formats',
} as const;

export type Kind = keyof typeof kinds;

/** Every thing of a declaration as `kind name`. */
export const itemsOf = (declaration: PluginDeclaration): { kind: Kind; name: string }[] =>
  (Object.keys(kinds) as Kind[]).flatMap((kind) =>
    Object.keys(declaration[kinds[kind]]).map((name) => ({ kind, name })),
  );

type Judged = { ok: true; declaration: PluginDeclaration } | { ok: false; problem: string };

/** Holds what a plugin's process says of itself against its manifest. Whatever does not fit, all of it is refused. */
export function judgeDeclaration(
  said: unknown,
  provides: PluginManifest['provides'],
  { network }: Pick<PluginPermissions, 'network'>,
): Judged {
  const parsed = PluginDeclaration.safeParse(said);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    return {
      ok: false,
      problem: `what it declares is not valid: ${first?.path.join('.')}: ${first?.message}`,
    };
  }
  const declaration = parsed.data;
  const named = new Set(provides.map(({ kind, name }) => `${kind} ${name}`));
  const brought = itemsOf(declaration).map(({ kind, name }) => `${kind} ${name}`);
  const unannounced = brought.find((item) => !named.has(item));
  if (unannounced !== undefined) {
    return { ok: false, problem: `it brings the ${unannounced}, which its manifest does not name` };
  }
  const missing = [...named].find((item) => !brought.includes(item));
  if (missing !== undefined)
    return { ok: false, problem: `its manifest names the ${missing}, which it does not bring` };
  for (const { options } of [declaration.checks, declaration.actions, declaration.channels].flatMap((all) =>
    Object.values(all),
  )) {
    try {
      optionsSchema(options);
    } catch (thrown) {
      return { ok: false, problem: `its options are not valid: ${(thrown as Error).message}` };
    }
  }
  for (const [name, { base_url: address, usual_ports: ports }] of Object.entries(declaration.providers)) {
    const places = [
      ...(address === undefined ? [] : [address]),
      ...ports.map((port) => `http://127.0.0.1:${port}`),
    ];
    const foreign = places.find((place) => !mayReach(place, network));
    if (foreign !== undefined) {
      return {
        ok: false,
        problem: `the provider ${name} leads to ${new URL(foreign).host}, which was not granted`,
      };
    }
  }
  return { ok: true, declaration };
}
