import type { Agent } from './agent.ts';
import { aider } from './aider.ts';
import { claude } from './claude.ts';
import { cline } from './cline.ts';
import { continueAgent } from './continue.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';
import { qwen } from './qwen.ts';

/** Agents whose settings are files; Codex has verbs of its own. */
const agents: readonly Agent[] = [claude, gemini, opencode, qwen, aider, continueAgent, cline];

/** The agent behind a word of the command line. */
export function agentOf(id: string): Agent {
  const agent = agents.find((one) => one.id === id);
  if (!agent) throw new Error(`no agent "${id}"`);
  return agent;
}
