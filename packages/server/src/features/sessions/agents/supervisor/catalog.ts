import type { AgentsConfig, StartableAgent } from '@vigiles/contract';
import type { AgentAdapter } from '../agent-adapter.ts';

export type StartableKind = 'codex' | 'acp' | 'claude';
export type Adapters = Readonly<Record<StartableKind, AgentAdapter>>;

/** How an agent of this name is started. */
export interface AgentRecipe {
  name: string;
  kind: StartableKind;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** Agents that are known without configuration, by what is typed. https://agentclientprotocol.com/overview/agents */
const known: readonly AgentRecipe[] = [
  { name: 'codex', kind: 'codex', command: ['codex'], env: {} },
  { name: 'claude', kind: 'claude', command: ['claude'], env: {} },
  { name: 'codex-acp', kind: 'acp', command: ['codex-acp'], env: { NO_BROWSER: '1' } },
  { name: 'claude-acp', kind: 'acp', command: ['claude-agent-acp'], env: {} },
  { name: 'gemini', kind: 'acp', command: ['gemini', '--experimental-acp'], env: {} },
  { name: 'opencode', kind: 'acp', command: ['opencode', 'acp'], env: {} },
  { name: 'qwen', kind: 'acp', command: ['qwen', '--experimental-acp'], env: {} },
  { name: 'goose', kind: 'acp', command: ['goose', 'acp'], env: {} },
];

/** What can be started: those of the configuration replace ours of the same name, also `codex` and `claude`. */
export function recipes({ acp }: Pick<AgentsConfig, 'acp'>): AgentRecipe[] {
  const book = new Map(known.map((recipe) => [recipe.name, recipe]));
  for (const [name, { command, env }] of Object.entries(acp)) {
    const native = name === 'codex' || name === 'claude' ? name : 'acp';
    book.set(name, { name, kind: native, command, env });
  }
  return [...book.values()];
}

/** What is there of it on this machine. */
export function lookAt(
  recipe: AgentRecipe,
  adapters: Adapters,
  env: Readonly<Record<string, string>>,
): Promise<StartableAgent> {
  const { name, kind, command } = recipe;
  const about = { name, kind, command: [...command] };
  return adapters[kind].available({ command, env: { ...env, ...recipe.env } }).then(
    (found) =>
      found.ok
        ? { ...about, available: true, version: found.version, reason: null }
        : { ...about, available: false, version: null, reason: found.reason },
    (thrown: unknown) => ({ ...about, available: false, version: null, reason: String(thrown) }),
  );
}
