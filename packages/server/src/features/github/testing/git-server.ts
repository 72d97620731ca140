import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const plain = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };

/** git with a name of its own and nobody's settings. */
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'init.defaultBranch=main', ...args],
    {
      cwd,
      env: { ...process.env, ...plain },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  ).trim();

/** `octo/hello.git` over HTTP by git itself (git-http-backend); nothing without the token. */
export async function startGitServer(token: string) {
  const root = mkdtempSync(join(tmpdir(), 'vigiles-git-'));
  const bare = join(root, 'octo', 'hello.git');
  execFileSync('mkdir', ['-p', join(root, 'octo')]);
  git(root, 'init', '-q', '--bare', bare);
  git(bare, 'config', 'http.receivepack', 'true');
  const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const urls: string[] = [];
  let look: () => void = () => {};
  const server = createServer((request, response) => {
    urls.push(request.url ?? '');
    look();
    if (request.headers.authorization !== expected) {
      return void response
        .writeHead(401, { 'www-authenticate': 'Basic realm="git"' })
        .end(`no: ${request.headers.authorization ?? ''}`);
    }
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        ...plain,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: request.headers['content-length'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'test',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(child.stdin);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.once('close', () => {
      const all = Buffer.concat(parts);
      const end = all.indexOf('\r\n\r\n');
      const head = all.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
      const headers = Object.fromEntries(
        head.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const { Status: status = '200', ...rest } = headers;
      response.writeHead(Number.parseInt(status, 10), rest).end(all.subarray(end + 4));
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    bare,
    root,
    urls,
    /** Called while git waits for each answer. */
    atRequest(listener: () => void): void {
      look = listener;
    },
    /** A commit of somebody else, straight in the repository; with a text it changes `file.txt`. */
    commit(message: string, text?: string): string {
      const work = mkdtempSync(join(root, 'work-'));
      git(work, 'clone', '-q', bare, '.');
      git(work, 'checkout', '-q', '-B', 'main');
      if (text !== undefined) {
        writeFileSync(join(work, 'file.txt'), text);
        git(work, 'add', 'file.txt');
      }
      git(work, 'commit', '-q', '--allow-empty', '-m', message);
      git(work, 'push', '-q', bare, 'HEAD:refs/heads/main');
      return git(work, 'rev-parse', 'HEAD');
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type GitServer = Awaited<ReturnType<typeof startGitServer>>;
