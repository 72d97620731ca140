import type { AgentCommand } from '../agent-adapter.ts';

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

const named = (value: unknown): string =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? ` with these parameters: ${JSON.stringify(value)}`
    : '';

/**
 * A command in the words an agent is told it with. A person's own words come first; skills and paths, which the
 * session contract knows instead, are put into a sentence.
 */
export function instructionOf({ type, args }: Pick<AgentCommand, 'type' | 'args'>): string {
  const own = text(args['prompt']) ?? text(args['instructions']) ?? text(args['message']);
  const skill = text(args['target_skill']) ?? text(args['skill_name']);
  const path = text(args['target_path']);
  const sentences: string[] = [];
  if (own !== null) sentences.push(own);
  if (skill !== null) {
    sentences.push(
      type === 'REDIRECT'
        ? `Change course: go on with the skill "${skill}"${named(args['parameters'])}.`
        : `Also use the skill "${skill}"${named(args['parameters'])}.`,
    );
  }
  if (path !== null) sentences.push(`Work in ${path} from here on.`);
  if (sentences.length > 0) return sentences.join('\n');
  return 'Go on where you stopped.';
}
