import type { AgentQuestion, AgentSink, AgentUsage } from '../agent-adapter.ts';

/** What an adapter told, in its order. */
export interface WatchedSink extends AgentSink {
  events: { type: string; data: Record<string, unknown> }[];
  volatiles: string[];
  questions: AgentQuestion[];
  withdrawn: string[];
  phases: string[];
  used: AgentUsage[];
  /** Waits until the condition holds. */
  until(what: string, holds: (sink: WatchedSink) => boolean): Promise<void>;
}

export function watchSink(): WatchedSink {
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of waiting) look();
  };
  const sink: WatchedSink = {
    events: [],
    volatiles: [],
    questions: [],
    withdrawn: [],
    phases: [],
    used: [],
    beforeTurn: async () => undefined,
    event(type, data) {
      sink.events.push({ type, data });
      changed();
    },
    volatile(type) {
      sink.volatiles.push(type);
      changed();
    },
    decision(question) {
      sink.questions.push(question);
      changed();
    },
    withdraw(decisionId) {
      sink.withdrawn.push(decisionId);
      changed();
    },
    usage(total) {
      sink.used.push(total);
      changed();
    },
    phase(phase) {
      sink.phases.push(phase);
      changed();
    },
    until(what, holds) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          const story = JSON.stringify({ phases: sink.phases, events: sink.events.slice(-12) }, null, 1);
          reject(new Error(`Never happened: ${what}\n${story}`));
        }, 60_000);
        const look = () => {
          if (!holds(sink)) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
  return sink;
}
