import type { Decision } from '@vigiles/contract';

const labelOf = (decision: Decision, choice: string): string =>
  decision.options.find(({ id }) => id === choice)?.label || choice;

/** What became of a question that needs nobody any more: who decided, and what happens now. */
export function decisionOutcome(
  decision: Decision,
  nameOf: (actor: string) => string,
): { title: string; next: string } {
  const { resolution, on_timeout } = decision;
  if (!resolution) return { title: 'It is settled', next: 'The agent does not wait for it any more.' };
  const choice = resolution.choice === null ? '' : labelOf(decision, resolution.choice);
  switch (resolution.source) {
    case 'operator':
      return {
        title: `${nameOf(resolution.by)} answered “${choice}”`,
        next: 'The agent has the answer and goes on.',
      };
    case 'default':
      return {
        title: `Nobody answered in time: “${choice}” was taken`,
        next: 'That is the default the agent named. Redirect it if it should do something else.',
      };
    case 'expired':
      return on_timeout === 'halt'
        ? {
            title: 'Nobody answered in time: the session was halted',
            next: 'Resume it when you know what it should do.',
          }
        : {
            title: 'Nobody answered in time: it was not allowed',
            next: 'The agent goes on without it. Redirect it if it should try again.',
          };
    case 'cancelled':
      return {
        title: 'The agent does not ask any more',
        next: resolution.note || 'Its turn ended before somebody answered.',
      };
  }
}
