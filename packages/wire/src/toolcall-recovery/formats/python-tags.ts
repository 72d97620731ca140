import { callsInPython } from '../reading/python-calls.ts';
import type { TextFormat } from './text-format.ts';

const CODE = '<code>';
const LIST = '<function_calls>\n';

/** OLMo 3 and SmolLM 3: Python calls, one a line, between tags where a line begins, as the last thing said. */
export const pythonTags: TextFormat = {
  name: 'python-tags',
  evidence: 'bare',
  strict: true,
  opens: [`${CODE}\n`, LIST],
  opensFor: (table) => table.tools.map(({ name }) => `${CODE}${name}(`),
  *read(cursor, { table }) {
    const opener = yield* cursor.oneOf([CODE, LIST]);
    yield* cursor.spaces();
    const name = yield* cursor.word();
    if (!table.find(name) || (yield* cursor.peek()) !== '(') return undefined;
    cursor.back(cursor.at - name.length);
    const until = yield* cursor.until([opener === CODE ? '</code>' : '</function_calls>']);
    const calls = until && callsInPython(until.body.trim());
    return calls && { calls };
  },
};
