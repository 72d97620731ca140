import { createServer } from 'node:http';

/**
 * The demo's service, a process of its own: it does small jobs until it is given one that it cannot bear.
 * Arguments: the port.
 */
const port = Number(process.argv[2]);
let jobs = 0;

createServer((request, response) => {
  if (request.url === '/health') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'ok', version: '1.0.0', jobs }));
    return;
  }
  if (request.method === 'POST' && request.url === '/jobs/poisoned') {
    process.stderr.write('Error: cannot read properties of undefined (reading "total")\n');
    process.exit(1);
  }
  jobs += 1;
  response.end(JSON.stringify({ job: jobs }));
}).listen(port, '127.0.0.1');
