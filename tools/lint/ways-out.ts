import { roomOf } from './room.ts';
import type { Breach } from './breach.ts';
import type { SourceFile } from './source-file.ts';

/** What of Node's own modules opens no connection: serving, telling addresses apart, and types. */
const harmless = new Set([
  'createServer',
  'Server',
  'IncomingMessage',
  'ServerResponse',
  'STATUS_CODES',
  'isIP',
  'isIPv4',
  'isIPv6',
  'rootCertificates',
  'TLSSocket',
  'WebSocketServer',
]);
const dialling =
  /^(node:(https?|http2|net|tls|dgram)|(https?|http2|net|tls|dgram)|undici(\/.*)?|ws|nodemailer(\/.*)?|.*\/http-client\/.*)$/;

/** Who may dial without the guarded way out, and why. Paths below `packages/server/src/`. */
const mayDial: Readonly<Record<string, string>> = {
  'platform/egress/': 'the guarded way out itself',
  'platform/dial/': 'what the guarded way out is made of',
  'platform/http-client/': 'whoever uses it has to stand here too',
  'platform/containers/': 'the socket of the container engine on this machine',
  'platform/process/': 'who listens here: this machine only, and pipes of child processes',
  'platform/socket/': 'serves WebSockets',
  'features/gateway/': 'providers, as the configuration has them: the gateway has rules of its own',
  'app/gateway-service.ts': 'the health of our own gateway on this machine',
  'features/watchdog/checks/': 'a check asks what people told it to watch, wherever that is',
  'features/watchdog/signals/logs/stream-lines.ts': 'the socket of the container engine on this machine',
  'features/mail/transport/': 'SMTP, to an address that egress has checked',
  'features/notifications/channels/email.ts': 'SMTP, to an address that egress has checked',
  'features/plugins/runtime/child/':
    'the pipe to control, in the process of a plugin, where sockets are shut',
};

/** One guarded way out: whatever else could open a connection is a breach, unless it stands in the list with its reason. */
export function checkWaysOut(file: SourceFile): Breach[] {
  const room = roomOf(file.path);
  if (room.package !== 'server' || room.test || room.layer === 'testing') return [];
  const inside = file.path.slice('packages/server/src/'.length);
  if (Object.keys(mayDial).some((allowed) => inside.startsWith(allowed))) return [];
  const say = (line: number, what: string): Breach => ({
    path: file.path,
    line,
    rule: 'egress',
    message: `${what}: what leaves this machine goes through platform/egress`,
  });
  return [
    ...file.imports
      .filter(({ request, names }) => dialling.test(request) && !names.every((name) => harmless.has(name)))
      .map(({ request, line }) => say(line, request)),
    ...file.dialLines.map((line) => say(line, 'a connection of its own')),
  ];
}
