import { serveControl, type ServedControl } from '@vigiles/server';
import { asCliError } from './cli-error.ts';

export type { ServedControl };

export interface LaunchOptions {
  home: string;
  env: NodeJS.ProcessEnv;
  host?: string | undefined;
  port?: number | undefined;
  debug?: boolean | undefined;
  /** Gets the log as well: the daemon form. */
  echo?: (line: string) => void;
}

/** Starts control in this process. The only door from the command line into the server. */
export async function launchControl(options: LaunchOptions): Promise<ServedControl> {
  const { home, env, host, port, debug, echo } = options;
  try {
    return await serveControl({
      home,
      env,
      flags: { host, port, ...(debug ? { debug } : {}) },
      ...(echo ? { echo } : {}),
    });
  } catch (thrown) {
    throw asCliError(thrown);
  }
}
