import type { CommandState, Session, SessionPhase } from '@vigiles/contract';
import {
  CheckCircle2,
  CircleDashed,
  CirclePause,
  LoaderCircle,
  MessageCircleQuestion,
  Undo2,
  Unplug,
  XCircle,
} from 'lucide-react';
import type { Tone } from '../../live/describe-event.ts';
import type { Face } from '../../ui/state.tsx';

/** Icon, word and tone of what a session is doing. */
export const phaseFace: Record<SessionPhase, Face> = {
  waiting: { icon: MessageCircleQuestion, label: 'Waits for you', tone: 'warn' },
  running: { icon: LoaderCircle, label: 'Running', tone: 'busy' },
  halting: { icon: LoaderCircle, label: 'Halting', tone: 'warn' },
  resuming: { icon: LoaderCircle, label: 'Resuming', tone: 'busy' },
  rolling_back: { icon: Undo2, label: 'Rolling back', tone: 'warn' },
  halted: { icon: CirclePause, label: 'Halted', tone: 'warn' },
  disconnected: { icon: Unplug, label: 'Disconnected', tone: 'warn' },
  failed: { icon: XCircle, label: 'Failed', tone: 'bad' },
  idle: { icon: CircleDashed, label: 'Idle', tone: 'idle' },
  completed: { icon: CheckCircle2, label: 'Completed', tone: 'ok' },
};

/** The phases a list is filtered by, most urgent first. */
export const phases = Object.keys(phaseFace) as SessionPhase[];

export const agentKinds: Record<string, string> = {
  codex: 'Codex',
  acp: 'ACP agent',
  claude: 'Claude Code',
  http: 'Orchestrator',
};

export const agentName = ({ agent }: Session): string =>
  agent === null ? 'No agent named' : agent.name || (agentKinds[agent.kind] ?? agent.kind);

export const commandTone: Record<CommandState, Tone> = {
  queued: 'idle',
  delivered: 'busy',
  applied: 'ok',
  failed: 'bad',
  expired: 'warn',
  superseded: 'idle',
  rejected: 'bad',
};
