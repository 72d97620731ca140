/**
 * The environment of checkers written in Go: they spend a fifth of their time collecting garbage, unless they may hold more of
 * it first. By the end that is no more memory than several checkers of one program take.
 */
export const rarelyCollecting: NodeJS.ProcessEnv = { GOGC: '400', ...process.env };
