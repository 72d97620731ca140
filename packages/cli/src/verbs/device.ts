import {
  Scope,
  type Device,
  type DeviceAuthorization,
  type IssuedToken,
  type Pairing,
} from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { bold, dim } from '../output/style.ts';
import { note, say, sayJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { ago } from '../output/units.ts';

interface Options {
  home?: string;
  json?: boolean;
}

function readScopes(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = Scope.safeParse(name.trim());
    if (scope.success) return scope.data;
    throw new CliError(
      `There is no scope "${name.trim()}". Scopes: ${Scope.options.join(', ')}.`,
      exitCode.usage,
    );
  });
}

/** A code that the device types in, or with `--token` the token itself for a program on this machine. */
export async function pairDevice(
  name: string,
  { home, json, scopes, token }: Options & { scopes: string; token?: boolean },
): Promise<void> {
  const api = connect(homeOf(home));
  const pairing = await api.send<Pairing>('POST', '/api/v1/devices/pairings', {
    name,
    scopes: readScopes(scopes),
  });
  if (!token) {
    if (json) return sayJson(pairing);
    say(`${bold(pairing.code)}   ${dim('valid for five minutes, one use')}`);
    return say(`Type it in on the device, or: POST ${api.url}/auth/pair {"code":"…"}`);
  }
  const issued = await api.send<IssuedToken>('POST', '/auth/pair', { code: pairing.code, name });
  if (json) return sayJson(issued);
  note('The token is shown only now:');
  say(issued.token);
}

export async function listDevices({ home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ devices: (Device & { kind: string })[] }>(
    '/api/v1/devices',
  );
  if (json) return sayJson(answer);
  say(
    table(
      [
        { title: 'ID' },
        { title: 'NAME', flexible: true },
        { title: 'KIND' },
        { title: 'SCOPES', flexible: true },
        { title: 'LAST SEEN', align: 'right' },
      ],
      answer.devices.map((device) => [
        device.id,
        device.name,
        device.kind,
        device.scopes.join(', '),
        device.last_seen_at === null ? 'never' : ago(device.last_seen_at),
      ]),
    ),
  );
}

/** Lets the program in that shows this code, or turns it away. */
export async function approveDevice(
  code: string,
  { home, json, scopes, name, deny }: Options & { scopes?: string; name?: string; deny?: boolean },
): Promise<void> {
  const api = connect(homeOf(home));
  const path = '/api/v1/devices/authorizations';
  const send = (verb: string, more: object = {}) =>
    api.send<{ authorization: DeviceAuthorization }>('POST', `${path}/${verb}`, { user_code: code, ...more });
  if (deny) {
    const answer = await send('deny');
    if (json) sayJson(answer);
    else say(`${answer.authorization.client_name} is turned away.`);
    return;
  }
  const wanted = scopes === undefined ? (await send('lookup')).authorization.scopes : readScopes(scopes);
  const answer = await send('approve', { scopes: wanted, ...(name === undefined ? {} : { name }) });
  if (json) return sayJson(answer);
  const { client_name: asked, asked_from: from } = answer.authorization;
  say(`${name ?? asked}, from ${from}, is let in with: ${wanted.join(', ')}.`);
}

export async function rotateDevice(
  id: string,
  { home, json, overlap = 0 }: Options & { overlap?: number },
): Promise<void> {
  const issued = await connect(homeOf(home)).send<IssuedToken>(
    'POST',
    `/api/v1/devices/${encodeURIComponent(id)}/rotate`,
    { overlap_s: overlap },
  );
  if (json) return sayJson(issued);
  note(overlap > 0 ? `The old token ends in ${overlap} s.` : 'The old token has ended.');
  note('The new one is shown only now:');
  say(issued.token);
}

export async function revokeDevice(id: string, { home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).send<{ device: Device }>(
    'DELETE',
    `/api/v1/devices/${encodeURIComponent(id)}`,
  );
  if (json) return sayJson(answer);
  say(`${answer.device.name} is revoked.`);
}
