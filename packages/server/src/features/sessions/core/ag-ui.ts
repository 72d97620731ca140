import type { SessionEvent } from '@vigiles/contract';

/** One event of the AG-UI protocol (docs.ag-ui.com/concepts/events): `type` and what belongs to it. */
export type AgUiEvent = { type: string; timestamp: number } & Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Tool calls of one run whose answer is awaited; further ones get none. */
const maxCalls = 1_000;

const resultOf = (data: Record<string, unknown>): string => {
  const { error, result } = data;
  if (typeof error === 'string' && error !== '') return error;
  const output = (result as { output?: unknown } | null | undefined)?.output ?? result;
  return typeof output === 'string' ? output : JSON.stringify(output ?? null);
};

/**
 * Turns a session's log into AG-UI events, in order. The protocol's rules are kept whatever the log holds: everything
 * is inside a run, steps are finished before their run is, nothing comes after an error but a new run, no delta of a
 * message is empty, a result belongs to a call of the same run. What a tool is called with is a TOOL_CALL; a skill without an id
 * of its own is a step. What AG-UI has no event for is a CUSTOM one, with our type as its name.
 */
export function createAgUiWriter(sessionId: string) {
  let run: string | null = null;
  let steps: string[] = [];
  const calls = new Set<string>();

  const begin = (event: SessionEvent): AgUiEvent[] => {
    if (run !== null) return [];
    run = `${sessionId}:${event.seq}`;
    return [{ type: 'RUN_STARTED', timestamp: event.ts, threadId: sessionId, runId: run }];
  };
  const finishSteps = (timestamp: number): AgUiEvent[] => {
    const open = steps.toReversed();
    steps = [];
    return open.map((stepName) => ({ type: 'STEP_FINISHED', timestamp, stepName }));
  };
  const end = (timestamp: number, last: Record<string, unknown> & { type: string }): AgUiEvent[] => {
    const events = [...finishSteps(timestamp), { timestamp, ...last }];
    run = null;
    calls.clear();
    return events;
  };
  const message = ({ ts: timestamp, event_id, data }: SessionEvent, role: string): AgUiEvent[] => {
    const messageId = textOf(data['message_id']) || event_id;
    const delta = textOf(data['text']);
    return [
      { type: 'TEXT_MESSAGE_START', timestamp, messageId, role },
      ...(delta === '' ? [] : [{ type: 'TEXT_MESSAGE_CONTENT', timestamp, messageId, delta }]),
      { type: 'TEXT_MESSAGE_END', timestamp, messageId },
    ];
  };
  const reasoning = ({ ts: timestamp, event_id, data }: SessionEvent): AgUiEvent[] => {
    const messageId = textOf(data['message_id']) || event_id;
    const delta = textOf(data['text']);
    return [
      { type: 'REASONING_START', timestamp, messageId },
      { type: 'REASONING_MESSAGE_START', timestamp, messageId, role: 'reasoning' },
      ...(delta === '' ? [] : [{ type: 'REASONING_MESSAGE_CONTENT', timestamp, messageId, delta }]),
      { type: 'REASONING_MESSAGE_END', timestamp, messageId },
      { type: 'REASONING_END', timestamp, messageId },
    ];
  };
  /** Null where it is no call that can be told from others. */
  const call = ({ ts: timestamp, data }: SessionEvent): AgUiEvent[] | null => {
    const toolCallId = textOf(data['item_id']);
    if (toolCallId === '' || calls.has(toolCallId) || calls.size >= maxCalls) return null;
    calls.add(toolCallId);
    const toolCallName = textOf(data['skill_name']) || 'tool';
    return [
      { type: 'TOOL_CALL_START', timestamp, toolCallId, toolCallName },
      { type: 'TOOL_CALL_ARGS', timestamp, toolCallId, delta: JSON.stringify(data['parameters'] ?? {}) },
      { type: 'TOOL_CALL_END', timestamp, toolCallId },
    ];
  };
  const answered = ({ ts: timestamp, event_id: messageId, data }: SessionEvent): AgUiEvent[] | null => {
    const toolCallId = textOf(data['item_id']);
    if (!calls.delete(toolCallId)) return null;
    return [
      { type: 'TOOL_CALL_RESULT', timestamp, messageId, toolCallId, content: resultOf(data), role: 'tool' },
    ];
  };

  return {
    /** What this event is in AG-UI; several, or none. */
    write(event: SessionEvent): AgUiEvent[] {
      const { type, ts: timestamp, data, seq, event_id } = event;
      if (type === 'execution:started' && run === null) return begin(event);
      const first = begin(event);
      switch (type) {
        case 'execution:completed':
          return [
            ...first,
            ...end(timestamp, { type: 'RUN_FINISHED', threadId: sessionId, runId: run, result: data }),
          ];
        case 'execution:failed':
          return [
            ...first,
            ...end(timestamp, {
              type: 'RUN_ERROR',
              message: textOf(data['error']) || textOf(data['reason']) || 'failed',
            }),
          ];
        case 'skill:started': {
          const begun = call(event);
          if (begun) return [...first, ...begun];
          if (textOf(data['item_id']) !== '') break;
          const stepName = textOf(data['skill_name']) || 'step';
          // A step of a name that is open already cannot be told apart: it is a custom event.
          if (steps.includes(stepName)) break;
          steps.push(stepName);
          return [...first, { type: 'STEP_STARTED', timestamp, stepName }];
        }
        case 'skill:completed':
        case 'skill:failed': {
          const result = answered(event);
          if (result) return [...first, ...result];
          if (textOf(data['item_id']) !== '') break;
          const stepName = textOf(data['skill_name']) || (steps.at(-1) ?? '');
          if (!steps.includes(stepName)) break;
          steps = steps.filter((open) => open !== stepName);
          return [...first, { type: 'STEP_FINISHED', timestamp, stepName }];
        }
        case 'message:assistant':
          return [...first, ...message(event, 'assistant')];
        case 'message:reasoning':
          return [...first, ...reasoning(event)];
        case 'message:user':
          return [...first, ...message(event, 'user')];
        default:
      }
      return [...first, { type: 'CUSTOM', timestamp, name: type, value: { ...data, seq, event_id } }];
    },
    /** What is left to say at the end of the log: steps and a run that are still open. */
    finish(timestamp: number): AgUiEvent[] {
      if (run === null) return [];
      return end(timestamp, { type: 'RUN_FINISHED', threadId: sessionId, runId: run });
    },
  };
}
