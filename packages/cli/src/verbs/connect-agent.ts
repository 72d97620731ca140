import type { Scope } from '@vigiles/contract';
import { connect as connectApi } from '../client/api.ts';
import {
  gatewayUrl,
  namedModels,
  newGatewayDevice,
  offeredModels,
  speaksOfSessions,
} from '../codex/gateway.ts';
import { readAgentRecord, writeAgentRecord } from '../connect/agent-record.ts';
import type { Agent, AgentConnection } from '../connect/agent.ts';
import {
  connectedText,
  placesOf,
  readFiles,
  understood,
  writeConnected,
} from '../connect/settings-on-disk.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { note, say } from '../output/print.ts';

export interface ConnectAgentOptions {
  home?: string;
  /** Home folder of the agent's settings; the person's own where absent. */
  userHome?: string;
  model?: string;
  /** Shows what would be written, with a token that does not work, and changes nothing. */
  print?: boolean;
  /** Whether it gets hooks, where it can have them. */
  hooks?: boolean;
  /** Whether its model traffic goes through the gateway. */
  gateway?: boolean;
}

/**
 * `vigiles connect <agent>`: points an agent at the gateway with a token of its own. Done twice it changes nothing;
 * a token that does not work any more is replaced and its device revoked.
 */
export async function connectAgentVerb(agent: Agent, options: ConnectAgentOptions): Promise<void> {
  const home = homeOf(options.home);
  const api = connectApi(home);
  const throughGateway = options.gateway !== false;
  const hooked = agent.hooks === true && options.hooks !== false;
  if (!throughGateway && !hooked)
    throw new CliError('Without hooks and without the gateway there is nothing to connect.', exitCode.usage);
  const control = new URL(api.url).origin;
  const baseUrl = throughGateway ? await gatewayUrl(api) : new URL('/v1', control).toString();
  const { origin } = new URL(baseUrl);
  const ways = {
    ...(hooked ? { hooks: control } : {}),
    ...(throughGateway ? {} : { withoutGateway: true as const }),
  };
  const files = readFiles(agent, placesOf(options.userHome));
  const record = readAgentRecord(home, agent.id);
  const named = options.print && throughGateway ? await namedModels(api) : [];
  const draft: AgentConnection = {
    origin,
    baseUrl,
    token: 'vgl_…',
    model: options.model ?? record?.model ?? named[0],
    models: named,
    ...ways,
  };
  // Every file is understood first, so that no device is made for one that will be refused.
  const drafted = files.map((disk) => connectedText(disk, draft));

  if (options.print) {
    for (const [i, { path }] of files.entries()) say(`# ${path}\n${drafted[i]?.trimEnd() ?? ''}\n`);
    note('Nothing was written. Without --print this goes there, with a token of its own.');
    return;
  }

  const recordOf = (path: string) => record?.files.find((one) => one.path === path);
  const present = files
    .map(({ file, path, text }) => understood(path, () => file.connectedAs(text ?? '')))
    .find((found) => found !== null);
  const known = present && [origin, baseUrl, control].includes(present.address);
  const offered = (token: string) => (throughGateway ? offeredModels(baseUrl, token) : Promise.resolve([]));
  const offeredBefore = known ? await offered(present.token) : null;
  const speaks = !hooked || (present ? await speaksOfSessions(control, present.token) : false);
  const kept = present && offeredBefore !== null && speaks ? present.token : null;
  const scopes: Scope[] = [
    ...(throughGateway ? (['gateway'] as const) : []),
    ...(hooked ? (['sessions:produce'] as const) : []),
  ];
  const issued = kept === null ? await newGatewayDevice(api, agent.id, scopes) : null;
  const token = issued?.token ?? kept ?? '';
  const models = (kept === null ? await offered(token) : offeredBefore) ?? [];
  const connection: AgentConnection = {
    origin,
    baseUrl,
    token,
    model: options.model ?? record?.model ?? models[0],
    models,
    ...ways,
  };
  const after = files.map((disk) => connectedText(disk, connection));
  if (record && !issued && files.every(({ text }, i) => text === after[i])) {
    return say(`${agent.name} is connected already: ${files.map(({ path }) => path).join(', ')}`);
  }

  const written = files.map((disk, i) => writeConnected(disk, after[i] ?? '', recordOf(disk.path)));
  if (issued && record)
    await api
      .send('DELETE', `/api/v1/devices/${encodeURIComponent(record.device_id)}`)
      .catch(() => undefined);
  writeAgentRecord(home, agent.id, {
    device_id: issued?.device.id ?? record?.device_id ?? '',
    origin,
    base_url: baseUrl,
    model: connection.model ?? null,
    files: written,
  });

  say(
    `${agent.name} ${throughGateway ? 'now works through' : 'is now seen by'} Vigiles: ${files.map(({ path }) => path).join(', ')}`,
  );
  for (const { path, backupPath, text } of files)
    if (text !== null && !recordOf(path)) say(`The file as it was: ${backupPath}`);
  say(`Undo it with: vigiles disconnect ${agent.id}`);
  for (const text of agent.notes(after)) note(text);
}
