import { hostname, userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { readControlFile } from '../client/control-file.ts';
import { readRemote, removeRemote, writeRemote } from '../client/remote-file.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { note, say, sayJson } from '../output/print.ts';
import { bold, dim } from '../output/style.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const clientId = 'vigiles-cli';

interface Asked {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval?: number;
}

interface Granted {
  access_token: string;
  device_id: string;
  scope: string;
}

/** Any answer of these endpoints. */
type Answered = Partial<Asked & Granted> & {
  error?: string;
  error_description?: string;
};

/** The address without what a person pastes along with it. */
function originOf(text: string): string {
  const full = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) throw new CliError(`“${text}” is no address.`, exitCode.usage);
  return new URL(full).origin;
}

async function form(url: string, fields: Record<string, string>): Promise<{ ok: boolean; body: Answered }> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      // A redirect could lead the code elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    throw new CliError(`${new URL(url).origin} cannot be reached.`, exitCode.notRunning);
  }
  const body = (await answer.json().catch(() => null)) as Answered | null;
  if (body === null) throw new CliError(`${new URL(url).origin} is no Vigiles.`);
  return { ok: answer.ok, body };
}

/** Waits for somebody to approve, as slowly as it is told to. RFC 8628 §3.5. */
async function waitForToken(origin: string, asked: Asked): Promise<Granted> {
  const until = performance.now() + asked.expires_in * 1000;
  let intervalS = asked.interval ?? 5;
  for (;;) {
    await delay(intervalS * 1000);
    const { ok, body } = await form(`${origin}/oauth/token`, {
      grant_type: deviceGrant,
      client_id: clientId,
      device_code: asked.device_code,
    }).catch((thrown: unknown): { ok: boolean; body: Answered } => {
      // A network that fails for a moment is no refusal.
      if (performance.now() > until) throw thrown;
      return { ok: false, body: { error: 'authorization_pending' } };
    });
    if (ok && body.access_token) return body as Granted;
    if (body.error === 'slow_down') intervalS += 5;
    else if (body.error === 'access_denied') throw new CliError('It was denied.', exitCode.refused);
    else if (body.error === 'expired_token' || performance.now() > until)
      throw new CliError('Nobody approved it in time. Try again.');
    else if (body.error !== 'authorization_pending')
      throw new CliError(body.error_description ?? `It was refused: ${body.error ?? 'unknown'}.`);
  }
}

/** `vigiles login <url>`: this home may talk to the Vigiles there, once a person has approved the code. RFC 8628. */
export async function login(
  address: string,
  { home, json, scopes, name }: Options & { scopes: string; name?: string },
): Promise<void> {
  const folder = homeOf(home);
  const origin = originOf(address);
  const { protocol, hostname: host } = new URL(origin);
  if (protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(host))
    note('This address is not encrypted: whoever is on the way can read the token.');
  const asked = await form(`${origin}/oauth/device_authorization`, {
    client_id: clientId,
    client_name: name ?? `${userInfo().username}@${hostname()}`.slice(0, 80),
    scope: scopes
      .split(',')
      .map((scope) => scope.trim())
      .join(' '),
  });
  if (!asked.ok || !asked.body.device_code)
    throw new CliError(asked.body.error_description ?? `${origin} does not take it.`);
  const shown = asked.body as Asked;
  note(`Open ${shown.verification_uri} and type in`);
  note('');
  note(`    ${bold(shown.user_code)}`);
  note('');
  note(dim(`or open ${shown.verification_uri_complete}`));
  const given = await waitForToken(origin, shown);
  writeRemote(folder, { url: origin, token: given.access_token, deviceId: given.device_id });
  if (readControlFile(folder))
    note('A Vigiles runs on this home: verbs go on talking to that one while it runs.');
  const done = { url: origin, device_id: given.device_id, scopes: given.scope.split(' ') };
  if (json) sayJson(done);
  else say(`Signed in at ${origin}: ${done.scopes.join(', ')}.`);
}

/** `vigiles logout`: gives the token back, which ends this device there, and forgets it. */
export async function logout({ home, json }: Options): Promise<void> {
  const folder = homeOf(home);
  const remote = readRemote(folder);
  if (!remote) throw new CliError('This home is signed in nowhere.');
  let revoked = false;
  try {
    revoked = (await form(`${remote.url}/oauth/revoke`, { token: remote.token, client_id: clientId })).ok;
  } catch {
    // It is forgotten here all the same; said below.
  }
  removeRemote(folder);
  if (json) return sayJson({ url: remote.url, revoked });
  say(`Signed out of ${remote.url}.`);
  if (!revoked) note(`It could not be told. Revoke the device ${remote.deviceId} there.`);
}
