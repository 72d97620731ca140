export { readEnvironment } from './environment.ts';
export { findProgram } from './find-program.ts';
export { freePort } from './free-port.ts';
export {
  hasProc,
  identify,
  identityKey,
  isAlive,
  sameProcess,
  startedBefore,
  type ProcessIdentity,
} from './identity.ts';
export { killTree, type KillOptions, type KillReport } from './kill-tree.ts';
export { rotateLiveLog, tailLines } from './log-file.ts';
export { memoryLimitOf } from './memory-limit.ts';
export {
  ancestors,
  isContainerProxy,
  listListeners,
  type Listener,
  type ListeningProcess,
} from './listeners.ts';
export { holdsPort, isPortBound, portHolders } from './ports.ts';
export { listProcesses, type ProcessRow } from './process-list.ts';
export { findPeer } from './peer-process.ts';
export type { Connection } from './listening-sockets.ts';
export { processTree } from './process-tree.ts';
export { readProcess, type ProcessInfo } from './read-process.ts';
export { runProgram, type ProgramEnd } from './run-program.ts';
export { createSelfWatch, type SelfWatch, type SelfWatchOptions } from './self-watch.ts';
export { runProbe } from './run-probe.ts';
export { sendSignal, type SignalResult } from './send-signal.ts';
export { spawnService, type ExitInfo, type SpawnedService, type SpawnOptions } from './spawn-service.ts';
export { rejoinTalking, spawnTalking, type TalkingChild, type TalkingOptions } from './talking-child.ts';
