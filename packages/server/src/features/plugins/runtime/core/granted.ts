import type { PluginPermissions } from '@vigiles/contract';

const both = (asked: readonly string[], given: readonly string[]): string[] =>
  asked.filter((each) => given.includes(each));

/** What a plugin really gets: what its manifest asks for and people have agreed to. */
export const effective = (asked: PluginPermissions, given: PluginPermissions): PluginPermissions => ({
  network: both(asked.network, given.network),
  files: {
    read: both(asked.files.read, given.files.read),
    write: both(asked.files.write, given.files.write),
  },
  secrets: both(asked.secrets, given.secrets),
  env: both(asked.env, given.env),
  processes: asked.processes && given.processes,
});
