import { asRecord } from '../../json/read.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { TextFormat } from './text-format.ts';

const TAGS = ['bash', 'shell', 'execute_command', 'exec_command', 'run_command', 'execute_bash'];
const OPENS = TAGS.map((tag) => `<${tag}>`);
const FIELD = /^\s*([a-z_]{2,24}):\s*(.*)$/;

/** `<bash>ls</bash>`, `<bash><command>ls</command></bash>`, `<bash>{"cmd": "ls"}</bash>` → the request's one shell tool. */
export const bash: TextFormat = {
  name: 'bash',
  evidence: 'tag',
  opens: OPENS,
  *read(cursor, { table, signal }) {
    const opener = yield* cursor.oneOf(OPENS);
    const until = yield* cursor.until([`</${opener.slice(1)}`]);
    const tool = table.shell();
    if (!until || !tool) return undefined;
    const text = commandIn(until.body.trim());
    if (text === undefined) {
      signal({ fault: 'C8', detail: `${opener} without a command` });
      return undefined;
    }
    return { calls: [{ name: tool.name, args: { form: 'text', text } }] };
  },
};

function commandIn(body: string): string | undefined {
  const child = /^<(command|cmd)>([\s\S]*)<\/\1>$/.exec(body);
  if (child) return child[2]?.trim() || undefined;
  if (body.startsWith('{')) {
    const args = asRecord(parseLenient(body)?.value);
    const command = args?.['command'] ?? args?.['cmd'];
    return typeof command === 'string' && command !== '' ? command : undefined;
  }
  if (body === '' || body.startsWith('<')) return undefined;
  const fields = body.split('\n').map((line) => FIELD.exec(line));
  const field = fields.find((each) => each?.[1] === 'command' || each?.[1] === 'cmd');
  if (field && fields.every((each) => each)) return field[2] || undefined;
  return fields.every((each) => each) ? undefined : body;
}
