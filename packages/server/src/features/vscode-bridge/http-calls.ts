import type { IncomingMessage } from 'node:http';
import { fault, raise } from '../../kernel/fault.ts';
import type { Methods } from './methods.ts';

const mostBody = 262_144;

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    return raise(fault('invalid', 'unsupported_media_type', 'The body must be sent as application/json.'));
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > mostBody)
      return raise(fault('invalid', 'body_too_large', `Bodies up to ${mostBody} bytes are read.`));
    parts.push(part);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return raise(fault('invalid', 'malformed_json', 'The body is not valid JSON.'));
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return raise(fault('invalid', 'invalid_request', 'The body must be a JSON object.'));
  return body as Record<string, unknown>;
}

type Answer = (request: IncomingMessage, url: URL, signal: AbortSignal) => Promise<unknown>;

const notRun: Answer = async () =>
  raise(
    fault(
      'forbidden',
      'command_not_allowed',
      'Vigiles runs no code that an editor sends; what it does stands at /execute/command.',
    ),
  );

/**
 * The paths of the earlier server's bridge for whoever still calls them, by method and path. What ran any code there is refused
 * here; commands are those of the list.
 */
export function httpCalls(methods: Methods, editors: () => number): Readonly<Record<string, Answer>> {
  return {
    'GET /health': async () => ({ status: 'healthy', service: 'vscode-bridge' }),
    'GET /status': async (_request, _url, signal) => ({
      status: 'running',
      connected_editors: editors(),
      ...((await methods.run('hello', { client: 'http', protocol: '1.0' }, signal)) as object),
    }),
    'GET /files/read': (_request, url, signal) =>
      methods.run('files.read', { path: url.searchParams.get('path') ?? '' }, signal),
    'GET /knowledge/tree': (_request, _url, signal) => methods.run('knowledge.tree', {}, signal),
    'POST /script/check': async (request, _url, signal) =>
      methods.run('script.check', await bodyOf(request), signal),
    'POST /execute/command': async (request, _url, signal) => {
      const { command, args } = await bodyOf(request);
      if (typeof command !== 'string')
        return raise(fault('invalid', 'invalid_request', 'command: a name of the list is needed'));
      return { success: true, command, result: await methods.run(command, args, signal) };
    },
    'POST /execute/script': notRun,
    'POST /execute/code': notRun,
  };
}
