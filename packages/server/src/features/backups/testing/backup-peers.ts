import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSignatureGate } from './signature-gate.ts';

const require = createRequire(import.meta.url);

interface S3rverApp {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}

/** An S3 store on the loopback (s3rver), behind a gate that verifies signatures with this secret. Its bucket is `backups`. */
export async function startS3(folder: string, secretAccessKey = 'S3RVER') {
  const S3rver = require('s3rver') as new (options: object) => S3rverApp;
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    allowMismatchedSignatures: false,
    configureBuckets: [{ name: 'backups', configs: [] }],
  });
  const { port } = await server.run();
  const gate = await startSignatureGate(port, secretAccessKey);
  return {
    port: gate.port,
    // The id is the library's own; the secret is the gate's to judge.
    accessKeyId: 'S3RVER',
    secretAccessKey,
    async close(): Promise<void> {
      await gate.close();
      await server.close();
    },
  };
}

interface DavUser {
  readonly username: string;
}
interface DavLibrary {
  v2: {
    SimpleUserManager: new () => { addUser(name: string, password: string, admin: boolean): DavUser };
    SimplePathPrivilegeManager: new () => { setRights(user: DavUser, path: string, rights: string[]): void };
    HTTPBasicAuthentication: new (users: unknown, realm: string) => object;
    PhysicalFileSystem: new (folder: string) => object;
    WebDAVServer: new (options: object) => {
      setFileSystemAsync(path: string, system: object): Promise<boolean>;
      startAsync(port?: number): Promise<Server>;
      stopAsync(): Promise<void>;
    };
  };
}

/** A WebDAV server on the loopback (webdav-server) with Basic authentication; `files` is the folder that it serves. */
export async function startDav(folder: string) {
  const { v2 } = require('webdav-server') as DavLibrary;
  const users = new v2.SimpleUserManager();
  const user = users.addUser('me', 'dav-password', false);
  const rights = new v2.SimplePathPrivilegeManager();
  rights.setRights(user, '/', ['all']);
  const server = new v2.WebDAVServer({
    requireAuthentification: true,
    httpAuthentication: new v2.HTTPBasicAuthentication(users, 'test'),
    privilegeManager: rights,
    port: 0,
    hostname: '127.0.0.1',
  });
  const files = join(folder, 'dav');
  mkdirSync(files, { recursive: true });
  await server.setFileSystemAsync('/', new v2.PhysicalFileSystem(files));
  const http = await server.startAsync(0);
  while (http.address() === null) await delay(5);
  const { port } = http.address() as AddressInfo;
  return {
    port,
    files,
    list: (): string[] => readdirSync(files),
    read: (name: string): Buffer => readFileSync(join(files, name)),
    close: () => server.stopAsync(),
  };
}
