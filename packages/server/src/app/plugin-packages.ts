import { resolve } from 'node:path';
import { PluginsConfig } from '@vigiles/contract';
import { inspectPackage, packFolder, packageLimits } from '../features/plugins/packages.ts';

/** Work on packages that needs no running Vigiles: what verbs of authors need, without loading the whole server. */
export { FaultError } from '../kernel/fault.ts';

const limits = packageLimits(PluginsConfig.parse({}));

/** Makes a package of a folder. @param target where it is written */
export const packPlugin = (folder: string, target: string) =>
  packFolder(resolve(folder), resolve(target), limits);

/** Reads a package as an installation would, and writes nothing. */
export const inspectPlugin = (file: string) => inspectPackage(resolve(file), null, limits);
