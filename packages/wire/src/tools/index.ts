export { fitCallId, type CallIdRule } from './call-ids.ts';
export { customToolAsFunction, unwrapCustomInput, wrapCustomInput } from './custom-input.ts';
export { flattenTools } from './flatten-tools.ts';
export { createToolNames, plainToolNames } from './tool-names.ts';
