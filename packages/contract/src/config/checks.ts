import { z } from 'zod';
import { HeartbeatCheck, JsonFileCheck, LogCheck, SqlCheck } from './checks/data.ts';
import { ContainerCheck, ProcessCheck, ResourceCheck, ScriptCheck, SystemdCheck } from './checks/machine.ts';
import { PluginCheck } from './checks/plugin.ts';
import { AgentCheck, DnsCheck, HttpCheck, PingCheck, TcpCheck, TlsCheck } from './checks/network.ts';

export { JsonPredicate } from './checks/predicate.ts';

/** One way in which a service is looked at. */
export const CheckConfig = z.discriminatedUnion('type', [
  HttpCheck,
  TcpCheck,
  PingCheck,
  DnsCheck,
  TlsCheck,
  ProcessCheck,
  ResourceCheck,
  LogCheck,
  JsonFileCheck,
  HeartbeatCheck,
  ContainerCheck,
  SystemdCheck,
  SqlCheck,
  ScriptCheck,
  AgentCheck,
  PluginCheck,
]);
export type CheckConfig = z.output<typeof CheckConfig>;
