import type { Decision, SessionEvent } from '@vigiles/contract';
import { clean } from '../output/clean.ts';

type Data = SessionEvent['data'];
type Options = Pick<Decision, 'options'>['options'];

const textIn = (data: Data, ...names: string[]): string =>
  names
    .map((name) => data[name])
    .find((value): value is string => typeof value === 'string' && value !== '') ?? '';

/** What a person types to answer a question. */
export function howToAnswer(sessionId: string, decisionId: string, options: Options): string {
  const choices =
    options.length === 0 ? 'TEXT' : options.map(({ id }) => (/\s/.test(id) ? `"${id}"` : id)).join(' | ');
  return clean(`vigiles session decide ${sessionId} ${decisionId} ${choices}`);
}

/** What makes an event of these types more than its name. */
const words: Record<string, (data: Data) => string> = {
  'command:update': (data) =>
    [textIn(data, 'command_type'), textIn(data, 'state'), textIn(data, 'note')].filter(Boolean).join(' '),
  'checkpoint:created': (data) => textIn(data, 'label', 'checkpoint_id'),
  'session:attached': (data) => textIn((data['agent'] ?? data) as Data, 'name', 'holder'),
  'session:phase': (data) => [textIn(data, 'phase'), textIn(data, 'reason')].filter(Boolean).join(': '),
  'execution:started': (data) => textIn(data, 'task'),
  'skill:started': (data) => {
    const parameters = (data['parameters'] ?? {}) as Data;
    return [textIn(data, 'skill_name'), textIn(parameters, 'command', 'title', 'query')]
      .filter(Boolean)
      .join(': ');
  },
  'skill:failed': (data) => [textIn(data, 'skill_name'), textIn(data, 'error')].filter(Boolean).join(': '),
  'decision:made': (data) => textIn(data, 'choice', 'source'),
};

/** One event of a session as a line; a question is followed by how to answer it. */
export function eventLine({ session_id: sessionId, type, data }: SessionEvent): string {
  const said =
    words[type]?.(data) ||
    textIn(data, 'text', 'question', 'path', 'message', 'skill_name', 'error', 'reason', 'warning');
  const line = clean(`${type}  ${said.slice(0, 500)}`).trimEnd();
  if (type !== 'decision:point') return line;
  const options = (Array.isArray(data['options']) ? data['options'] : []).map((one: unknown) =>
    typeof one === 'string' ? { id: one, label: one, kind: null } : (one as Options[number]),
  );
  return `${line}\n  ${howToAnswer(sessionId, textIn(data, 'decision_id'), options)}`;
}

/** Said too often to be worth a line each. */
export const isQuiet = ({ type }: SessionEvent): boolean => type === 'usage:updated';
