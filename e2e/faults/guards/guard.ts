/** A guard of the action runner or the AI, put to the test. */
export interface Guard {
  guard: string;
  saw: string;
  held: boolean;
}
