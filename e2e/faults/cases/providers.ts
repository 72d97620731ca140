import type { FaultCase } from '../fault-case.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuse, say } from '../sick-provider.ts';
import { teachNoTemperature, warm } from '../teach.ts';

const serverError = refuse(500, { message: 'The server had an error', type: 'server_error' });

/** A6, A7 and B: providers that cannot be reached or fail, each in a way of its own. */
export const providerCases: readonly FaultCase[] = [
  {
    fault: 'A6',
    how: 'a provider whose certificate nobody signed',
    target: 'provider:a6',
    action: 'alert_user',
    ends: 'told',
    happen: ({ turns }) => turns('a6', 3),
  },
  {
    fault: 'A7',
    how: 'a provider whose name does not resolve',
    target: 'provider:a7',
    action: 'retry_with_backoff',
    further: ['alert_user'],
    ends: 'told',
    happen: ({ turns }) => turns('a7', 3),
  },
  {
    fault: 'B1',
    how: 'HTTP 429 with Retry-After: 5, and once more after that',
    target: 'provider:b1',
    action: 'wait_retry_after',
    ends: 'fixed',
    async happen({ sick, turns }) {
      const limit = { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' };
      sick.falls('b1', refuse(429, limit, { 'retry-after': '5' }));
      await turns('b1', 1);
      // Nobody asks before the time that it named is over.
      await sleep(5200);
      await turns('b1', 1);
      sick.recovers('b1');
    },
  },
  {
    fault: 'B2',
    how: 'HTTP 500, then well again',
    target: 'provider:b2',
    action: 'retry_with_backoff',
    further: ['switch_provider'],
    ends: 'fixed',
    async happen({ sick, turns }) {
      sick.falls('b2', serverError);
      await turns('b2', 3);
      sick.recovers('b2');
    },
  },
  {
    fault: 'B3',
    how: 'HTTP 401 invalid_api_key',
    target: 'provider:b3',
    action: 'alert_user',
    ends: 'told',
    async happen({ sick, turns }) {
      const error = {
        message: 'Incorrect API key',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      };
      sick.falls('b3', refuse(401, error));
      await turns('b3', 1);
    },
  },
  {
    fault: 'B4',
    how: 'HTTP 403 upgrade_required',
    target: 'provider:b4',
    action: 'switch_provider',
    also: ['alert_user'],
    ends: 'fixed',
    async happen({ sick, turns }) {
      sick.falls(
        'b4',
        refuse(403, { message: 'upgrade_required: update your client', code: 'upgrade_required' }),
      );
      await turns('b4', 1);
    },
  },
  {
    fault: 'B5',
    how: 'a provider that says nothing',
    target: 'provider:b5',
    action: 'increase_timeout',
    further: ['switch_provider'],
    ends: 'fixed',
    withinS: 60,
    async happen({ sick, turns, keepAsking }) {
      sick.falls('b5', () => undefined);
      await turns('b5', 3);
      sick.recovers('b5');
      return { mend: keepAsking('b5') };
    },
  },
  {
    fault: 'B6',
    how: 'the connection is reset in the middle of a stream',
    target: 'provider:b6',
    action: 'retry_with_backoff',
    further: ['switch_provider'],
    ends: 'fixed',
    async happen({ sick, turns }) {
      sick.falls('b6', (_seen, res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write(
          'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n',
        );
        setTimeout(() => res.socket?.resetAndDestroy(), 50);
      });
      await turns('b6', 3, { stream: true });
      sick.recovers('b6');
    },
  },
  {
    fault: 'B7',
    how: 'the client leaves in the middle of its stream',
    target: 'provider:b7',
    action: 'ignore',
    ends: 'noted',
    async happen({ sick, leave }) {
      sick.falls('b7', (_seen, res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        const more = setInterval(
          () =>
            res.write(
              'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"on "}}]}\n\n',
            ),
          20,
        );
        res.on('close', () => clearInterval(more));
      });
      for (let turn = 0; turn < 22; turn += 1) await leave('b7');
      sick.recovers('b7');
    },
  },
  {
    fault: 'B8',
    how: 'HTTP 400 because of what an earlier refusal taught',
    target: 'provider:b8',
    action: 'clear_schema_cache',
    ends: 'fixed',
    async happen(world) {
      await teachNoTemperature(world, 'b8');
      const error = {
        message: 'The request is not valid for this deployment',
        type: 'invalid_request_error',
      };
      world.sick.falls('b8', (seen, res) =>
        (seen.json?.['temperature'] === undefined ? refuse(400, error) : say('All is well.'))(seen, res),
      );
      return { mend: world.keepAsking('b8', warm) };
    },
  },
  {
    fault: 'B9',
    how: 'HTTP 503 overloaded, again and again',
    target: 'provider:b9',
    action: 'switch_provider',
    ends: 'fixed',
    async happen({ sick, turns }) {
      sick.falls('b9', refuse(503, { message: 'The engine is currently overloaded', type: 'overloaded' }));
      await turns('b9', 4);
      return { mend: () => sick.recovers('b9') };
    },
  },
  {
    fault: 'B10',
    how: 'HTTP 403 with error 1010 of Cloudflare',
    target: 'provider:b10',
    action: 'switch_provider',
    also: ['alert_user'],
    ends: 'fixed',
    async happen({ sick, turns }) {
      sick.falls('b10', (_seen, res) => {
        res.writeHead(403, { 'content-type': 'text/html', server: 'cloudflare' });
        res.end('<!doctype html><title>Access denied</title><body>error code: 1010</body>');
      });
      await turns('b10', 1);
    },
  },
];
