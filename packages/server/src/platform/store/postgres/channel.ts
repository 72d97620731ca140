/** The NOTIFY channel on which commits are told; the payload is the `instance` of the store that committed. */
export const commitChannel = 'vigiles_commit';
