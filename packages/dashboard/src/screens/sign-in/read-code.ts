/**
 * The code in what somebody pasted: the code itself, or the whole sign-in link. Empty when there is none.
 * Spaces come along when a code is copied from a terminal.
 */
export function readCode(pasted: string): string {
  const text = pasted.trim();
  const inLink = /[#?&]code=([^&\s]+)/.exec(text)?.[1];
  if (inLink !== undefined) {
    try {
      return decodeURIComponent(inLink);
    } catch {
      return inLink;
    }
  }
  return text.includes('://') ? '' : text.replaceAll(/\s+/g, '');
}
