import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codexPath } from '../harness/codex.ts';
import { waitFor } from '../harness/wait-for.ts';

export interface Agent {
  child: ChildProcess;
  home: string;
  ended: Promise<void>;
  stop(): void;
}

/** Starts a program with its output in files, as a launcher does that keeps logs. */
function launch(command: string, args: readonly string[], home: string): Agent {
  const out = openSync(join(home, 'out.log'), 'a');
  const err = openSync(join(home, 'err.log'), 'a');
  const child = spawn(command, args, {
    cwd: home,
    detached: true,
    stdio: ['ignore', out, err],
    env: { PATH: process.env['PATH'] ?? '', HOME: home, CODEX_HOME: home },
  });
  closeSync(out);
  closeSync(err);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    home,
    ended,
    stop() {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
  };
}

/** The real Codex CLI with a provider of its own and a home of its own, which tries a broken stream again so often. */
export function startCodex(home: string, providerUrl: string, retries = 5): Agent {
  mkdirSync(home, { recursive: true });
  const provider = `[model_providers.gw]\nname = "stand-in"\nbase_url = "${providerUrl}/v1"\nwire_api = "responses"\nstream_max_retries = ${retries}\n`;
  writeFileSync(
    join(home, 'config.toml'),
    `model = "any"\nmodel_provider = "gw"\n${provider}[analytics]\nenabled = false\n`,
  );
  return launch(process.execPath, [codexPath(), 'exec', '--json', '--skip-git-repo-check', 'say hi'], home);
}

/** What Codex says it is working on, as its sessions are named: `codex:<thread>`. */
export const sessionOf = (home: string): Promise<string> =>
  waitFor('Codex to name its thread', () => {
    const out = join(home, 'out.log');
    const thread = existsSync(out)
      ? /"thread\.started","thread_id":"([0-9a-f-]+)"/.exec(readFileSync(out, 'utf8'))?.[1]
      : undefined;
    return thread === undefined ? null : `agent:codex:${thread}`;
  });

/** A program whose file is named `codex`, as Vigiles knows agents, that does what the real one cannot be made to do. */
export function startCodexLike(home: string, script: string): Agent {
  mkdirSync(home, { recursive: true });
  const program = join(home, 'codex');
  if (!existsSync(program)) copyFileSync(process.execPath, program);
  return launch(program, ['-e', script], home);
}

/** The pid of the Codex program that has a session under this home open. */
export const sessionHolder = (home: string): Promise<number> =>
  waitFor('Codex to hold its session open', () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        for (const fd of readdirSync(`/proc/${pid}/fd`)) {
          const path = readlinkSync(`/proc/${pid}/fd/${fd}`);
          if (path.startsWith(home) && path.includes('/sessions/')) return Number(pid);
        }
      } catch {
        // It has ended, or is not ours.
      }
    }
    return null;
  });
