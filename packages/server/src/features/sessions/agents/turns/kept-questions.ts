import type { AgentSink } from '../agent-adapter.ts';
import { fieldsOf, listOf, textOf } from '../read.ts';

/** A request of an agent that waits for people, as it came, with the decisions made of it and what was answered. */
interface Kept {
  message: object;
  decisions: string[];
  answers: Map<string, string | null>;
}

/** What is open when control goes is asked the next one as the agent asked it: it waits for an answer to that very request. */
export interface KeptQuestions {
  /** Takes in a request: the decisions that `ask` makes are made of it. @param message null: it cannot be asked again */
  take<T>(message: object | null, ask: () => T): T;
  newDecisionId(): string;
  /** Hands an answer over. @param answer says whether it was taken */
  answering(decisionId: string, choice: string | null, answer: () => boolean): boolean;
  /** A sink that forgets what is withdrawn. */
  over(sink: AgentSink): AgentSink;
  /** For the next control. */
  memo(): unknown[];
  /** Asks again what was open when the control before this one went, and gives the answers that were there. */
  again(ask: (message: object) => void, answer: (decisionId: string, choice: string | null) => void): void;
}

/** A larger request is not kept: after a restart its decision is open and its agent hears no answer. */
const MAX_BYTES = 256 * 1024;

const keptIn = (memo: unknown): Kept[] =>
  listOf(memo).flatMap((value) => {
    const { message, decisions, answers } = fieldsOf(value);
    if (typeof message !== 'object' || message === null) return [];
    const ids = listOf(decisions).flatMap((id) => textOf(id) ?? []);
    const given = listOf(answers).flatMap((pair): [string, string | null][] => {
      const [id, choice] = listOf(pair);
      return typeof id === 'string' ? [[id, textOf(choice)]] : [];
    });
    return [{ message, decisions: ids, answers: new Map(given) }];
  });

/** Ids of the decisions that an agent waited for, by what its handle wrote down. */
export const decisionsIn = (memo: Readonly<Record<string, unknown>>): string[] =>
  keptIn(memo['questions']).flatMap(({ decisions, answers }) => decisions.filter((id) => !answers.has(id)));

/** @param before what the handle of the control before wrote down; anything else counts as nothing */
export function createKeptQuestions(newId: () => string, before: unknown): KeptQuestions {
  const open = new Set<Kept>();
  /** Ids for what is asked again. */
  const known = new Map<object, string[]>();
  let current: Kept | null = null;
  const of = (decisionId: string): Kept | undefined =>
    [...open].find(({ decisions }) => decisions.includes(decisionId));
  const dropIfDone = (one: Kept): void => {
    if (one.decisions.every((id) => one.answers.has(id))) open.delete(one);
  };
  return {
    take(message, ask) {
      if (message === null) return ask();
      current = { message, decisions: [], answers: new Map() };
      try {
        return ask();
      } finally {
        current = null;
        known.delete(message);
      }
    },
    newDecisionId() {
      const id = (current && known.get(current.message)?.shift()) ?? newId();
      if (current) {
        current.decisions.push(id);
        if (JSON.stringify(current.message).length <= MAX_BYTES) open.add(current);
      }
      return id;
    },
    answering(decisionId, choice, answer) {
      const one = of(decisionId);
      if (!one) return answer();
      // Before it is handed over: what follows from the answer writes the memo.
      one.answers.set(decisionId, choice);
      dropIfDone(one);
      if (answer()) return true;
      one.answers.delete(decisionId);
      open.add(one);
      return false;
    },
    over: (sink) => ({
      ...sink,
      withdraw(decisionId, why) {
        const one = of(decisionId);
        if (one) {
          one.decisions = one.decisions.filter((id) => id !== decisionId);
          dropIfDone(one);
        }
        sink.withdraw(decisionId, why);
      },
    }),
    memo: () =>
      [...open].map(({ message, decisions, answers }) => ({ message, decisions, answers: [...answers] })),
    again(ask, answer) {
      for (const { message, decisions, answers } of keptIn(before)) {
        known.set(message, [...decisions]);
        ask(message);
        for (const [id, choice] of answers) answer(id, choice);
      }
    },
  };
}
