import { asRecord } from '../../json/read.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { urlsIn } from '../synthesis/urls.ts';
import type { TextFormat } from './text-format.ts';

const OPEN = '<explore_agent';
const CLOSE = '</explore_agent>';

/**
 * `<explore_agent>messages: [{"content": "look at https://…"}]</explore_agent>`: the tool of that name where it is
 * declared, else the request's one tool that fetches a URL. A URL never becomes part of a command.
 */
export const exploreAgent: TextFormat = {
  name: 'explore-agent',
  evidence: 'tag',
  opens: [`${OPEN}>`, `${OPEN} `, `${OPEN}/>`],
  *read(cursor, { table, signal }) {
    yield* cursor.literal(OPEN);
    const head = yield* cursor.until(['>'], 200);
    const until = head && !head.body.endsWith('/') ? yield* cursor.until([CLOSE]) : undefined;
    const body = until?.body.trim() ?? '';
    const declared = table.find('explore_agent');
    if (until && declared) {
      const args = asRecord(parseLenient(body)?.value);
      return args && { calls: [{ name: 'explore_agent', args: { form: 'json', value: args } }] };
    }
    const [url] = urlsIn(body);
    const fetcher = table.fetcher();
    if (until && url !== undefined && fetcher) {
      const args = { form: 'json' as const, value: { [fetcher.property]: url } };
      return { calls: [{ name: fetcher.tool.name, args }] };
    }
    signal({ fault: 'C1', detail: url === undefined ? 'no URL inside' : 'no tool that fetches it' });
    return undefined;
  },
};
