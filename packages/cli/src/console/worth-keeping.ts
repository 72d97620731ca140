/** Forms of keys and tokens that are known by their beginning: GitHub, OpenAI and others, Slack, AWS, GitLab, age, JWT. */
const known = /\b(?:gh[pousr]_|github_pat_|sk-|xox[abprs]-|AKIA|glpat-|AIza|AGE-SECRET-KEY-|eyJ[\w-]{8,}\.)/;
/** `--token x`, `password=x`, `Authorization: x`. */
const named =
  /(?:--[\w-]*(?:token|password|passphrase|secret|key)[ =]|\b[\w-]*(?:token|password|passphrase|passwd|secret|api[-_]?key|authorization)\s*[=:])\s*\S/i;
const bearer = /\bbearer\s+\S/i;
const inAddress = /:\/\/[^\s/@:]*:[^\s/@]+@/;
/** Long and random: small and capital letters and digits without a space. Ids here have no capitals, addresses have slashes. */
const random = /(?:^|[\s'"=:])(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])(?=[\w+-]*\d)[\w+-]{24,}/;

/**
 * Whether a line of the console may stand in the history on disk. One that seems to hold a secret may not, nor one that begins with a
 * space, as in shells: losing a line costs less than keeping a password.
 */
export const isWorthKeeping = (line: string): boolean =>
  !line.startsWith(' ') && ![known, named, bearer, inAddress, random].some((form) => form.test(line));
