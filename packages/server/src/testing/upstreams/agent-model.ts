import type { ServerResponse } from 'node:http';
import type { ProtocolName } from '@vigiles/wire';
import { answerJson, streamPieces, type Script, type SeenRequest } from './scripted-upstream.ts';
import { spokenStream } from './spoken-answers.ts';

/** What a person said last, and whether a tool has answered since. */
export interface Asked {
  words: string;
  answered: boolean;
}

type Part = { type?: string; text?: string } | string;
type Message = { type?: string; role?: string; content?: string | Part[] };

const textOf = ({ content }: Message): string =>
  typeof content === 'string'
    ? content
    : (content ?? []).map((part) => (typeof part === 'string' ? part : (part.text ?? ''))).join('\n');

const lastKind = (content: Part[]): string | undefined => {
  const last = content.at(-1);
  return typeof last === 'object' ? last.type : undefined;
};

/** Claude Code puts what a person says next behind the answer of a tool that was stopped. */
const isToolAnswer = ({ type, role, content }: Message): boolean =>
  role === 'tool' ||
  type === 'function_call_output' ||
  (Array.isArray(content) && lastKind(content) === 'tool_result');

/** @param body a request of any protocol, as an agent sent it */
export function askedIn(body: Readonly<Record<string, unknown>>): Asked {
  const list = (body['input'] ?? body['messages'] ?? []) as Message[];
  const at = list.findLastIndex((message) => message.role === 'user' && !isToolAnswer(message));
  return { words: textOf(list[at] ?? {}), answered: list.slice(at + 1).some(isToolAnswer) };
}

const protocolOf = (path: string): ProtocolName | null =>
  path.includes('/responses')
    ? 'openai-responses'
    : path.includes('/messages')
      ? 'anthropic-messages'
      : path.includes('/chat/completions')
        ? 'openai-chat'
        : null;

let calls = 0;

const questionOf = (question: string) => ({
  question,
  header: 'Choice',
  multiSelect: false,
  options: ['A', 'B'].map((label) => ({ label, description: `The answer ${label}` })),
});

/**
 * A model that does what it is told. `RUN <command>` runs it in the agent's shell, `ASK <command>` wants to run it
 * outside its sandbox, `CHOOSE <question> | <question>` has Claude Code ask them together, `FAIL` is refused by the provider;
 * everything else is answered with `Done: <words>`.
 */
export const agentModel: Script = (seen: SeenRequest, res: ServerResponse) => {
  const protocol = protocolOf(seen.path);
  if (protocol === null || seen.path.includes('count_tokens'))
    return answerJson(res, 404, { error: { message: 'not here' } });
  const { words, answered } = askedIn(seen.json ?? {});
  const [, order = '', command = ''] = /(RUN|ASK|CHOOSE|FAIL)(?: ([^\n]+))?/.exec(words) ?? [];
  if (order === 'FAIL') return answerJson(res, 400, { error: { message: 'This model refuses.' } });
  const last = words.trim().split('\n').at(-1) ?? '';
  const claude = seen.path.includes('/messages') && seen.path.includes('beta');
  const choosing = order === 'CHOOSE';
  const input = choosing
    ? { questions: command.split(' | ').map(questionOf) }
    : claude
      ? { command, description: 'as told' }
      : {
          cmd: command,
          yield_time_ms: 30_000,
          ...(order === 'ASK' ? { sandbox_permissions: 'require_escalated', justification: 'as told' } : {}),
        };
  const call =
    order === '' || answered
      ? undefined
      : {
          name: choosing ? 'AskUserQuestion' : claude ? 'Bash' : 'exec_command',
          input: JSON.stringify(input),
        };
  const text = spokenStream(protocol, call, `Done: ${last.slice(0, 200)}`);
  calls += 1;
  // Agents take answers of the same id for one.
  const unique = text
    .replaceAll('call_abcdefgh', `call_agent${calls}`)
    .replaceAll(/"((?:msg|turn)_)1"/g, `"$1agent${calls}"`);
  return streamPieces(res, [unique]);
};
