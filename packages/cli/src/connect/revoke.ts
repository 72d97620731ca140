import { createApi } from '../client/api.ts';
import { readControlFile } from '../client/control-file.ts';
import { note } from '../output/print.ts';

/** Ends an agent's device; says how to do it later when that does not work now. */
export async function revoke(home: string, deviceId: string): Promise<void> {
  const control = readControlFile(home);
  if (!control || deviceId === '') {
    if (deviceId !== '')
      note(`Vigiles is not running, so the token lives on. Later: vigiles device revoke ${deviceId}`);
    return;
  }
  const api = createApi(control.url, control.token, home);
  await api.send('DELETE', `/api/v1/devices/${encodeURIComponent(deviceId)}`).catch((thrown: unknown) => {
    note(
      `The device ${deviceId} could not be revoked: ${thrown instanceof Error ? thrown.message : 'unknown'}`,
    );
  });
}
