import { readYaml } from '@vigiles/server';

/** Reads YAML that somebody else wrote, with the server's own parser. */
export const parseYaml = readYaml;
