/** Work on a home folder in which nothing runs: what verbs need that must not wait for the whole server to load. */
export { FaultError, toFault } from '../kernel/fault.ts';
export { changeConfigFile, readConfigFile } from './config-file.ts';
export { secretsOf } from './secrets-of.ts';
