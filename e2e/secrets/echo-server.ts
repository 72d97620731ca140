import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that repeats all that it was sent. Below `/good` it does what it was asked for; below `/bad` it refuses, with address,
 * headers and body of the request in its refusal. Below `/late` it refuses behind status 200, in a stream after a word.
 */
export async function startEcho() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const { url = '', headers, method } = request;
      const said = JSON.stringify({ method, url, headers, body });
      heard.push(said);
      const good = url.startsWith('/good');
      const answer = good
        ? {
            id: 'c',
            object: 'chat.completion',
            created: 1,
            model: 'm',
            choices: [{ index: 0, message: { role: 'assistant', content: 'Done.' }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
          }
        : {
            error: { message: `Refused: ${said} ${headers.authorization ?? ''}`, code: 'invalid_api_key' },
            error_description: said,
            message: said,
          };
      if (url.startsWith('/late') && body.includes('"stream":true')) {
        const delta = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
        const chunk = { ...delta, choices: [{ index: 0, delta: { role: 'assistant', content: 'Well' } }] };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        // Apart, so that the word has reached the client before the refusal comes.
        response.write(`data: ${JSON.stringify(chunk)}\n\n`);
        setTimeout(() => response.end(`data: ${JSON.stringify(answer)}\n\n`), 200);
        return;
      }
      response
        .writeHead(good || url.startsWith('/late') ? 200 : 400, {
          'content-type': 'application/json',
          'x-echo': encodeURIComponent(url),
        })
        .end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    place,
    url: `http://${place}`,
    /** Whether a request held this text: in its address, headers or body. */
    heard: (text: string): boolean => heard.some((one) => one.includes(text)),
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
