import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface CodexRun {
  code: number | null;
  /** The JSONL events it printed. */
  events: { type: string; item?: { type: string; text?: string; status?: string; message?: string } }[];
  stderr: string;
  /** Its working folder, where it made files. */
  folder: string;
  cleanUp(): void;
}

/** Path of the real Codex CLI's launcher. */
export function codexPath(): string {
  const manifest = createRequire(import.meta.url).resolve('@openai/codex/package.json');
  return join(dirname(manifest), 'bin', 'codex.js');
}

/**
 * Runs the real Codex CLI once, without a terminal, in an empty folder.
 * `config` is the text of its config.toml; nothing of the user's own Codex is touched.
 */
export async function runCodex(
  prompt: string,
  config: string,
  env: Record<string, string> = {},
): Promise<CodexRun> {
  const home = mkdtempSync(join(tmpdir(), 'codex-home-'));
  const folder = mkdtempSync(join(tmpdir(), 'codex-work-'));
  writeFileSync(join(home, 'config.toml'), `${config}\n[analytics]\nenabled = false\n`);
  const child = spawn(
    process.execPath,
    [codexPath(), 'exec', '--json', '--skip-git-repo-check', '-s', 'danger-full-access', prompt],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CODEX_HOME: home, ...env } },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const deadline = setTimeout(() => child.kill('SIGKILL'), 90_000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(deadline);
  return {
    code,
    events: stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as CodexRun['events'][number]),
    stderr,
    folder,
    cleanUp() {
      rmSync(home, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
