import { isAbsolute } from 'node:path';
import type { AgentsConfig, StartableAgent } from '@vigiles/contract';
import { findProgram } from '../../../../platform/process/index.ts';
import type { AgentAdapter } from '../agent-adapter.ts';

export type StartableKind = 'codex' | 'acp' | 'claude';
export type Adapters = Readonly<Record<StartableKind, AgentAdapter>>;

/** How an agent of this name is started. */
export interface AgentRecipe {
  name: string;
  kind: StartableKind;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  /** What a person types, or where they look, to have it; null: that is not known. */
  install: string | null;
}

const npm = (name: string): string => `npm install -g ${name}`;

/** Agents that are known without configuration, by what is typed. https://agentclientprotocol.com/overview/agents */
const known: readonly AgentRecipe[] = [
  { name: 'codex', kind: 'codex', command: ['codex'], env: {}, install: npm('@openai/codex') },
  { name: 'claude', kind: 'claude', command: ['claude'], env: {}, install: npm('@anthropic-ai/claude-code') },
  {
    name: 'codex-acp',
    kind: 'acp',
    command: ['codex-acp'],
    env: { NO_BROWSER: '1' },
    install: npm('@agentclientprotocol/codex-acp'),
  },
  {
    name: 'claude-acp',
    kind: 'acp',
    command: ['claude-agent-acp'],
    env: {},
    install: npm('@agentclientprotocol/claude-agent-acp'),
  },
  {
    name: 'gemini',
    kind: 'acp',
    command: ['gemini', '--experimental-acp'],
    env: {},
    install: npm('@google/gemini-cli'),
  },
  { name: 'opencode', kind: 'acp', command: ['opencode', 'acp'], env: {}, install: npm('opencode-ai') },
  {
    name: 'qwen',
    kind: 'acp',
    command: ['qwen', '--experimental-acp'],
    env: {},
    install: npm('@qwen-code/qwen-code'),
  },
  {
    name: 'goose',
    kind: 'acp',
    command: ['goose', 'acp'],
    env: {},
    install: 'see https://block.github.io/goose/docs/getting-started/installation',
  },
];

/** What can be started: those of the configuration replace ours of the same name, also `codex` and `claude`. */
export function recipes({ acp }: Pick<AgentsConfig, 'acp'>): AgentRecipe[] {
  const book = new Map(known.map((recipe) => [recipe.name, recipe]));
  for (const [name, { command, env }] of Object.entries(acp)) {
    const native = name === 'codex' || name === 'claude' ? name : 'acp';
    book.set(name, { name, kind: native, command, env, install: null });
  }
  return [...book.values()];
}

/** Why an agent cannot be started here, in a sentence that says what to do; null: its program is there. */
export async function missing(
  { name, command, install }: Pick<AgentRecipe, 'name' | 'command' | 'install'>,
  path: string,
): Promise<string | null> {
  const [program = ''] = command;
  // Elsewhere a name stands for more than one file; there its start tells.
  const relative = program.includes('/') && !isAbsolute(program);
  if (relative || process.platform === 'win32' || (await findProgram(program, path)) !== null) return null;
  const where = isAbsolute(program) ? 'at that place' : 'on the PATH of Vigiles';
  const what =
    install === null
      ? `Correct agents.acp.${name}.command in vigiles.yaml.`
      : `Install it (${install}), or name its command under agents.acp.${name} in vigiles.yaml.`;
  return `${name} is not installed here: there is no program "${program}" ${where}. ${what}`;
}

/** What is there of it on this machine. */
export async function lookAt(
  recipe: AgentRecipe,
  adapters: Adapters,
  env: Readonly<Record<string, string>>,
): Promise<StartableAgent> {
  const { name, kind, command } = recipe;
  const about = { name, kind, command: [...command] };
  const lacks = await missing(recipe, recipe.env['PATH'] ?? env['PATH'] ?? '');
  if (lacks !== null) return { ...about, available: false, version: null, reason: lacks };
  return adapters[kind].available({ command, env: { ...env, ...recipe.env } }).then(
    (found) =>
      found.ok
        ? { ...about, available: true, version: found.version, reason: null }
        : { ...about, available: false, version: null, reason: found.reason },
    (thrown: unknown) => ({ ...about, available: false, version: null, reason: String(thrown) }),
  );
}
