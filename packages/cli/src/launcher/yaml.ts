import { readYaml } from '@vigiles/server/read-yaml';

/** Reads YAML that somebody else wrote, with the server's own parser. */
export const parseYaml = readYaml;
