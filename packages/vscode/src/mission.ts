import { Decision, Notification, type Status } from '@vigiles/contract';
import { createLink, type LinkOptions } from './bridge/link.ts';
import { BridgeFailure, type BridgeEvent, type Rpc } from './bridge/rpc.ts';
import { lostLine, statusLine } from './core/status-line.ts';
import { oneLine, treeOf, type Facts } from './core/tree.ts';
import { createToastLimit } from './core/toast-limit.ts';
import type { Editor, Weight } from './editor.ts';

export interface MissionOptions {
  home(): string;
  version: string;
  now(): number;
  /** Asks a person to answer it; called once for each question. */
  asked(decision: Decision): void;
  waits?: LinkOptions['waits'];
  /** What has no event of its own, such as what today cost, is asked for so often. Milliseconds. */
  pollMs?: number;
}

/** What Vigiles does, as this editor knows it. */
export interface Mission {
  start(): void;
  stop(): void;
  readonly facts: Facts;
  readonly status: Status | null;
  /** The connection. Raises a {@link BridgeFailure} for people while there is none. */
  rpc(): Rpc;
  refresh(): Promise<void>;
}

const nothing: Facts = { sessions: [], incidents: [], decisions: [] };
const weights: Record<string, Weight> = { critical: 'error', error: 'error', warning: 'warning' };

/** Follows Vigiles and shows what is: status line, tree, toasts. */
export function createMission(editor: Editor, options: MissionOptions): Mission {
  const { now, asked, pollMs = 30_000 } = options;
  const toast = createToastLimit();
  const seen = new Set<string>();
  /** Questions that were shown lately, with their buttons. */
  let offered: Decision[] = [];
  let rpc: Rpc | null = null;
  let facts = nothing;
  let status: Status | null = null;
  let reading: Promise<void> | null = null;
  let again = false;
  let poll: NodeJS.Timeout | null = null;

  function show(): void {
    const { text, tooltip, alarm } = statusLine(status, facts);
    editor.showStatus(text, tooltip, alarm);
    editor.showTree(treeOf(facts));
  }

  function offer(decision: Decision): void {
    if (seen.has(decision.decision_id)) return;
    seen.add(decision.decision_id);
    // Only those that wait matter; what was answered need not be remembered for ever.
    if (seen.size > 1000) seen.delete([...seen][0] ?? '');
    offered = [...offered.slice(-49), decision];
    asked(decision);
  }

  async function read(from: Rpc): Promise<void> {
    const [{ sessions }, { incidents }, { decisions }, current] = await Promise.all([
      from.call('sessions.list', { limit: 100 }),
      from.call('incidents.list', { limit: 100 }),
      from.call('decisions.list', {}),
      from.call('status.read', {}),
    ]);
    if (rpc !== from) return;
    facts = { sessions, incidents, decisions };
    status = current;
    show();
    for (const decision of decisions) offer(decision);
  }

  /** One reading at a time; what changes meanwhile makes one more. */
  function refresh(): Promise<void> {
    again = true;
    // Without a connection there is nothing to wait for: it is read when there is one.
    if (!rpc) return reading ?? Promise.resolve();
    reading ??= (async () => {
      try {
        for (let from = rpc; again && from; from = rpc) {
          again = false;
          // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
          await read(from);
        }
      } catch (thrown) {
        editor.log(`could not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      } finally {
        reading = null;
      }
    })();
    return reading;
  }

  function notice(data: unknown): void {
    const parsed = Notification.safeParse(data);
    if (!parsed.success) return;
    const { severity, type, title, message, service } = parsed.data;
    const weight = weights[severity] ?? weights[type] ?? 'info';
    // A question that is shown with its answers need not be told a second time.
    const isOffered = offered.some(
      ({ session_id: id, question }) =>
        service === `session:${id}` && message.startsWith(question.slice(0, 60)),
    );
    if (isOffered && editor.setting('askQuestions')) return;
    const wanted = editor.setting('toasts');
    if (wanted === 'none' || (wanted === 'important' && weight === 'info')) return;
    const verdict = toast(now(), editor.setting('toastsPerMinute'));
    const text = oneLine([title, message].filter(Boolean).join(': '), 300);
    if (!verdict.show) return editor.log(`not shown: ${text}`);
    const more = verdict.missed > 0 ? ` (${verdict.missed} more before it; see the log)` : '';
    void editor.tell(weight, `${text}${more}`);
  }

  function heard({ type, data }: BridgeEvent): void {
    if (type === 'notification.created') return notice(data['notification']);
    if (type === 'decision.opened') {
      const decision = Decision.safeParse(data['decision']);
      if (decision.success) offer(decision.data);
    }
    void refresh();
    return undefined;
  }

  const link = createLink({
    home: options.home,
    client: `VS Code extension ${options.version}`,
    log: (line) => editor.log(line),
    event: heard,
    connected(made) {
      rpc = made;
      void refresh();
    },
    lost(reason) {
      rpc = null;
      facts = nothing;
      status = null;
      const { text, tooltip, alarm } = lostLine(reason);
      editor.showStatus(text, tooltip, alarm);
      editor.showTree([]);
    },
    ...(options.waits ? { waits: options.waits } : {}),
  });

  return {
    start() {
      link.start();
      poll = setInterval(() => void refresh(), pollMs);
      poll.unref();
    },
    stop() {
      if (poll) clearInterval(poll);
      link.stop();
    },
    get facts() {
      return facts;
    },
    get status() {
      return status;
    },
    rpc() {
      if (!rpc)
        throw new BridgeFailure('disconnected', 'Vigiles does not run here: start it with `vigiles start`.');
      return rpc;
    },
    refresh,
  };
}
