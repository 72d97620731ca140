import type { Decision, Incident, Session } from '@vigiles/contract';

/** An entry of the tree, as any editor could show it. */
export interface TreeNode {
  id: string;
  label: string;
  description: string;
  tooltip: string;
  /** Name of one of the editor's icons. */
  icon: string;
  /** What can be done with it: `vigiles.session.running` and the like. */
  context: string;
  children: readonly TreeNode[];
  /** What a click does. */
  command?: { id: string; argument: string };
}

/** What the tree is made of. */
export interface Facts {
  sessions: readonly Session[];
  incidents: readonly Incident[];
  decisions: readonly Decision[];
}

/** One line of text from somebody else: no line breaks, no control letters, not longer than it needs to be. */
export const oneLine = (text: string, longest = 120): string => {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

export const dollars = (microusd: number): string => `$${(microusd / 1e6).toFixed(2)}`;

const statusIcons: Record<Session['status'], string> = {
  created: 'circle-outline',
  running: 'sync',
  halted: 'debug-pause',
  completed: 'pass',
  failed: 'error',
};

const sessionContext = ({ status }: Session): string => {
  if (status === 'running' || status === 'created') return 'vigiles.session.running';
  return status === 'halted' ? 'vigiles.session.halted' : 'vigiles.session.ended';
};

const sessionNode = (session: Session): TreeNode => ({
  id: `session:${session.session_id}`,
  label: oneLine(session.title || session.session_id, 80),
  description: oneLine(
    [session.agent?.name ?? '', session.phase, dollars(session.cost_microusd)].filter(Boolean).join(' · '),
  ),
  tooltip: oneLine(session.phase_reason || session.title, 400),
  icon: session.pending_decisions > 0 ? 'question' : statusIcons[session.status],
  context: sessionContext(session),
  children: [],
  command: { id: 'vigiles.showChanges', argument: session.session_id },
});

const decisionNode = (decision: Decision, titles: ReadonlyMap<string, string>): TreeNode => ({
  id: `decision:${decision.session_id}/${decision.decision_id}`,
  label: oneLine(decision.question, 80),
  description: oneLine(titles.get(decision.session_id) ?? decision.session_id, 60),
  tooltip: oneLine(decision.question, 400),
  icon: 'question',
  context: 'vigiles.question',
  children: [],
  command: { id: 'vigiles.answer', argument: decision.decision_id },
});

const incidentNode = (incident: Incident): TreeNode => ({
  id: `incident:${incident.id}`,
  label: oneLine(incident.title, 80),
  description: oneLine(`${incident.target || incident.service} · ${incident.state.replaceAll('_', ' ')}`),
  tooltip: oneLine(incident.timeline.at(-1)?.title ?? incident.title, 400),
  icon: incident.severity === 'critical' ? 'error' : 'warning',
  context: incident.acknowledged_by === null ? 'vigiles.incident' : 'vigiles.incident.acknowledged',
  children: [],
});

const group = (id: string, label: string, icon: string, children: readonly TreeNode[]): TreeNode => ({
  id,
  label,
  description: String(children.length),
  tooltip: label,
  icon,
  context: 'vigiles.group',
  children,
});

const running = new Set<Session['status']>(['created', 'running', 'halted']);

/** The tree: what waits for a person first. Empty groups are left out, except the sessions. */
export function treeOf({ sessions, incidents, decisions }: Facts): TreeNode[] {
  const titles = new Map(sessions.map(({ session_id: id, title }) => [id, title]));
  const live = sessions.filter(({ status }) => running.has(status));
  const ended = sessions.filter(({ status }) => !running.has(status)).slice(0, 20);
  const groups = [
    group(
      'decisions',
      'Questions',
      'question',
      decisions.map((each) => decisionNode(each, titles)),
    ),
    group('incidents', 'Incidents', 'flame', incidents.map(incidentNode)),
    group('sessions', 'Sessions', 'rocket', live.map(sessionNode)),
    group('ended', 'Ended', 'history', ended.map(sessionNode)),
  ];
  return groups.filter(({ id, children }) => id === 'sessions' || children.length > 0);
}
