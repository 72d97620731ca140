/** Names the story of a fault of the catalogue at a target. */
export const keyOf = ({ target, fault }: { target: string; fault: string }): string => `${target}#${fault}`;
