import type { SessionEvent } from '@vigiles/contract';
import { asShown, dataOf, numberIn, textIn } from '../read-data.ts';

export interface FileChange {
  path: string;
  kind: 'created' | 'modified' | 'deleted';
  diff: string;
}

interface Base {
  /** Unique in the transcript, and stays when the item grows. */
  key: string;
  seq: number;
  ts: number;
  /** How deep it stands: tools of a turn, and what other agents do. */
  depth: number;
}
export type TranscriptItem = Base &
  (
    | { kind: 'message'; who: 'user' | 'assistant' | 'reasoning'; text: string }
    | {
        kind: 'tool';
        name: string;
        /** The one line that says what it does: its command, title or query. */
        line: string;
        /** `ended`: its turn was over before it was. */
        state: 'running' | 'done' | 'failed' | 'ended';
        input: string;
        output: string;
        durationMs: number | null;
        files: FileChange[];
      }
    | {
        kind: 'turn';
        title: string;
        state: 'running' | 'done' | 'failed' | 'halted';
        durationMs: number | null;
      }
    | { kind: 'agent'; name: string; role: string; state: 'running' | 'done' | 'failed' }
    | { kind: 'decision'; decisionId: string; question: string; answer: string | null; by: string }
    | { kind: 'note'; tone: 'ok' | 'warn' | 'bad' | 'busy' | 'idle'; text: string }
  );
type ToolItem = Extract<TranscriptItem, { kind: 'tool' }>;

/** What a tool was asked, in one line. */
function lineOf(name: string, parameters: unknown): string {
  const data = dataOf(parameters);
  const command = data['command'];
  if (Array.isArray(command)) return command.map(String).join(' ');
  const input = dataOf(data['input']);
  return (
    textIn(data, 'command', 'title', 'query', 'path', 'file_path', 'url') ||
    textIn(input, 'command', 'title', 'query', 'path', 'file_path', 'url') ||
    (name === '' ? 'tool' : '')
  );
}

/** What a tool said: its output where it has one, else all of the result. */
function outputOf(result: unknown): string {
  const data = dataOf(result);
  const output = textIn(data, 'output', 'text', 'stdout');
  const code = numberIn(data, 'exit_code');
  if (output === '' && code === null) return asShown(result, 8_000);
  return [asShown(output, 8_000), code === null || code === 0 ? '' : `exit code ${code}`]
    .filter(Boolean)
    .join('\n');
}

const fileKinds: Record<string, FileChange['kind']> = {
  'file:created': 'created',
  'file:modified': 'modified',
  'file:deleted': 'deleted',
};

/**
 * The log of a session as a story: what was said, the tools of each turn with what they changed, agents that were
 * started, questions and their answers. Takes events in order, one at a time; items are replaced, never changed in
 * place, so that only what is new is drawn.
 */
