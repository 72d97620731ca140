import { realpath } from 'node:fs/promises';
import {
  bridgeMethods,
  bridgeProtocol,
  type BridgeMethod,
  type BridgeParams,
  type Incident,
  type Identity,
  type Session,
} from '@vigiles/contract';
import type { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';
import { checkScript } from './check/check-script.ts';
import { readContained } from './read-contained.ts';
import { readTree } from './read-tree.ts';

/** Asks one of control's own routes: the same validation, rights and audit as over HTTP. Raises its faults. */
export type CallControl = (
  operationId: string,
  input: {
    params?: Readonly<Record<string, string>>;
    query?: Readonly<Record<string, unknown>>;
    body?: unknown;
    identity: Identity;
    signal: AbortSignal;
  },
) => Promise<unknown>;

export interface MethodDeps {
  version: string;
  call: CallControl;
  /** Folders whose files may be read. */
  roots(): readonly string[];
  newId(prefix: string): string;
}

type Parsed<M extends BridgeMethod> = z.output<(typeof bridgeMethods)[M]['params']>;
type Handlers = { [M in BridgeMethod]: (params: Parsed<M>, signal: AbortSignal) => Promise<unknown> };

/** As which editors act: the user whose home folder it is, at nothing but the methods above. */
const editor: Identity = { kind: 'device', deviceId: 'vscode', name: 'VS Code', scopes: ['admin'] };

/** The command allow-list: what each of the editors' methods does. */
export interface Methods {
  /** Raises `command_not_allowed` for all that is not on the list, `invalid_params`, and the faults of what it does. */
  run(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
}

export function createMethods({ version, call, roots, newId }: MethodDeps): Methods {
  /** As written, and as the disk has them: links inside may name either. */
  async function places(): Promise<string[]> {
    const real = await Promise.all(roots().map((root) => realpath(root).catch(() => root)));
    return [...new Set([...roots(), ...real])];
  }
  const ask =
    (operationId: string, signal: AbortSignal) =>
    (input: Omit<Parameters<CallControl>[1], 'identity' | 'signal'> = {}) =>
      call(operationId, { ...input, identity: editor, signal });

  const handlers: Handlers = {
    hello: async () => ({
      server: 'vigiles',
      version,
      protocol: bridgeProtocol,
      methods: Object.keys(bridgeMethods),
    }),
    'status.read': (_, signal) => ask('getStatus', signal)(),
    'sessions.list': async ({ limit }, signal) => {
      const { sessions } = (await ask('listSessions', signal)({ query: { limit } })) as {
        sessions: Session[];
      };
      return { sessions };
    },
    'session.read': (params, signal) => ask('getSession', signal)({ params }),
    'session.command': ({ session_id, ...body }, signal) =>
      ask(
        'commandSession',
        signal,
      )({
        params: { session_id },
        body: { ...body, command_id: body.command_id ?? newId('cmd') },
      }),
    'incidents.list': async ({ limit }, signal) => {
      const query = { state: 'open', limit };
      const { incidents } = (await ask('listIncidents', signal)({ query })) as { incidents: Incident[] };
      return { incidents };
    },
    'incident.acknowledge': (params, signal) => ask('acknowledgeIncident', signal)({ params }),
    'decisions.list': (_, signal) => ask('listDecisions', signal)({ query: { state: 'pending' } }),
    'decision.answer': ({ choice, ...params }, signal) =>
      ask('answerDecision', signal)({ params, body: { choice, note: 'answered in the editor' } }),
    'agents.list': (_, signal) => ask('listAgents', signal)(),
    'agent.run': (params, signal) => ask('runAgent', signal)({ body: { ...params, approvals: 'ask' } }),
    'files.read': async ({ path }) => readContained(path, await places()),
    'knowledge.tree': () => readTree(roots()),
    'script.check': ({ code, language }) => checkScript(code, language),
  };

  return {
    async run(method, params, signal) {
      if (!Object.hasOwn(bridgeMethods, method))
        raise(
          fault(
            'forbidden',
            'command_not_allowed',
            `“${method.slice(0, 100)}” is not on the list of commands.`,
            {
              details: { allowed: Object.keys(bridgeMethods) },
            },
          ),
        );
      const known = method as BridgeMethod;
      const parsed = bridgeMethods[known].params.safeParse(params);
      if (!parsed.success) {
        const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
        const [first] = problems;
        raise(
          fault(
            'invalid',
            'invalid_params',
            `${known}: ${first?.path ?? ''}: ${first?.message ?? 'not valid'}`,
            {
              details: { problems },
            },
          ),
        );
      }
      const handle = handlers[known] as (
        given: BridgeParams<BridgeMethod>,
        signal: AbortSignal,
      ) => Promise<unknown>;
      return handle(parsed.data, signal);
    },
  };
}
