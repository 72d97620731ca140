import { readAgentRecord, removeAgentRecord } from '../connect/agent-record.ts';
import type { Agent } from '../connect/agent.ts';
import { revoke } from '../connect/revoke.ts';
import { placesOf, putBack, readFiles, understood } from '../connect/settings-on-disk.ts';
import { CliError } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say } from '../output/print.ts';

/**
 * `vigiles disconnect <agent>`: files come back byte for byte when nobody touched them since; otherwise only our
 * values go. Needs no running Vigiles, except to revoke the device.
 */
export async function disconnectAgentVerb(
  agent: Agent,
  options: { home?: string; userHome?: string },
): Promise<void> {
  const home = homeOf(options.home);
  const record = readAgentRecord(home, agent.id);
  const files = readFiles(agent, placesOf(options.userHome));
  const present = files
    .map(({ file, path, text }) => understood(path, () => file.connectedAs(text ?? '')))
    .find((found) => found !== null);
  if (!record && !present)
    throw new CliError(`${agent.name} is not connected: nothing of ours in ${files[0]?.path}.`);

  const address = present?.address ?? '';
  const origin = record?.origin ?? address.replace(/\/v1$/, '');
  const connection = {
    origin,
    baseUrl: record?.base_url ?? `${origin}/v1`,
    token: present?.token ?? '',
    model: record?.model ?? undefined,
    models: [],
    // Ours go wherever they lead to.
    hooks: origin,
  };
  for (const disk of files) {
    const own = record?.files.find((one) => one.path === disk.path);
    // A file that was never ours, as with another --user-home, is left alone.
    if (own || !record) say(putBack(disk, own, connection));
  }
  if (record) await revoke(home, record.device_id);
  removeAgentRecord(home, agent.id);
}
