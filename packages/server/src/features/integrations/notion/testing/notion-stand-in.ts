import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;
interface Stored {
  id: string;
  type: string;
  content: Json;
  children: string[];
  parent: string;
}

/** A Notion that keeps to the published rules: https://developers.notion.com/reference/request-limits */
export interface NotionStandIn {
  url: string;
  token: string;
  /** Every request that was served: `GET /v1/…`. */
  requests: string[];
  refused429: number;
  /** Makes a page with these blocks, each `{type, [type]: {…}, children?}`. */
  page(blocks: readonly Json[]): string;
  /** Appends a block as a person in Notion would. */
  type(page: string, text: string): void;
  /** Plain texts of a page's blocks, as a tree. */
  texts(page: string): unknown[];
  ids(page: string): string[];
  trash(page: string): void;
  /** The next so many requests are answered 429 whatever their pace. */
  busyFor(requests: number): void;
  close(): Promise<void>;
}

const known = new Set(
  'paragraph heading_1 heading_2 heading_3 bulleted_list_item numbered_list_item to_do toggle code quote callout divider'.split(
    ' ',
  ),
);
const textsOf = (content: Json): { text?: { content: string }; plain_text?: string }[] =>
  (content['rich_text'] as { text?: { content: string } }[] | undefined) ?? [];

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @param perSecond requests that are served on average; the real one serves three */
export async function startNotion(perSecond = 3): Promise<NotionStandIn> {
  const token = 'ntn_marked_secret';
  const blocks = new Map<string, Stored>();
  const pages = new Map<string, { edited: number; archived: boolean; children: string[] }>();
  const requests: string[] = [];
  const arrivals: number[] = [];
  let numbers = 0;
  let busy = 0;
  let refused429 = 0;

  const newId = (): string => {
    numbers += 1;
    const hex = numbers.toString(16).padStart(32, '0');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
  const bare = (id: string): string => id.replaceAll('-', '');
  const listOf = (id: string): string[] => {
    const found = pages.get(bare(id))?.children ?? blocks.get(bare(id))?.children;
    if (!found) throw new Refusal(404, 'object_not_found', 'Could not find block.');
    return found;
  };
  const pageOf = (id: string): string => {
    const block = blocks.get(bare(id));
    return block ? pageOf(block.parent) : bare(id);
  };
  const touch = (id: string): void => {
    const page = pages.get(pageOf(id));
    if (page) page.edited += 60_000;
  };

  function check(block: Json, depth: number): void {
    const type = String(block['type']);
    if (!known.has(type))
      throw new Refusal(400, 'validation_error', `body.children: ${type} is not supported`);
    const content = (block[type] ?? {}) as Json;
    const texts = textsOf(content);
    if (texts.length > 100) throw new Refusal(400, 'validation_error', 'rich_text.length should be ≤ 100');
    for (const { text } of texts)
      if ((text?.content.length ?? 0) > 2000)
        throw new Refusal(400, 'validation_error', 'text.content.length should be ≤ 2000');
    const below = (content['children'] ?? []) as Json[];
    if (below.length > 100 || (below.length > 0 && depth > 1))
      throw new Refusal(400, 'validation_error', 'children are too many or too deep');
    for (const child of below) check(child, depth + 1);
  }

  function keep(block: Json, parent: string): string {
    const type = String(block['type']);
    const { children = [], rich_text: _, ...rest } = (block[type] ?? {}) as Json & { children?: Json[] };
    const texts = textsOf((block[type] ?? {}) as Json).map((text) => {
      const link = (text.text as { link?: { url: string } | null } | undefined)?.link ?? null;
      return Object.assign({}, text, { plain_text: text.text?.content ?? '', href: link?.url ?? null });
    });
    const id = newId();
    const content = type === 'divider' ? {} : { ...rest, rich_text: texts };
    const stored: Stored = { id, type, content, children: [], parent: bare(parent) };
    blocks.set(bare(id), stored);
    stored.children = children.map((child) => bare(keep(child, id)));
    return id;
  }
  const told = ({ id, type, content, children }: Stored): Json => ({
    object: 'block',
    id,
    type,
    has_children: children.length > 0,
    archived: false,
    [type]: content,
  });

  function answer(method: string, url: URL, body: Json): Json {
    const [, , kind = '', id = '', part] = url.pathname.split('/');
    if (kind === 'pages' && method === 'GET') {
      const page = pages.get(bare(id));
      if (!page) throw new Refusal(404, 'object_not_found', 'Could not find page.');
      return {
        object: 'page',
        id,
        archived: page.archived,
        last_edited_time: new Date(page.edited).toISOString(),
      };
    }
    if (kind !== 'blocks') throw new Refusal(400, 'invalid_request_url', 'Invalid request URL.');
    if (method === 'GET' && part === 'children') {
      const size = Number(url.searchParams.get('page_size') ?? 100);
      if (size > 100) throw new Refusal(400, 'validation_error', 'page_size should be ≤ 100');
      const all = listOf(id);
      const cursor = url.searchParams.get('start_cursor');
      const from = cursor === null ? 0 : all.indexOf(bare(cursor));
      if (from < 0) throw new Refusal(400, 'validation_error', 'start_cursor is not valid');
      const results = all.slice(from, from + size).flatMap((one) => {
        const block = blocks.get(one);
        return block ? [told(block)] : [];
      });
      const next = all[from + size];
      return { object: 'list', results, has_more: next !== undefined, next_cursor: next ?? null };
    }
    if (method === 'PATCH' && part === 'children') {
      const children = (body['children'] ?? []) as Json[];
      if (children.length === 0 || children.length > 100)
        throw new Refusal(400, 'validation_error', 'body.children.length should be ≤ 100');
      for (const child of children) check(child, 0);
      const list = listOf(id);
      const after =
        body['after'] === undefined ? list.length - 1 : list.indexOf(bare(body['after'] as string));
      if (body['after'] !== undefined && after < 0)
        throw new Refusal(400, 'validation_error', 'after is not a child of this block');
      const made = children.map((child) => keep(child, id));
      list.splice(after + 1, 0, ...made.map(bare));
      touch(id);
      return {
        object: 'list',
        results: made.map((one) => told(blocks.get(bare(one)) as Stored)),
        has_more: false,
        next_cursor: null,
      };
    }
    if (method === 'DELETE' && part === undefined) {
      const block = blocks.get(bare(id));
      if (!block) throw new Refusal(404, 'object_not_found', 'Could not find block.');
      touch(id);
      const list = listOf(block.parent);
      list.splice(list.indexOf(bare(id)), 1);
      blocks.delete(bare(id));
      return told(block);
    }
    throw new Refusal(400, 'invalid_request_url', 'Invalid request URL.');
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: object, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    let text = '';
    for await (const part of request as AsyncIterable<Buffer>) text += part.toString('utf8');
    try {
      if (request.headers.authorization !== `Bearer ${token}`)
        throw new Refusal(401, 'unauthorized', 'API token is invalid.');
      if (!/^\d{4}-\d{2}-\d{2}$/.test(String(request.headers['notion-version'])))
        throw new Refusal(400, 'missing_version', 'Notion-Version header is missing.');
      // On average, measured over two seconds, with a small burst.
      const now = performance.now();
      while (arrivals.length > 0 && now - (arrivals[0] ?? 0) > 2000) arrivals.shift();
      if (busy > 0 || arrivals.length >= perSecond * 3) {
        busy = Math.max(0, busy - 1);
        refused429 += 1;
        return void send(
          429,
          { object: 'error', code: 'rate_limited', message: 'Rate limited.' },
          { 'retry-after': '1' },
        );
      }
      arrivals.push(now);
      const { method = '', url = '/' } = request;
      requests.push(`${method} ${url}`);
      send(200, answer(method, new URL(url, 'http://notion'), text === '' ? {} : (JSON.parse(text) as Json)));
    } catch (thrown) {
      const { status = 500, code = 'internal_server_error', message = '' } = thrown as Partial<Refusal>;
      send(status, { object: 'error', status, code, message });
    }
    return undefined;
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const tree = (ids: readonly string[]): unknown[] =>
    ids.map((id) => {
      const block = blocks.get(id);
      const words = block
        ? textsOf(block.content)
            .map((text) => text.plain_text ?? '')
            .join('')
        : '';
      return block && block.children.length > 0
        ? [words, tree(block.children)]
        : words || `(${block?.type ?? ''})`;
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    requests,
    get refused429() {
      return refused429;
    },
    page(made) {
      const id = bare(newId());
      const page = { edited: Date.parse('2026-01-01T00:00:00Z'), archived: false, children: [] as string[] };
      pages.set(id, page);
      page.children = made.map((block) => bare(keep(block, id)));
      return id;
    },
    type(page, words) {
      const block = {
        type: 'paragraph',
        paragraph: { rich_text: [{ type: 'text', text: { content: words } }] },
      };
      listOf(page).push(bare(keep(block, page)));
      touch(page);
    },
    texts: (page) => tree(listOf(page)),
    ids: (page) => [...listOf(page)],
    trash(page) {
      const found = pages.get(page);
      if (found) found.archived = true;
    },
    busyFor(count) {
      busy = count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
    },
  };
}
