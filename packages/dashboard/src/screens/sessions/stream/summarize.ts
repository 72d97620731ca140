import type { SessionEvent } from '@vigiles/contract';
import { asShown, dataOf, textIn } from '../read-data.ts';

const fields = [
  'text',
  'message',
  'question',
  'task',
  'path',
  'warning',
  'error',
  'reason',
  'choice',
  'label',
  'note',
  'role',
] as const;

/** An event's data in one line: what people look for in it, else all of it. */
export function summarize({ type, data }: SessionEvent): string {
  const tool = textIn(data, 'skill_name');
  if (type === 'command:update')
    return [textIn(data, 'command_type'), textIn(data, 'state'), textIn(data, 'note')]
      .filter(Boolean)
      .join(' · ');
  const parameters = dataOf(data['parameters']);
  const said = textIn(data, ...fields) || textIn(parameters, 'command', 'title', 'query', 'path');
  const line = [tool, said].filter(Boolean).join(' · ') || asShown(data, 300);
  return line.replaceAll(/\s+/g, ' ').slice(0, 300);
}
