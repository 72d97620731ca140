/** What may be written down of an address: its query may hold keys. */
export const placeOf = (address: string): string => {
  if (!URL.canParse(address)) return 'no address';
  const { origin, pathname } = new URL(address);
  return (origin + pathname).slice(0, 300);
};
