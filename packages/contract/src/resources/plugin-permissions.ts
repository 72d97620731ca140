import { z } from 'zod';

const host =
  /^(?:\*|(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::\d{1,5})?$/;
/** No `.` or `..`, no empty part, no backslash, no control characters. */
const place = /^(?:\/|~\/)(?:(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}]+(?:\/(?!\/|$)|$))*$/u;

const each = <T extends z.ZodType>(one: T) => z.array(one).max(100).default([]);

/** A host name, `*.` before it for all below it, `*` for every host; `:port` narrows it to that port. */
export const PluginHost = z
  .string()
  .max(260)
  .regex(host, 'a host in lower case, *.host, * or one of them with :port');
/** A file, or a folder and all in it. */
export const PluginPlace = z.string().max(1000).regex(place, 'an absolute path, or ~/… without . and ..');

/**
 * All that a plugin may do besides computing. Its own folder it may always read, its data folder always write.
 * Empty: nothing else.
 */
export const PluginPermissions = z
  .strictObject({
    /** Hosts it may reach, always through the guarded way out. */
    network: each(PluginHost),
    files: z.strictObject({ read: each(PluginPlace), write: each(PluginPlace) }).prefault({}),
    /** Names of secrets it may ask for. */
    secrets: each(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'the name of a secret')),
    /** Names of environment variables it is given. */
    env: each(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'the name of a variable')),
    /** Whether it may start processes: with that it can do whatever this account can. */
    processes: z.boolean().default(false),
  })
  .prefault({});
export type PluginPermissions = z.output<typeof PluginPermissions>;

/** What a version wants besides or instead of what was granted. `added` is empty where nothing grows. */
export const PermissionDiff = z.object({
  added: PluginPermissions,
  removed: PluginPermissions,
  grows: z.boolean(),
});
export type PermissionDiff = z.infer<typeof PermissionDiff>;
