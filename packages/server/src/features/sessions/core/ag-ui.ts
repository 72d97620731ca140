import type { SessionEvent } from '@vigiles/contract';

/** One event of the AG-UI protocol (docs.ag-ui.com/concepts/events): `type` and what belongs to it. */
export type AgUiEvent = { type: string; timestamp: number } & Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Turns a session's log into AG-UI events, in order. The protocol's rules are kept whatever the log holds: everything
 * is inside a run, steps are finished before their run is, nothing comes after an error but a new run.
 * What AG-UI has no event for is a CUSTOM one, with our type as its name.
 */
export function createAgUiWriter(sessionId: string) {
  let run: string | null = null;
  let steps: string[] = [];

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
          const stepName = textOf(data['skill_name']) || 'step';
          // A step of a name that is open already cannot be told apart: it is a custom event.
          if (steps.includes(stepName)) break;
          steps.push(stepName);
          return [...first, { type: 'STEP_STARTED', timestamp, stepName }];
        }
        case 'skill:completed':
        case 'skill:failed': {
          const stepName = textOf(data['skill_name']) || (steps.at(-1) ?? '');
          if (!steps.includes(stepName)) break;
          steps = steps.filter((open) => open !== stepName);
          return [...first, { type: 'STEP_FINISHED', timestamp, stepName }];
        }
        case 'message:assistant':
          return [...first, ...message(event, 'assistant')];
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
