import { fork } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';

/**
 * A service that can be made to fail for real. `POST /leak?mb=N` takes memory and keeps it, `POST /exit?code=N` dies,
 * `POST /orphan` hands its port to a grandchild in a session of its own, which keeps it when the service is killed.
 */
const kept: Buffer[] = [];

function serve(server: Server): void {
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://toy');
    if (pathname === '/leak') kept.push(Buffer.alloc(Number(searchParams.get('mb')) * 1024 * 1024, 1));
    if (pathname === '/exit') {
      console.error('Error: something nobody thought of');
      process.exit(Number(searchParams.get('code')));
    }
    if (pathname === '/orphan') {
      const child = fork(fileURLToPath(import.meta.url), ['hold'], { detached: true, stdio: 'ignore' });
      child.send('hold this', server);
      child.once('message', () => {
        child.disconnect();
        child.unref();
        response.end('{"status":"held"}');
      });
      return;
    }
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
  });
}

if (process.argv[2] === 'hold') {
  // The socket is held and nobody answers on it: what an orphaned worker looks like from outside.
  process.once('message', (_text, handle) => {
    (handle as Server).on('connection', () => undefined);
    process.send?.('held');
    setInterval(() => undefined, 60_000);
  });
} else {
  const server = createServer();
  serve(server);
  server.once('error', (error) => {
    console.error(`Error: listen ${error.message}`);
    process.exit(98);
  });
  server.listen(Number(process.argv[2]), '127.0.0.1');
}
