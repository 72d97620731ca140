import { join } from 'node:path';
import { fault, FaultError } from '../../../../kernel/fault.ts';
import {
  killTree,
  rejoinTalking,
  spawnTalking,
  tailLines,
  type KillReport,
  type ProcessIdentity,
  type TalkingChild,
} from '../../../../platform/process/index.ts';
import type { AgentExit, AgentStart } from '../agent-adapter.ts';
import { createLineSplitter } from '../channel/line-splitter.ts';
import { ancestorsOf, sessionMark, straysOf } from './strays.ts';

/** An agent's process, spoken to by lines. */
export interface AgentChild {
  identity: ProcessIdentity;
  /** @returns false when it does not read any more */
  write(text: string): boolean;
  exited: Promise<AgentExit>;
  /** Ends it with everything it started, also what has left its tree. */
  kill(): Promise<KillReport>;
  /** Stops listening; the process lives on and can be rejoined. */
  letGo(): void;
}

export interface AgentChildOptions {
  name: string;
  /** Folder for its pipes. */
  folder: string;
  sessionId: string;
  onLine(line: string): void;
  /** A line was too long and is lost. */
  onLost(): void;
}

/** Longest line that is read, and how much may wait to be read by the agent. */
const MAX_LINE = 8 << 20;
const MAX_WAITING_BYTES = 16 << 20;

/** How long an agent may take to leave by itself. */
const LEAVE_MS = 2000;

const folderOf = ({ folder, sessionId }: Pick<AgentChildOptions, 'folder' | 'sessionId'>): string =>
  join(folder, sessionId);

/** @throws FaultError when it cannot be started */
export async function startAgentChild(
  command: readonly string[],
  start: Pick<AgentStart, 'env' | 'folder'>,
  secret: Readonly<Record<string, string>>,
  options: AgentChildOptions,
): Promise<AgentChild> {
  const child = await spawnTalking({
    command,
    cwd: start.folder,
    env: { ...start.env, ...secret, [sessionMark]: options.sessionId },
    folder: folderOf(options),
  });
  const { identity } = child;
  if (identity === null) {
    const { error } = await child.exited;
    const why = error ?? 'it ended at once';
    throw new FaultError(
      fault('unavailable', 'agent_not_started', `${options.name} could not be started: ${why}`),
    );
  }
  return listen(child, identity, options);
}

/** The agent of an earlier run of control, where it still lives. */
export function rejoinAgentChild(identity: ProcessIdentity, options: AgentChildOptions): AgentChild | null {
  const child = rejoinTalking(folderOf(options), identity);
  if (!child) return null;
  const joined = listen(child, identity, options);
  // The one before us may have been cut off in the middle of a line.
  joined.write('\n');
  return joined;
}

function listen(child: TalkingChild, identity: ProcessIdentity, options: AgentChildOptions): AgentChild {
  const splitter = createLineSplitter(MAX_LINE);
  const heirs = ancestorsOf(identity.pid);
  let asked = false;
  let dropped = 0;
  child.output.setEncoding('utf8');
  child.output.on('data', (text: string) => {
    for (const line of splitter.push(text)) options.onLine(line);
    for (; dropped < splitter.dropped(); dropped += 1) options.onLost();
  });
  const exited = child.exited.then(({ code, signal, error }): AgentExit => {
    const lastWords = (error ?? tailLines(child.errorFile, 20).join('\n')).slice(-2000);
    return { code, signal, unexpected: !asked, lastWords };
  });
  return {
    identity,
    exited,
    write(text) {
      if (child.input.destroyed || child.input.writableLength > MAX_WAITING_BYTES) return false;
      child.input.write(text);
      return true;
    },
    kill() {
      asked = true;
      return killTree(identity, { termTimeoutMs: LEAVE_MS, also: straysOf(options.sessionId, heirs) });
    },
    letGo: () => child.letGo(),
  };
}
