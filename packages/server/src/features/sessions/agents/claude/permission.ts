import type { DecisionOption } from '@vigiles/contract';
import { option } from '../options.ts';
import { bounded, fieldsOf, listOf, short, textOf, type Fields } from '../read.ts';

/** A tool call Claude Code asks about, as a question for people. */
export interface AskedPermission {
  kind: 'permission' | 'question';
  question: string;
  options: readonly DecisionOption[];
  context: Record<string, unknown>;
  /** What it gets for a choice; null refuses; undefined: no such choice. */
  answer(choice: string | null): Record<string, unknown> | undefined;
}

const allow = option('allow', 'allow_once');
const always = option('allow and remember', 'allow_always');
const deny = option('deny', 'reject_once');
const stop = option('deny and end the turn', 'reject_always');

const refused = 'A person said no.';

/** The words a tool call is asked about with. */
export function questionOf(tool: string, input: Fields): string {
  const command = short(input['command'], 500);
  if (command !== null) return `Run: ${command}`;
  const path = short(input['file_path'] ?? input['notebook_path'] ?? input['path'], 500);
  if (path !== null) return `${tool} ${path}`;
  return `Use ${tool.slice(0, 200)}`;
}

/** What a person must see to decide on a tool call. */
export const contextOf = (tool: string, input: Fields): Record<string, unknown> => ({
  tool,
  command: short(input['command']),
  files: [input['file_path'], input['notebook_path']].flatMap((path) => short(path, 1000) ?? []),
  input: bounded(input, 8000),
});

/** A `can_use_tool` request. */
export function askedPermission(request: Fields): AskedPermission[] {
  const tool = textOf(request['tool_name']) ?? 'a tool';
  const input = fieldsOf(request['input']);
  if (tool === 'AskUserQuestion') return questions(input);
  const suggestions = listOf(request['permission_suggestions']);
  const remember = suggestions.length > 0 && request['suppress_always_allow_rule'] !== true;
  const replies: Record<string, Record<string, unknown>> = {
    [allow.id]: { behavior: 'allow', updatedInput: input },
    ...(remember
      ? { [always.id]: { behavior: 'allow', updatedInput: input, updatedPermissions: suggestions } }
      : {}),
    [deny.id]: { behavior: 'deny', message: refused },
    [stop.id]: { behavior: 'deny', message: refused, interrupt: true },
  };
  return [
    {
      kind: 'permission',
      question: short(request['title'], 500) ?? questionOf(tool, input),
      options: [allow, ...(remember ? [always] : []), deny, stop],
      context: {
        ...contextOf(tool, input),
        reason: short(request['decision_reason'], 1000),
        blocked_path: short(request['blocked_path'], 1000),
        item_id: request['tool_use_id'],
      },
      answer: (choice) => replies[choice ?? deny.id],
    },
  ];
}

/** Questions of the agent are one tool call: its answers are handed back with the input of that call. */
function questions(input: Fields): AskedPermission[] {
  const asked = listOf(input['questions']).slice(0, 10).map(fieldsOf);
  const answers: Record<string, string> = {};
  return asked.map((one) => {
    const words = textOf(one['question']) ?? '';
    const offered = listOf(one['options']).map((each) => short(fieldsOf(each)['label'], 200) ?? '');
    return {
      kind: 'question',
      question: words.slice(0, 2000),
      // Another answer than those offered is always taken.
      options: [],
      context: { header: short(one['header'], 200), suggestions: offered.slice(0, 50) },
      answer(choice) {
        if (choice === null) return { behavior: 'deny', message: 'Nobody answered.' };
        answers[words] = choice;
        const whole = Object.keys(answers).length === asked.length;
        return whole ? { behavior: 'allow', updatedInput: { ...input, answers } } : {};
      },
    };
  });
}
