import type { Verbs } from './verb.ts';

/** What waits for a person, and the shortest words for steering an agent. */
export function declareNeeds({ asking }: Verbs): void {
  asking('needs', 'what waits for you: questions of agents, actions, incidents, failed runs of CI').action(
    async (options) => (await import('../verbs/needs.ts')).needsVerb(options),
  );
  asking(
    'answer <need> <choice...>',
    'answer one of them, by its id or the number that needs gave it',
  ).action(async (need, words: string[], options) =>
    (await import('../verbs/needs.ts')).answerVerb(need, words.join(' '), options),
  );
  asking('halt <session> [reason...]', 'stop an agent').action(async (id, words: string[], options) =>
    (await import('../verbs/session.ts')).commandVerb(
      id,
      'HALT',
      words.length > 0 ? { reason: words.join(' ') } : {},
      options,
    ),
  );
  asking('resume <session> [message...]', 'let it go on').action(async (id, words: string[], options) =>
    (await import('../verbs/session.ts')).commandVerb(
      id,
      'RESUME',
      words.length > 0 ? { message: words.join(' ') } : {},
      options,
    ),
  );
}
