import type { Service } from '@vigiles/contract';
import type { Tone } from '../../live/describe-event.ts';

export interface Sentence {
  tone: Tone;
  text: string;
}

const list = (names: string[]): string =>
  names.length <= 2 ? names.join(' and ') : `${names[0]}, ${names[1]} and ${names.length - 2} more`;
const be = (n: number): string => (n === 1 ? 'is' : 'are');

/** The one sentence at the top: the worst thing that is true now. Unknown is said as unknown. */
export function statusSentence(services: readonly Service[], openIncidents: number): Sentence {
  const inState = (...states: Service['state'][]): string[] =>
    services.filter((each) => states.includes(each.state)).map((each) => each.title);
  const down = inState('DOWN');
  const recovering = inState('RECOVERING');
  const suspect = inState('SUSPECT');
  const unknown = inState('UNKNOWN');
  if (services.length === 0) return { tone: 'idle', text: 'Nothing is watched yet.' };
  if (down.length > 0) {
    const healing = recovering.length > 0 ? `; ${list(recovering)} ${be(recovering.length)} recovering` : '';
    return { tone: 'bad', text: `${list(down)} ${be(down.length)} down${healing}.` };
  }
  if (recovering.length > 0)
    return { tone: 'busy', text: `${list(recovering)} ${be(recovering.length)} recovering.` };
  if (suspect.length > 0) return { tone: 'warn', text: `${list(suspect)} may be in trouble; looking again.` };
  if (unknown.length === services.length)
    return { tone: 'idle', text: 'Vigiles cannot tell yet how its services are.' };
  if (unknown.length > 0) {
    return {
      tone: 'idle',
      text: `Vigiles cannot tell how ${list(unknown)} ${be(unknown.length)}; everything else is up.`,
    };
  }
  if (openIncidents > 0) {
    return {
      tone: 'warn',
      text: `Everything is up; ${openIncidents} incident${openIncidents === 1 ? ' is' : 's are'} still open.`,
    };
  }
  const resting = inState('MAINTENANCE', 'STOPPED_BY_USER').length;
  return { tone: 'ok', text: resting > 0 ? 'Everything that should run is up.' : 'Everything is up.' };
}
