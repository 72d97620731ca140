import { z } from 'zod';
import { fault, FaultError, type Fault } from '../../../kernel/fault.ts';
import type { Egress } from '../../../platform/egress/index.ts';
import type { Block } from './core/block.ts';
import type { Unit } from './core/plan-push.ts';
import { fromWire, isKnown, toWire, WireBlock } from './core/wire.ts';

const tries = 5;
const mostBlocks = 5000;
const deepest = 8;
/** Children that one request may bring. */
const mostChildren = 100;
const apiVersion = '2022-06-28';

const Page = z.object({ last_edited_time: z.string(), archived: z.boolean().default(false) });
const Children = z.object({
  results: z.array(WireBlock),
  has_more: z.boolean(),
  next_cursor: z.string().nullish(),
});

export interface NotionClientDeps {
  egress: Egress;
  apiUrl(): string;
  /** Throws where there is none. */
  token(): string;
  /** https://developers.notion.com/reference/request-limits: three on average. */
  perSecond(): number;
  monotonic(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

type Known = Exclude<Block, { type: 'foreign' }>;
type Method = 'GET' | 'PATCH' | 'DELETE';

const failedWith = (code: string, message: string, more: Partial<Fault> = {}) =>
  new FaultError(fault('upstream', code, message, more));

/** Notion's API: paced, patient, never twice what must not be done twice. */
export interface NotionClient {
  /** When the page was changed last. Raises `notion_page_gone`, `notion_refused`, `notion_unreachable`. */
  edited(page: string, signal: AbortSignal): Promise<string>;
  read(page: string, signal: AbortSignal): Promise<Unit[]>;
  /** Puts blocks below a page or block, behind one of its blocks. @returns the id of the last one */
  append(
    parent: string,
    blocks: readonly Known[],
    after: string | null,
    signal: AbortSignal,
  ): Promise<string | null>;
  remove(block: string, signal: AbortSignal): Promise<void>;
}

export function createNotionClient(deps: NotionClientDeps): NotionClient {
  const { egress, apiUrl, token, perSecond, monotonic, sleep } = deps;
  let nextAt = 0;

  async function pace(signal: AbortSignal): Promise<void> {
    const now = monotonic();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / perSecond();
    if (at > now) await sleep(at - now, signal);
  }

  async function call(method: Method, path: string, signal: AbortSignal, body?: object): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      await pace(signal);
      const answer = await egress.fetch({
        url: `${apiUrl().replace(/\/+$/, '')}/v1${path}`,
        reach: 'configured',
        method,
        redirects: 0,
        headers: {
          authorization: `Bearer ${token()}`,
          'notion-version': apiVersion,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal,
      });
      const retriable = answer.ok
        ? answer.value.status === 429 || (answer.value.status >= 500 && method !== 'PATCH')
        : method !== 'PATCH' && answer.fault.retryable;
      if (retriable && attempt < tries && !signal.aborted) {
        const said = answer.ok ? Number(answer.value.headers['retry-after']) : Number.NaN;
        const waitMs = Number.isFinite(said) ? Math.min(said, 120) * 1000 : 500 * 2 ** attempt;
        nextAt = Math.max(nextAt, monotonic() + waitMs);
        continue;
      }
      if (!answer.ok)
        throw failedWith('notion_unreachable', `Notion: ${answer.fault.message}`, { retryable: true });
      const { status, body: bytes } = answer.value;
      let json: unknown;
      try {
        json = JSON.parse(bytes.toString('utf8'));
      } catch {
        throw failedWith('notion_bad_answer', `Notion answered ${status} without JSON.`);
      }
      if (status >= 200 && status < 300) return json;
      const { code = '', message = '' } = (json ?? {}) as { code?: string; message?: string };
      if (status === 404)
        throw failedWith(
          'notion_page_gone',
          'Notion knows no such page, or it is not shared with the integration.',
        );
      if (status === 401) throw failedWith('notion_token_refused', 'Notion refuses the token.');
      throw failedWith(
        'notion_refused',
        `Notion answered ${status} ${code.slice(0, 60)}: ${message.slice(0, 300)}`,
      );
    }
  }

  const understood = <S extends z.ZodType>(schema: S, answer: unknown): z.output<S> => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw failedWith('notion_bad_answer', 'Notion answered in words that are not its own.');
  };

  async function children(
    id: string,
    signal: AbortSignal,
    left: { blocks: number },
    depth: number,
  ): Promise<Unit[]> {
    const units: Unit[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? '' : `&start_cursor=${encodeURIComponent(cursor)}`;
      const page = understood(
        Children,
        // oxlint-disable-next-line no-await-in-loop -- each page names the next
        await call('GET', `/blocks/${encodeURIComponent(id)}/children?page_size=100${from}`, signal),
      );
      for (const wire of page.results) {
        left.blocks -= 1;
        if (left.blocks < 0 || depth > deepest)
          throw failedWith(
            'notion_page_too_large',
            `The page has more than ${mostBlocks} blocks, or is nested too deep.`,
          );
        const below =
          wire.has_children && isKnown(wire.type)
            ? // oxlint-disable-next-line no-await-in-loop -- paced anyway
              (await children(wire.id, signal, left, depth + 1)).map(({ block }) => block)
            : [];
        units.push({ id: wire.id, block: fromWire(wire, below) });
      }
      cursor = page.has_more ? (page.next_cursor ?? null) : null;
    } while (cursor !== null);
    return units;
  }

  async function append(
    parent: string,
    blocks: readonly Known[],
    after: string | null,
    signal: AbortSignal,
  ): Promise<string | null> {
    let last = after;
    for (let from = 0; from < blocks.length; from += mostChildren) {
      const some = blocks.slice(from, from + mostChildren);
      const wires = some.map((block) => {
        const wire = toWire(block);
        if (!wire)
          throw failedWith('notion_text_too_long', 'A paragraph of the file is too long for Notion.');
        return wire;
      });
      const answer = understood(
        Children,
        // oxlint-disable-next-line no-await-in-loop -- each stands behind the one before
        await call('PATCH', `/blocks/${encodeURIComponent(parent)}/children`, signal, {
          children: wires,
          ...(last === null ? {} : { after: last }),
        }),
      );
      const made = answer.results.slice(0, some.length);
      for (const [at, block] of some.entries()) {
        const below = block.children.filter((child): child is Known => child.type !== 'foreign');
        const id = made[at]?.id;
        // oxlint-disable-next-line no-await-in-loop -- paced anyway
        if (below.length > 0 && id !== undefined) await append(id, below, null, signal);
      }
      last = made.at(-1)?.id ?? last;
    }
    return last;
  }

  return {
    async edited(page, signal) {
      const found = understood(Page, await call('GET', `/pages/${encodeURIComponent(page)}`, signal));
      if (found.archived) throw failedWith('notion_page_gone', 'The page lies in Notion’s trash.');
      return found.last_edited_time;
    },
    read: (page, signal) => children(page, signal, { blocks: mostBlocks }, 0),
    append,
    async remove(block, signal) {
      await call('DELETE', `/blocks/${encodeURIComponent(block)}`, signal);
    },
  };
}
