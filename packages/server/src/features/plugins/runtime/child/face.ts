/**
 * What `@vigiles/sdk/plugin` exports, as a plugin's process has it: the same names, tested against it. It is text, because it
 * becomes a module of its own.
 */
export const faceSource = `
const same = (value) => value;
export const definePlugin = same;
export const defineCheck = same;
export const defineAction = same;
export const defineChannel = same;
export const defineProvider = same;
export const defineToolCallFormat = same;
export const healthy = (facts = {}) => ({ state: 'ok', facts });
export const failing = (reason, facts = {}) => ({ state: 'failing', reason, facts });
export const unknown = (reason, facts = {}) => ({ state: 'unknown', reason, facts });
export const sent = (answer = '') => ({ ok: true, answer });
export const refused = (reason) => ({ ok: false, again: false, reason });
export const later = (reason, waitMs) => ({ ok: false, again: true, reason, ...(waitMs === undefined ? {} : { waitMs }) });
`;
