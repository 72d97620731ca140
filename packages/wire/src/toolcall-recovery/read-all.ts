import { Candidates } from './candidates.ts';
import type { Found, FormatContext } from './formats/text-format.ts';
import type { ToolTable } from './tool-table.ts';
import { readWhole } from './reading/cursor.ts';

const MAX_CALLS = 64;
const byTable = new WeakMap<ToolTable, Candidates>();

/** The calls of a complete text that holds nothing else; undefined when anything is left over. Bare formats do not count. */
export function readAllCalls(text: string, context: FormatContext): Found | undefined {
  const { table } = context;
  const candidates = byTable.get(table) ?? new Candidates(table);
  byTable.set(table, candidates);
  const found: Found = { calls: [] };
  let rest = text.trim();
  while (rest !== '') {
    const formats = candidates.at(rest, 0, true, true).formats.filter(({ evidence }) => evidence !== 'bare');
    let taken = 0;
    for (const format of formats) {
      const here = readWhole(rest, function* (cursor) {
        const read = yield* format.read(cursor, context);
        return read && { read, end: cursor.at };
      });
      if (!here) continue;
      found.calls.push(...here.read.calls);
      found.malformed = (found.malformed ?? 0) + (here.read.malformed ?? 0);
      taken = here.end;
      break;
    }
    if (taken === 0 || found.calls.length > MAX_CALLS) return undefined;
    rest = rest.slice(taken).trim();
  }
  return found.calls.length > 0 ? found : undefined;
}
