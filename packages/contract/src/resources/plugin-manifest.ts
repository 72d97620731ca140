import { z } from 'zod';
import { PluginPermissions } from './plugin-permissions.ts';

/** Names that are files or devices somewhere, or routes here. */
const reserved = new Set(
  (
    'con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 ' +
    'node-modules vigiles plugin plugins list index publish installed registry registries marketplace updates local bundled'
  ).split(' '),
);

/** A plugin's id: its folder, its address and its name in the registry at once. */
export const PluginId = z
  .string()
  .min(2)
  .max(64)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'lower-case letters and digits, single dashes between')
  .refine((id) => !reserved.has(id), 'is a reserved name');

/** A version by Semantic Versioning 2.0.0, without build metadata: two builds of one version would be two things of one name. */
export const PluginVersion = z
  .string()
  .max(64)
  .regex(
    /^(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})(?:-(?:0|[1-9]\d{0,14}|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d{0,14}|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/,
    'a whole version such as 1.2.3 or 2.0.0-beta.1',
  );

/** A range of versions as npm writes them, `^1.2.0 || 2.x`. What it means is told by `semver`; here only its letters are checked. */
export const PluginRange = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[0-9A-Za-z.*^~<>=|\s+-]+$/, 'a range of versions such as ^1.2.0');

export const PluginProvisionKind = z.enum(['check', 'action', 'channel', 'provider', 'tool_call_format']);
export type PluginProvisionKind = z.infer<typeof PluginProvisionKind>;

/** One thing a plugin adds. */
export const PluginProvision = z.strictObject({
  kind: PluginProvisionKind,
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, _ and -'),
});
export type PluginProvision = z.infer<typeof PluginProvision>;

/** A path within the package: relative, forward slashes, no `.`, `..` or empty parts. */
export const PluginFilePath = z
  .string()
  .max(255)
  .regex(/^(?:(?!\.{1,2}(?:\/|$))[A-Za-z0-9._@+-]+(?:\/(?!$)|$))+$/, 'a relative path with forward slashes');

const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(longest)
    .regex(/^[^\p{Cc}\p{Bidi_Control}\u2028\u2029]*$/u, 'one line of visible text');
const page = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s"'<>\\]+$/i, 'an http(s) address');

/** `plugin.json` at the root of a package. */
export const PluginManifest = z
  .strictObject({
    id: PluginId,
    name: line(100),
    version: PluginVersion,
    description: line(500),
    /** An SPDX expression, or words. */
    license: line(100),
    author: line(200),
    homepage: page.optional(),
    documentation: page.optional(),
    category: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits, dashes')
      .default('other'),
    /** Versions of Vigiles it works with. */
    engine: PluginRange,
    permissions: PluginPermissions,
    provides: z
      .array(PluginProvision)
      .min(1, 'a plugin that adds nothing is none')
      .max(50)
      .refine(
        (all) => new Set(all.map(({ kind, name }) => `${kind} ${name}`)).size === all.length,
        'says the same thing twice',
      ),
    /** The module that is started. */
    main: PluginFilePath.regex(/\.(?:mjs|js)$/, 'a module: .js or .mjs'),
    /** Other plugins it needs, with the versions that will do. */
    dependencies: z
      .record(PluginId, PluginRange)
      .default({})
      .refine((all) => Object.keys(all).length <= 50, 'more than 50'),
  })
  .refine(({ id, dependencies }) => !Object.hasOwn(dependencies, id), {
    path: ['dependencies'],
    message: 'names the plugin itself',
  });
export type PluginManifest = z.output<typeof PluginManifest>;
