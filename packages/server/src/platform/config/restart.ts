import { restartPaths, type VigilesConfig } from '@vigiles/contract';
import { changedPaths } from './difference.ts';

/** Paths of what is configured now but not in force since Vigiles was started, until it is started anew. */
export const pathsForRestart = (now: VigilesConfig, begun: VigilesConfig): string[] =>
  changedPaths(now, begun).filter((path) =>
    restartPaths.some((slow) => path === slow || path.startsWith(`${slow}.`)),
  );