export function createTranscript() {
  let items: TranscriptItem[] = [];
  /** Where open things stand: tools by item id or name, agents by id, decisions by id, the turn. */
  const open = new Map<string, number>();
  /** What the options of questions are called, by question and option. */
  const labels = new Map<string, string>();
  let depth = 0;

  const add = (event: SessionEvent, item: Record<string, unknown>, name?: string): void => {
    if (name !== undefined) open.set(name, items.length);
    items.push({ key: `${event.seq}`, seq: event.seq, ts: event.ts, depth, ...item } as TranscriptItem);
  };
  const change = <Kind extends TranscriptItem['kind']>(
    name: string,
    kind: Kind,
    with_: (item: Extract<TranscriptItem, { kind: Kind }>) => Record<string, unknown>,
  ): boolean => {
    const at = open.get(name);
    const item = at === undefined ? undefined : items[at];
    if (at === undefined || item?.kind !== kind) return false;
    const changed = with_(item as Extract<TranscriptItem, { kind: Kind }>);
    items[at] = Object.assign({}, item, changed);
    return true;
  };
  const toolName = (event: SessionEvent): string => {
    const id = textIn(event.data, 'item_id');
    return id === '' ? `tool ${textIn(event.data, 'skill_name')}` : `tool ${id}`;
  };

  function tool(event: SessionEvent): void {
    const { data, type } = event;
    const name = textIn(data, 'skill_name') || 'tool';
    if (type === 'skill:started') {
      return add(
        event,
        {
          kind: 'tool',
          name,
          line: lineOf(name, data['parameters']),
          state: 'running',
          input: asShown(data['parameters'], 8_000),
          output: '',
          durationMs: null,
          files: [],
        },
        toolName(event),
      );
    }
    const end = {
      state: type === 'skill:failed' ? 'failed' : 'done',
      durationMs: numberIn(data, 'duration'),
      output: [textIn(data, 'error'), outputOf(data['result'])].filter(Boolean).join('\n'),
    };
    if (change(toolName(event), 'tool', () => end)) open.delete(toolName(event));
    else
      add(event, {
        kind: 'tool',
        name,
        line: lineOf(name, data['parameters']),
        input: '',
        files: [],
        ...end,
      });
  }

  function file(event: SessionEvent): void {
    const { data } = event;
    const made: FileChange = {
      path: textIn(data, 'path') || 'a file',
      kind: fileKinds[event.type] ?? 'modified',
      diff: textIn(data, 'changes', 'diff'),
    };
    const last = items.at(-1);
    const id = textIn(data, 'item_id');
    if (id !== '' && change(`tool ${id}`, 'tool', ({ files }) => ({ files: [...files, made] }))) return;
    // Files that change one after another are one edit.
    if (last?.kind === 'tool' && last.name === 'edit' && last.files.length < 50) {
      items[items.length - 1] = { ...last, files: [...last.files, made] } satisfies ToolItem;
      return;
    }
    add(event, {
      kind: 'tool',
      name: 'edit',
      line: '',
      state: 'done',
      input: '',
      output: '',
      durationMs: null,
      files: [made],
    });
  }

  function turn(event: SessionEvent): void {
    const { data, type } = event;
    if (type === 'execution:started') {
      depth = 0;
      add(event, { kind: 'turn', title: textIn(data, 'task'), state: 'running', durationMs: null }, 'turn');
      depth = 1;
      return;
    }
    const state = type === 'execution:completed' ? 'done' : type === 'execution:failed' ? 'failed' : 'halted';
    const durationMs = numberIn(data, 'duration');
    depth = 0;
    for (const name of [...open.keys()].filter((each) => each.startsWith('tool ')))
      if (change(name, 'tool', (item) => (item.state === 'running' ? { state: 'ended' } : {})))
        open.delete(name);
    if (change('turn', 'turn', () => ({ state, durationMs }))) open.delete('turn');
    if (state === 'done') return;
    const why = textIn(data, 'error', 'reason');
    add(event, {
      kind: 'note',
      tone: state === 'failed' ? 'bad' : 'warn',
      text: `${state === 'failed' ? 'Failed' : 'Halted'}${why ? `: ${why}` : ''}`,
    });
  }

  function decision(event: SessionEvent): void {
    const { data, type, actor } = event;
    const id = textIn(data, 'decision_id');
    if (type === 'decision:point') {
      for (const option of Array.isArray(data['options']) ? data['options'].slice(0, 50) : []) {
        const label = textIn(dataOf(option), 'label');
        if (label) labels.set(`${id} ${textIn(dataOf(option), 'id')}`, label);
      }
      const question = textIn(data, 'question') || 'A question';
      return add(
        event,
        { kind: 'decision', decisionId: id, question, answer: null, by: '' },
        `decision ${id}`,
      );
    }
    const choice = textIn(data, 'choice');
    const answer =
      type === 'decision:expired'
        ? 'nobody answered in time'
        : (labels.get(`${id} ${choice}`) ?? (choice || 'cancelled'));
    change(`decision ${id}`, 'decision', () => ({ answer, by: textIn(data, 'made_by', 'by') || actor }));
  }

  function agent(event: SessionEvent): void {
    const { data, type } = event;
    const id = textIn(data, 'agent_id') || 'agent';
    if (type === 'agent:spawned') {
      return add(
        event,
        { kind: 'agent', name: id, role: textIn(data, 'role'), state: 'running' },
        `agent ${id}`,
      );
    }
    if (type !== 'agent:completed') return;
    change(`agent ${id}`, 'agent', () => ({ state: data['success'] === false ? 'failed' : 'done' }));
  }

  const notes: Record<string, (event: SessionEvent) => { tone: string; text: string } | null> = {
    'execution:halting': ({ data }) => ({
      tone: 'warn',
      text: `Halting: ${textIn(data, 'reason') || 'asked for'}`,
    }),
    'execution:still_running': () => ({
      tone: 'warn',
      text: 'It is still running, though it said it had ended',
    }),
    'execution:resumed': () => ({ tone: 'busy', text: 'Resumed' }),
    'execution:redirect': ({ data }) => ({
      tone: 'busy',
      text: `Redirected: ${textIn(data, 'message', 'target_skill', 'target_path', 'target')}`,
    }),
    'execution:rollback_completed': ({ data }) => ({
      tone: 'ok',
      text: `Rolled back${textIn(data, 'label') ? ` to ${textIn(data, 'label')}` : ''}`,
    }),
    'execution:rollback_failed': ({ data }) => ({
      tone: 'bad',
      text: `Not rolled back: ${textIn(data, 'error', 'note')}`,
    }),
    'execution:progress': ({ data }) =>
      textIn(data, 'warning') ? { tone: 'warn', text: textIn(data, 'warning') } : null,
    'checkpoint:created': ({ data }) => ({
      tone: 'idle',
      text: `Checkpoint ${textIn(data, 'label', 'checkpoint_id')}`,
    }),
    'skill:injected': ({ data }) => ({ tone: 'busy', text: `Given to do: ${textIn(data, 'skill_name')}` }),
    'validation:result': ({ data }) => ({
      tone: data['success'] === false || data['passed'] === false ? 'bad' : 'ok',
      text: `Validation ${data['success'] === false || data['passed'] === false ? 'failed' : 'passed'}`,
    }),
  };

  function take(event: SessionEvent): void {
    const { type, data } = event;
    if (type === 'message:user' || type === 'message:assistant' || type === 'message:reasoning') {
      const text = textIn(data, 'text', 'message');
      if (text !== '') add(event, { kind: 'message', who: type.slice(8), text });
    } else if (type === 'skill:started' || type === 'skill:completed' || type === 'skill:failed') tool(event);
    else if (type.startsWith('file:')) file(event);
    else if (/^execution:(started|completed|failed|halted)$/.test(type)) turn(event);
    else if (/^decision:(point|made|expired)$/.test(type)) decision(event);
    else if (type.startsWith('agent:')) agent(event);
    else {
      const note = notes[type]?.(event);
      if (note) add(event, { kind: 'note', ...note });
    }
  }

  return {
    take,
    /** A new list with each change; unchanged items are the same objects. */
    items: (): readonly TranscriptItem[] => [...items],
    clear(): void {
      items = [];
      open.clear();
      labels.clear();
      depth = 0;
    },
  };
}
