import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCase } from '../fault-case.ts';
import { refuse, say } from '../sick-provider.ts';

/** A: the gateway and other services, their processes, ports and memory. */
export const serviceCases: readonly FaultCase[] = [
  {
    fault: 'A1',
    how: 'kill -9 of the gateway',
    target: 'gateway',
    action: 'restart_service',
    ends: 'fixed',
    async happen({ service }) {
      process.kill((await service('gateway')).pid ?? 0, 'SIGKILL');
    },
  },
  {
    fault: 'A2',
    how: 'an orphaned grandchild keeps the port of a killed service',
    target: 'toy-port',
    action: 'kill_stale_processes',
    then: ['restart_service'],
    ends: 'fixed',
    async happen({ service, toy }) {
      await toy('toy-port', '/orphan');
      process.kill((await service('toy-port')).pid ?? 0, 'SIGKILL');
    },
  },
  {
    fault: 'A3',
    how: 'a service takes 1.1 GB and keeps it',
    target: 'toy-leak',
    action: 'restart_service',
    ends: 'fixed',
    withinS: 60,
    happen: ({ toy }) => toy('toy-leak', '/leak?mb=1100'),
  },
  {
    fault: 'A4',
    how: 'SIGSTOP of a service: alive, port bound, no answer',
    target: 'toy-hang',
    action: 'restart_service',
    ends: 'fixed',
    withinS: 60,
    async happen({ service }) {
      process.kill((await service('toy-hang')).pid ?? 0, 'SIGSTOP');
    },
  },
  {
    fault: 'A5',
    how: 'a service ends with exit code 3',
    target: 'toy-crash',
    action: 'restart_service',
    ends: 'fixed',
    happen: ({ toy }) => toy('toy-crash', '/exit?code=3').catch(() => undefined),
  },
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
    then: ['alert_user'],
    ends: 'told',
    happen: ({ turns }) => turns('a7', 3),
  },
];

const serverError = refuse(500, { message: 'The server had an error', type: 'server_error' });

/** B: providers that fail, each in a way of its own. */
export const providerCases: readonly FaultCase[] = [
  {
    fault: 'B1',
    how: 'HTTP 429 with Retry-After: 5',
    target: 'provider:b1',
    action: 'wait_retry_after',
    ends: 'fixed',
    async happen({ sick, turns }) {
      const limit = { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' };
      sick.falls('b1', refuse(429, limit, { 'retry-after': '5' }));
      await turns('b1', 2);
      sick.recovers('b1');
    },
  },
  {
    fault: 'B2',
    how: 'HTTP 500, then well again',
    target: 'provider:b2',
    action: 'retry_with_backoff',
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
    action: 'alert_user',
    ends: 'told',
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
    then: ['retry_with_backoff'],
    ends: 'fixed',
    withinS: 60,
    async happen({ sick, turns }) {
      sick.falls('b5', () => undefined);
      await turns('b5', 3);
      sick.recovers('b5');
    },
  },
  {
    fault: 'B6',
    how: 'the connection is reset in the middle of a stream',
    target: 'provider:b6',
    action: 'retry_with_backoff',
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
      for (let turn = 0; turn < 5; turn += 1) await leave('b7');
      sick.recovers('b7');
    },
  },
  {
    fault: 'B8',
    how: 'HTTP 400: content expected string',
    target: 'provider:b8',
    action: 'clear_schema_cache',
    then: ['alert_user'],
    ends: 'fixed',
    async happen({ sick, turns }) {
      const error = {
        message: "Invalid type for 'messages[0].content': expected string, got array",
        type: 'invalid_request_error',
      };
      sick.falls('b8', refuse(400, error));
      await turns('b8', 3);
      sick.recovers('b8');
    },
  },
  {
    fault: 'B9',
    how: 'HTTP 503 overloaded, again and again',
    target: 'provider:b9',
    action: 'switch_provider',
    then: ['retry_with_backoff', 'alert_user'],
    ends: 'fixed',
    async happen({ sick, turns }) {
      sick.falls('b9', refuse(503, { message: 'The engine is currently overloaded', type: 'overloaded' }));
      await turns('b9', 4);
      return () => sick.recovers('b9');
    },
  },
  {
    fault: 'B10',
    how: 'HTTP 403 with error 1010 of Cloudflare',
    target: 'provider:b10',
    action: 'alert_user',
    ends: 'told',
    async happen({ sick, turns }) {
      sick.falls('b10', (_seen, res) => {
        res.writeHead(403, { 'content-type': 'text/html', server: 'cloudflare' });
        res.end('<!doctype html><title>Access denied</title><body>error code: 1010</body>');
      });
      await turns('b10', 1);
    },
  },
];

const written = (args: string) => `<tool_call>{"name": "bash", "arguments": ${args}}</tool_call>`;

/** What a weak model says, by the fault it is, and how often it has to. */
const garbled: readonly [fault: string, how: string, times: number, words: string][] = [
  ['C1', 'bare <explore_agent>', 3, '<explore_agent />'],
  ['C2', '<require_escalation> in the text', 5, '<require_escalation>please</require_escalation>'],
  ['C3', 'calls in a format nobody knows', 5, '<tool_call>gibberish</tool_call>'],
  ['C4', 'arguments wrapped twice', 5, written('{"command": "{\\"command\\": \\"ls\\"}"}')],
  ['C5', 'a command that is still JSON', 3, written(`{"command": "{/'cmd/': /'ls/'}"}`)],
  ['C6', 'an empty command', 3, written('{"command": ""}')],
  ['C7', 'a bare { at the end', 3, 'I will run it.\n{'],
  ['C8', '<bash> without a command', 3, '<bash>\nsandbox: read-only\n</bash>'],
  [
    'C9',
    'DSML with cmd for command',
    10,
    '<｜DSML｜invoke name="bash"><｜DSML｜parameter name="cmd" string="true">ls</｜DSML｜parameter></｜DSML｜invoke>',
  ],
];

/** C: models that garble their tool calls. */
export const modelCases: readonly FaultCase[] = [
  ...garbled.map(([fault, how, times, words]): FaultCase => {
    const name = fault.toLowerCase();
    return {
      fault,
      how: `${how}, ${times} times`,
      target: `model:weak/${name}`,
      action: 'suggest_switch_model',
      then: ['alert_user', 'clear_schema_cache'],
      ends: 'told',
      async happen({ sick, turns }) {
        sick.falls('weak', say(words));
        await turns('weak', times, { model: name, tools: true });
        sick.recovers('weak');
      },
    };
  }),
  {
    fault: 'C10',
    how: 'four calls in a row that nobody made',
    target: 'model:weak/c10',
    action: 'suggest_switch_model',
    then: ['alert_user'],
    ends: 'told',
    async happen({ sick, turns, workspace }) {
      sick.falls('weak', say(`I need to see it first. Let me read ${workspace}/a.ts`));
      await turns('weak', 5, { route: 'shy', tools: true, session: 'stuck' });
      sick.recovers('weak');
      await sleep(0);
    },
  },
];
