import { PluginPermissions, type PermissionDiff } from '@vigiles/contract';

/** `*.example.org` covers hosts below it, not itself; without a port every port is meant. */
function hostCovers(granted: string, wanted: string): boolean {
  const [host = '', port] = granted.split(':');
  const [other = '', otherPort] = wanted.split(':');
  if (port !== undefined && port !== otherPort) return false;
  if (host === '*' || host === other) return true;
  return host.startsWith('*.') && other.endsWith(host.slice(1)) && other !== host.slice(2);
}

/** A folder covers all in it. */
const placeCovers = (granted: string, wanted: string): boolean =>
  granted === wanted || wanted.startsWith(granted.endsWith('/') ? granted : `${granted}/`);

const same = (granted: string, wanted: string): boolean => granted === wanted;

const beyond = (
  had: readonly string[],
  wants: readonly string[],
  covers: (granted: string, wanted: string) => boolean,
): string[] => wants.filter((wanted) => !had.some((granted) => covers(granted, wanted)));

/** What `wants` has that `had` does not cover. */
export function permissionsBeyond(had: PluginPermissions, wants: PluginPermissions): PluginPermissions {
  return {
    network: beyond(had.network, wants.network, hostCovers),
    files: {
      read: beyond(had.files.read, wants.files.read, placeCovers),
      write: beyond(had.files.write, wants.files.write, placeCovers),
    },
    secrets: beyond(had.secrets, wants.secrets, same),
    env: beyond(had.env, wants.env, same),
    processes: wants.processes && !had.processes,
  };
}

/** Whether there is anything in it at all. */
export const isAny = ({ network, files, secrets, env, processes }: PluginPermissions): boolean =>
  processes || [network, files.read, files.write, secrets, env].some((all) => all.length > 0);

/** No permission at all: what a plugin has that is not installed. */
export const noPermissions: PluginPermissions = PluginPermissions.parse({});

/** What changes for people when a version with `wants` replaces one that was granted `had`. */
export function permissionDiff(had: PluginPermissions, wants: PluginPermissions): PermissionDiff {
  const added = permissionsBeyond(had, wants);
  return { added, removed: permissionsBeyond(wants, had), grows: isAny(added) };
}
