import { connect as connectApi } from '../client/api.ts';
import { codexHome, readCodexFile, sha256, understood } from '../codex/config-file.ts';
import { readRecord, writeRecord } from '../codex/connection-record.ts';
import { choosesModel, connectCodex, connectionNotes, tokenIn } from '@vigiles/contract';
import { gatewayUrl, namedModels, newGatewayDevice, offeredModels } from '../codex/gateway.ts';
import { replaceFile } from '../files/replace-file.ts';
import { homeOf } from '../home.ts';
import { note, say } from '../output/print.ts';

export interface ConnectOptions {
  home?: string;
  codexHome?: string;
  model?: string;
  /** Shows what would be written, with a token that does not work, and changes nothing. */
  print?: boolean;
}

/**
 * `vigiles connect codex`: points Codex at the gateway with a token of its own. Done twice it changes nothing;
 * a token that does not work any more is replaced and its device revoked.
 */
export async function connectCodexVerb(options: ConnectOptions): Promise<void> {
  const home = homeOf(options.home);
  const api = connectApi(home);
  const baseUrl = await gatewayUrl(api);
  const file = readCodexFile(codexHome(options.codexHome));
  const before = file.text ?? '';
  const present = understood(file.path, () => tokenIn(before));

  if (options.print) {
    const model = options.model ?? (await namedModels(api))[0];
    const shown = { baseUrl, token: 'vgl_…', model };
    say(understood(file.path, () => connectCodex(before, shown)).trimEnd());
    note(`\nNothing was written. Without --print this goes to ${file.path}, with a token of its own.`);
    return;
  }

  const record = readRecord(home);
  const stillGood = present?.baseUrl === baseUrl && (await offeredModels(baseUrl, present.token)) !== null;
  if (present && stillGood) {
    const same = understood(file.path, () =>
      connectCodex(before, { baseUrl, token: present.token, model: options.model }),
    );
    if (same === before) return say(`Codex is connected already: ${file.path}`);
  }
  // Understood first, so that no device is made for a file that will be refused.
  understood(file.path, () => connectCodex(before, { baseUrl, token: 'x', model: options.model }));
  const issued = present && stillGood ? null : await newGatewayDevice(api, 'codex');
  const token = issued?.token ?? present?.token ?? '';
  const offered = (await offeredModels(baseUrl, token)) ?? [];
  const model = options.model ?? offered[0];
  const after = understood(file.path, () => connectCodex(before, { baseUrl, token, model }));

  const original = present ? null : before;
  if (original !== null && file.text !== null) replaceFile(file.backupPath, original, 0o600);
  replaceFile(file.path, after, 0o600);
  const modelWritten = !choosesModel(before) && model !== undefined;
  if (issued && record)
    await api.send('DELETE', `/api/v1/devices/${record.device_id}`).catch(() => undefined);
  writeRecord(home, {
    config_path: file.path,
    device_id: issued?.device.id ?? record?.device_id ?? '',
    written_sha256: sha256(after),
    existed: original === null ? (record?.existed ?? true) : file.text !== null,
    mode: original === null ? (record?.mode ?? 0o600) : file.mode,
    model_set: modelWritten ? model : original === null ? (record?.model_set ?? null) : null,
  });

  say(`Codex now works through Vigiles: ${file.path}`);
  if (file.text !== null && original !== null) say(`The file as it was: ${file.backupPath}`);
  say('Undo it with: vigiles disconnect codex');
  for (const text of connectionNotes(after)) note(text);
}
