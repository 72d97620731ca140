import type { InstalledPlugin } from '@vigiles/contract';

/** What makes plugins run. Composition hands it to the repository, which alone says what is installed. */
export interface PluginRuntime {
  /**
   * All that is installed, as it is now; called at the start and after every change, one call at a time. What is enabled and
   * ready runs after it, with `granted` and nothing more; what is missing from the list, or no longer enabled, has ended. It
   * resolves when that is so, at the latest after a grace: only then are the files of a replaced version taken away.
   */
  sync(installed: readonly InstalledPlugin[]): Promise<void>;
}
