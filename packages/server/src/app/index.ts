export { composeControl, type Control, type ControlOptions } from './compose.ts';
export { startControl, type RunningControl } from './control.ts';
export type { ControlExtension, ControlKit, Extend } from './extension.ts';
export { controlOpenApi } from './openapi.ts';
export { migrations } from './migrations.ts';
export { version } from './version.ts';
