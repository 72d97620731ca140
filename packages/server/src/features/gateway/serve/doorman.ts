import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { allows, type Identity } from '@vigiles/contract';
import type { ProtocolName, WireError } from '@vigiles/wire';
import type { GatewayCore } from '../gateway-core.ts';
import { gatewayError, sendError } from '../turn/send-error.ts';
import { keyInQuery } from './gemini-address.ts';
import type { GatewayResponse } from './messages.ts';
import { tokenOf, type TokenDoor } from './token.ts';

/** What happens with a request whose token may send model traffic. */
export type Admitted = (
  req: IncomingMessage,
  res: GatewayResponse,
  client: ProtocolName,
  identity: Identity,
) => void;

/** Looks at tokens, and turns away in the client's own envelope. */
export interface Doorman {
  /** Calls `next` with who the token stands for, where it may send model traffic; answers the request otherwise. */
  admit(req: IncomingMessage, res: GatewayResponse, client: ProtocolName, next: Admitted): void;
  /** Who a request comes from, or what to answer it with. For what is not answered over HTTP. */
  identify(req: IncomingMessage, client: ProtocolName): Promise<Identity | WireError>;
  /** Whether control itself asks. */
  bySecret(req: IncomingMessage): boolean;
  refuse(req: IncomingMessage, res: GatewayResponse, client: ProtocolName, error: WireError): void;
}

/** @param secret what control proves itself with */
export function createDoorman(core: GatewayCore, door: TokenDoor<Identity>, secret: string): Doorman {
  function bySecret(req: IncomingMessage): boolean {
    const given = tokenOf(req.headers);
    if (given?.length !== secret.length) return false;
    return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(secret, 'latin1'));
  }

  function refuse(req: IncomingMessage, res: GatewayResponse, client: ProtocolName, error: WireError): void {
    req.resume();
    sendError(res, client, error, core.draining);
  }

  /** What is known at once; undefined: the token has to be looked up. */
  function peek(req: IncomingMessage, token: string): Identity | null {
    return bySecret(req) ? controlIdentity(req) : door.peek(token);
  }

  function failed(thrown: unknown): WireError {
    core.log.error({ err: thrown }, 'a token could not be checked');
    return gatewayError('overloaded', 'Tokens cannot be checked at the moment.', { retryAfterMs: 2000 });
  }

  return {
    bySecret,
    refuse,
    admit(req, res, client, next) {
      const token = givenToken(req, client);
      if (token === undefined) {
        refuse(req, res, client, noToken(client));
        return;
      }
      const judge = (identity: Identity | null): void => {
        const error = objection(identity);
        if (error) refuse(req, res, client, error);
        else if (identity) next(req, res, client, identity);
      };
      const known = peek(req, token);
      if (known) judge(known);
      else {
        door.authenticate(token).then(judge, (thrown: unknown) => refuse(req, res, client, failed(thrown)));
      }
    },
    async identify(req, client) {
      const token = givenToken(req, client);
      if (token === undefined) return noToken(client);
      try {
        const identity = peek(req, token) ?? (await door.authenticate(token));
        return objection(identity) ?? (identity as Identity);
      } catch (thrown) {
        return failed(thrown);
      }
    },
  };
}

/** Gemini's clients may also send their key in the URL. */
export const givenToken = (req: IncomingMessage, client: ProtocolName): string | undefined =>
  tokenOf(req.headers) ?? (client === 'gemini' ? keyInQuery(req.url) : undefined);

export const unauthorized = (message: string): WireError =>
  gatewayError('auth', message, { code: 'invalid_api_key' });

const noToken = (client: ProtocolName): WireError =>
  unauthorized(
    `A token is needed: send it as \`Authorization: Bearer\` or \`${client === 'gemini' ? 'x-goog-api-key' : 'x-api-key'}\`.`,
  );

function objection(identity: Identity | null): WireError | undefined {
  if (!identity) return unauthorized('The token is not valid, or it was revoked.');
  if (allows(identity, 'gateway')) return undefined;
  return gatewayError('permission', 'This token may not send model traffic: it lacks the scope `gateway`.');
}

/** Control asks for one of its own devices: limits and ledger count it there. */
function controlIdentity(req: IncomingMessage): Identity {
  const named = req.headers['x-vigiles-device'];
  const deviceId = typeof named === 'string' && named !== '' ? named.slice(0, 64) : 'control';
  return { kind: 'device', deviceId, name: deviceId, scopes: ['gateway'] };
}
