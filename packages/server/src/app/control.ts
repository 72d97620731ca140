import { composeControl, type Control, type ControlOptions } from './compose.ts';

/** A control that serves. `stop` ends it in order. */
export type RunningControl = Omit<Control, 'start'>;

/** Builds and starts control; what was opened is closed again when it cannot start. */
export async function startControl(options: ControlOptions): Promise<RunningControl> {
  const control = await composeControl(options);
  await control.start();
  const { host, port } = control.address();
  options.log.info({ host, port }, 'control is listening');
  return control;
}
