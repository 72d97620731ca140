import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface AgentWord {
  kind: string;
  text: string;
}

export interface AgentProcess {
  /** The exit code; null when it was ended. */
  finished: Promise<number | null>;
  end(): void;
}

/** Starts the demo's agent as a process of its own and hands on what it says. */
export function startAgent(
  env: { gateway: string; token: string; service: string; folder: string; paceMs: number },
  hear: (word: AgentWord) => void,
): AgentProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./agent.ts', import.meta.url))], {
    cwd: env.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DEMO_GATEWAY: env.gateway,
      DEMO_TOKEN: env.token,
      DEMO_SERVICE: env.service,
      DEMO_PACE_MS: String(env.paceMs),
    },
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      hear(JSON.parse(line) as AgentWord);
    } catch {
      // Not one of its lines.
    }
  });
  return {
    finished: new Promise((resolve) => {
      child.once('error', () => resolve(1));
      child.once('close', (code) => resolve(code));
    }),
    end: () => child.kill('SIGTERM'),
  };
}
