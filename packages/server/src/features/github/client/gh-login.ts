import { runProgram } from '../../../platform/process/index.ts';

export interface GhLogin {
  available: boolean;
  token: string | null;
  error: string | null;
}

const keepMs = 300_000;
const passedOn = [
  'PATH',
  'HOME',
  'GH_CONFIG_DIR',
  'XDG_CONFIG_HOME',
  'GH_TOKEN',
  'GITHUB_TOKEN',
  'GH_ENTERPRISE_TOKEN',
];

/** The login of GitHub's own command line, asked for now and then. Its token is never part of what is said about it. */
export function createGhLogin(env: Readonly<Record<string, string | undefined>>, monotonic: () => number) {
  let known: { host: string; at: number; login: Promise<GhLogin> } | null = null;

  async function ask(host: string): Promise<GhLogin> {
    const passed = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
    const end = await runProgram({
      command: ['gh', 'auth', 'token', '--hostname', host],
      env: { ...Object.fromEntries(passed), GH_PROMPT_DISABLED: '1', NO_COLOR: '1' },
      timeoutMs: 10_000,
      maxOutputBytes: 4096,
    });
    if (end.error !== null) return { available: false, token: null, error: 'gh is not installed' };
    const token = end.output.trim();
    if (end.code === 0 && /^[\w.-]{10,500}$/.test(token)) return { available: true, token, error: null };
    return { available: true, token: null, error: `gh is not logged in to ${host}` };
  }

  return (host: string): Promise<GhLogin> => {
    const now = monotonic();
    if (known?.host === host && now - known.at < keepMs) return known.login;
    known = { host, at: now, login: ask(host) };
    return known.login;
  };
}
