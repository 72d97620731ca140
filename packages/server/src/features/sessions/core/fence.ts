/**
 * Whether an event says how an execution stands. Only who holds the session knows that: said by another device, it would show as
 * running what stands still, or settle commands that nobody carried out. What else happened may be told by every producer.
 */
export const saysHowItStands = (type: string): boolean => type.startsWith('execution:');
