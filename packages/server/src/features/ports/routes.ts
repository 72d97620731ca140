import {
  ActionRun,
  PinnedProcess,
  PortCheck,
  PortConflict,
  PortEnv,
  PortEnvironment,
  PortHealing,
  PortListener,
  PortName,
  PortRegistration,
  PortReservation,
  PortService,
  PortsReport,
} from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Ports } from './service.ts';

const base = '/api/v1/ports';
const reading = { method: 'GET', tag: 'ports', scope: 'read', audit: 'none', tier: 'standard' } as const;
const acting = { method: 'POST', tag: 'ports', scope: 'operate', tier: 'standard' } as const;
const PortText = z.coerce.number().int().min(1).max(65_535);
const Name = z.object({ name: z.string().min(1).max(64) });
const Ending = z
  .strictObject({
    processes: z
      .array(PinnedProcess)
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'Those that were seen; without them the run waits for an approval.' }),
    reason: z.string().trim().min(1).max(500).default('asked by a person'),
  })
  .prefault({});
const endFaults = ['port_not_held', 'action_refused', 'action_busy'];
const device = ({ identity }: { identity: { deviceId: string } }) => `device:${identity.deviceId}`;

/** Named ports over HTTP, with the names of routes that the earlier server had. */
export function portRoutes(ports: Ports): Route[] {
  const report = (path: string, operationId: string): Route =>
    defineRoute({
      ...reading,
      path,
      operationId,
      summary: 'Named ports and services, conflicts, and the order to start and stop in',
      success: PortsReport,
      faults: [],
      handle: () => ports.report(),
    });
  const env = (path: string, operationId: string): Route =>
    defineRoute({
      ...reading,
      path,
      operationId,
      summary: 'A script that exports every named port',
      query: z.object({ environment: PortEnvironment.optional() }),
      success: PortEnv,
      faults: [],
      handle: ({ query }) => ports.env(query.environment),
    });
  return [
    report(`${base}/status`, 'portStatus'),
    report(`${base}/report`, 'portReport'),
    env(`${base}/env`, 'portEnv'),
    env(`${base}/env-script`, 'portEnvScript'),
    defineRoute({
      ...reading,
      path: `${base}/services`,
      operationId: 'listPortServices',
      summary: 'Named ports and services with who is on them',
      success: z.object({ services: z.array(PortService) }),
      faults: [],
      handle: async () => ({ services: (await ports.report()).services }),
    }),
    defineRoute({
      ...reading,
      path: `${base}/services/:name`,
      operationId: 'getPortService',
      summary: 'One named port',
      params: Name,
      success: PortService,
      faults: ['unknown_port_name'],
      handle: ({ params }) => ports.named(params.name),
    }),
    defineRoute({
      ...reading,
      path: `${base}/conflicts`,
      operationId: 'listPortConflicts',
      summary: 'Named ports on which somebody else listens',
      success: z.object({ conflicts: z.array(PortConflict) }),
      faults: [],
      handle: async () => ({ conflicts: (await ports.report()).conflicts }),
    }),
    defineRoute({
      ...reading,
      path: `${base}/listeners`,
      operationId: 'listPortListeners',
      summary: 'Every port on which something listens, with its processes; clients are never among them',
      success: z.object({ listeners: z.array(PortListener) }),
      faults: ['listeners_unknown'],
      handle: async () => ({ listeners: await ports.listeners() }),
    }),
    defineRoute({
      ...reading,
      path: `${base}/available`,
      operationId: 'availablePorts',
      summary: 'The first ports that nobody listens on and that are promised to nobody',
      query: z.object({
        from: PortText.default(9000),
        count: z.coerce.number().int().min(1).max(100).default(1),
      }),
      success: z.object({ port: z.number(), ports: z.array(z.number()) }),
      faults: ['no_free_port'],
      handle: ({ query }) => ports.available(query.from, query.count),
    }),
    defineRoute({
      ...reading,
      path: `${base}/check`,
      operationId: 'checkPort',
      summary: 'Whether something may be started on a port now: for launchers, before they start',
      query: z
        .object({ port: PortText.optional(), name: z.string().min(1).max(64).optional() })
        .refine(({ port, name }) => port !== undefined || name !== undefined, 'Say a port or a name'),
      success: PortCheck,
      faults: ['unknown_port_name', 'port_not_set'],
      handle: ({ query }) => ports.check(query),
    }),
    defineRoute({
      ...acting,
      path: `${base}/register`,
      operationId: 'registerPort',
      summary: 'Name a port',
      audit: 'port.register',
      body: PortRegistration,
      success: PortService,
      faults: ['port_reserved', 'port_name_taken', 'too_many_ports'],
      handle: (call) => {
        call.about(call.body.name, { port: call.body.port });
        return ports.register(call.body, device(call));
      },
    }),
    defineRoute({
      ...acting,
      path: `${base}/reserve`,
      operationId: 'reservePort',
      summary: 'A free port for an agent or a worktree, for a while; the same name again keeps it for longer',
      audit: 'port.reserve',
      body: PortReservation,
      success: PortService,
      faults: ['port_name_taken', 'port_reserved', 'too_many_ports', 'no_free_port'],
      handle: (call) => {
        call.about(call.body.name, { owner: call.body.owner });
        return ports.reserve(call.body, device(call));
      },
    }),
    defineRoute({
      ...acting,
      path: `${base}/reassign`,
      operationId: 'reassignPort',
      summary: 'Give a name another port: this one, or the next that is free',
      audit: 'port.reassign',
      body: z.strictObject({ name: PortName, port: z.int().min(1).max(65_535).optional() }),
      success: PortService,
      faults: ['unknown_port_name', 'port_in_use', 'port_reserved', 'no_free_port'],
      async handle(call) {
        const { name, port } = call.body;
        call.about(name);
        const before = (await ports.named(name)).port;
        const after = await ports.reassign(name, port, device(call));
        call.about(name, { changes: [{ path: name, before, after: after.port }] });
        return after;
      },
    }),
    defineRoute({
      ...acting,
      path: `${base}/unregister`,
      operationId: 'unregisterPort',
      summary: 'Forget a name; its port is free for others',
      audit: 'port.unregister',
      body: z.strictObject({ name: PortName }),
      success: z.object({ name: z.string() }),
      faults: ['unknown_port_name'],
      async handle(call) {
        call.about(call.body.name);
        await ports.unregister(call.body.name, device(call));
        return { name: call.body.name };
      },
    }),
    defineRoute({
      ...acting,
      path: `${base}/services/:name/kill`,
      operationId: 'killPortService',
      summary: 'End what listens on the port of a name, through the action runner',
      audit: 'port.kill',
      params: Name,
      body: Ending,
      success: ActionRun,
      successStatus: 202,
      faults: ['unknown_port_name', 'port_not_set', ...endFaults],
      handle: (call) =>
        ports.killNamed(call.params.name, device(call), call.body.reason, call.body.processes),
    }),
    defineRoute({
      ...acting,
      path: `${base}/ports/:port/kill`,
      operationId: 'killPort',
      summary:
        'End what listens on a port, through the action runner; what is only connected to it is left alone',
      audit: 'port.kill',
      params: z.object({ port: PortText }),
      body: Ending,
      success: ActionRun,
      successStatus: 202,
      faults: endFaults,
      handle: (call) => ports.kill(call.params.port, device(call), call.body.reason, call.body.processes),
    }),
    defineRoute({
      ...acting,
      path: `${base}/heal`,
      operationId: 'healPorts',
      summary: 'End what earlier instances of our own services left on their ports; the rest is told',
      audit: 'port.heal',
      tier: 'heavy',
      timeoutMs: 90_000,
      success: PortHealing,
      faults: [],
      handle: (call) => ports.heal(device(call)),
    }),
  ];
}
