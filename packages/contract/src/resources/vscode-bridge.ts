import { z } from 'zod';
import { AgentRunRequest, StartableAgent } from './agent-run.ts';
import { Decision, DecisionAnswer } from './decision.ts';
import { Incident } from './incident.ts';
import { CommandResult } from './session-command.ts';
import { Session, SessionId } from './session.ts';
import { Status } from './status.ts';

/** Version of the words spoken here. Another first number: the editor's extension is too old or too new. */
export const bridgeProtocol = '1.0';

/** How an editor finds the bridge: `<home>/run/vscode-bridge.json`, which only its owner may read. */
export const BridgeDiscovery = z.object({
  /** `http://127.0.0.1:<port>` */
  url: z.url(),
  port: z.int().min(1).max(65_535),
  /** Made anew at every start. */
  token: z.string().min(32).max(256),
  pid: z.int(),
  /** UTC ms. */
  started_at: z.number(),
  protocol: z.string(),
});
export type BridgeDiscovery = z.infer<typeof BridgeDiscovery>;

export const ScriptLanguage = z.enum(['javascript', 'typescript', 'json', 'yaml']);
export type ScriptLanguage = z.infer<typeof ScriptLanguage>;

export const ScriptCheckRequest = z.strictObject({
  code: z.string().max(131_072),
  language: ScriptLanguage.default('typescript'),
});

export const ScriptCheck = z.object({
  valid: z.boolean(),
  errors: z.array(z.object({ line: z.number(), message: z.string() })),
});
export type ScriptCheck = z.infer<typeof ScriptCheck>;

/** A folder or file below one of `vscode.roots`. */
export interface TreeEntry {
  name: string;
  path: string;
  kind: 'folder' | 'file';
  children?: TreeEntry[] | undefined;
}
export const TreeEntry: z.ZodType<TreeEntry> = z.lazy(() =>
  z.object({
    name: z.string(),
    path: z.string(),
    kind: z.enum(['folder', 'file']),
    children: z.array(TreeEntry).optional(),
  }),
);

const nothing = z.strictObject({}).prefault({});

/** All an editor may ask for: nothing else is done, whatever it is called. */
export const bridgeMethods = {
  hello: {
    params: z.strictObject({ client: z.string().max(100), protocol: z.string().max(20) }),
    result: z.object({
      server: z.string(),
      version: z.string(),
      protocol: z.string(),
      methods: z.array(z.string()),
    }),
  },
  'status.read': { params: nothing, result: Status },
  'sessions.list': {
    params: z.strictObject({ limit: z.int().min(1).max(200).default(50) }).prefault({}),
    result: z.object({ sessions: z.array(Session) }),
  },
  'session.read': { params: z.strictObject({ session_id: SessionId }), result: Session },
  'session.command': {
    params: z.strictObject({
      session_id: SessionId,
      type: z.enum(['HALT', 'RESUME']),
      command_id: z.string().min(1).max(128).optional(),
    }),
    result: CommandResult,
  },
  'incidents.list': {
    params: z.strictObject({ limit: z.int().min(1).max(200).default(50) }).prefault({}),
    result: z.object({ incidents: z.array(Incident) }),
  },
  'incident.acknowledge': { params: z.strictObject({ id: z.string().min(1).max(128) }), result: Incident },
  'decisions.list': { params: nothing, result: z.object({ decisions: z.array(Decision) }) },
  'decision.answer': {
    params: z.strictObject({
      session_id: SessionId,
      decision_id: z.string().min(1).max(128),
      choice: DecisionAnswer.shape.choice,
    }),
    result: Decision,
  },
  'agents.list': { params: nothing, result: z.object({ agents: z.array(StartableAgent) }) },
  /** It always asks before it does what its sandbox forbids. */
  'agent.run': {
    params: AgentRunRequest.omit({ approvals: true, session_id: true }),
    result: Session,
  },
  'files.read': {
    params: z.strictObject({ path: z.string().min(1).max(4096) }),
    result: z.object({ path: z.string(), content: z.string() }),
  },
  'knowledge.tree': {
    params: nothing,
    result: z.object({ roots: z.array(TreeEntry), truncated: z.boolean() }),
  },
  'script.check': { params: ScriptCheckRequest, result: ScriptCheck },
} as const;
export type BridgeMethod = keyof typeof bridgeMethods;
export type BridgeParams<M extends BridgeMethod> = z.input<(typeof bridgeMethods)[M]['params']>;
export type BridgeResult<M extends BridgeMethod> = z.output<(typeof bridgeMethods)[M]['result']>;

/** JSON-RPC 2.0, one message a WebSocket frame, at `/rpc`; no batches. */
export const BridgeRequest = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.int(), z.string().max(64)]),
  method: z.string().max(100),
  params: z.unknown().optional(),
});

export const BridgeError = z.object({
  code: z.int(),
  message: z.string(),
  data: z
    .object({
      code: z.string(),
      retryable: z.boolean(),
      details: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});
export type BridgeError = z.infer<typeof BridgeError>;

/** What the editor hears: an answer, or an event that happened. */
export const BridgeMessage = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: z.union([z.int(), z.string(), z.null()]), result: z.unknown() }),
  z.object({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.int(), z.string(), z.null()]),
    error: BridgeError,
  }),
  z.object({
    jsonrpc: z.literal('2.0'),
    method: z.literal('event'),
    params: z.object({
      seq: z.number(),
      type: z.string(),
      ts: z.number(),
      subject: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  }),
]);
export type BridgeMessage = z.infer<typeof BridgeMessage>;

/** JSON-RPC's own numbers; `fault` is ours, its `data.code` says which. */
export const bridgeErrorCodes = {
  parse: -32_700,
  request: -32_600,
  method: -32_601,
  params: -32_602,
  fault: -32_000,
} as const;

/** Events that editors are told of as they happen. */
export const bridgeEvents = [
  'session.created',
  'session.halted',
  'session.resumed',
  'session.ended',
  'session.connection_changed',
  'session.deleted',
  'decision.opened',
  'decision.extended',
  'decision.resolved',
  'incident.opened',
  'incident.updated',
  'incident.closed',
  'notification.created',
  'budget.reached',
] as const;

/** How the bridge stands, for people; never with its token. */
export const BridgeState = z.object({
  enabled: z.boolean(),
  listening: z.boolean(),
  url: z.string().nullable(),
  discovery_file: z.string(),
  editors: z.array(z.object({ client: z.string(), connected_at: z.number() })),
  /** Why it does not listen; null where nothing is wrong. */
  problem: z.string().nullable(),
});
export type BridgeState = z.infer<typeof BridgeState>;
