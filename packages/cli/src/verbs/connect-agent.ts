import { connect as connectApi } from '../client/api.ts';
import { gatewayUrl, newGatewayDevice, offeredModels } from '../codex/gateway.ts';
import { readAgentRecord, writeAgentRecord } from '../connect/agent-record.ts';
import type { Agent, AgentConnection } from '../connect/agent.ts';
import {
  connectedText,
  placesOf,
  readFiles,
  understood,
  writeConnected,
} from '../connect/settings-on-disk.ts';
import { homeOf } from '../home.ts';
import { note, say } from '../output/print.ts';

export interface ConnectAgentOptions {
  home?: string;
  /** Home folder of the agent's settings; the person's own where absent. */
  userHome?: string;
  model?: string;
  /** Shows what would be written, with a token that does not work, and changes nothing. */
  print?: boolean;
}

/**
 * `vigiles connect <agent>`: points an agent at the gateway with a token of its own. Done twice it changes nothing;
 * a token that does not work any more is replaced and its device revoked.
 */
export async function connectAgentVerb(agent: Agent, options: ConnectAgentOptions): Promise<void> {
  const home = homeOf(options.home);
  const api = connectApi(home);
  const baseUrl = await gatewayUrl(api);
  const { origin } = new URL(baseUrl);
  const files = readFiles(agent, placesOf(options.userHome));
  const draft: AgentConnection = {
    origin,
    baseUrl,
    token: 'vgl_…',
    model: options.model ?? 'scripted',
    models: [],
  };
  // Every file is understood first, so that no device is made for one that will be refused.
  const drafted = files.map((disk) => connectedText(disk, draft));

  if (options.print) {
    for (const [i, { path }] of files.entries()) say(`# ${path}\n${drafted[i]?.trimEnd() ?? ''}\n`);
    note('Nothing was written. Without --print this goes there, with a token of its own.');
    return;
  }

  const record = readAgentRecord(home, agent.id);
  const recordOf = (path: string) => record?.files.find((one) => one.path === path);
  const present = files
    .map(({ file, path, text }) => understood(path, () => file.connectedAs(text ?? '')))
    .find((found) => found !== null);
  const known = present && [origin, baseUrl].includes(present.address);
  const offeredBefore = known ? await offeredModels(baseUrl, present.token) : null;
  const kept = present && offeredBefore !== null ? present.token : null;
  const issued = kept === null ? await newGatewayDevice(api, agent.id) : null;
  const token = issued?.token ?? kept ?? '';
  const models = offeredBefore ?? (await offeredModels(baseUrl, token)) ?? [];
  const connection: AgentConnection = {
    origin,
    baseUrl,
    token,
    model: options.model ?? record?.model ?? models[0],
    models,
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

  say(`${agent.name} now works through Vigiles: ${files.map(({ path }) => path).join(', ')}`);
  for (const { path, backupPath, text } of files)
    if (text !== null && !recordOf(path)) say(`The file as it was: ${backupPath}`);
  say(`Undo it with: vigiles disconnect ${agent.id}`);
  for (const text of agent.notes(after)) note(text);
}
